import { formatAddress, formatPrefix, type Family, type Prefix } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';
import type { Delivery } from './engine.ts';
import { setName, setText, sourceMatch, type BlockSet, type Purpose } from './nft-sets.ts';

/** The table that is the engine's own; nothing outside is touched. */
export const TABLE = 'inet waymark';

/** Takes the table away, whether it is there or not. */
export const REMOVAL = `add table ${TABLE}\ndelete table ${TABLE}\n`;

const REFUSALS: Readonly<Record<Exclude<Purpose, 'page'>, readonly string[]>> = {
  reset: ['meta l4proto tcp reject with tcp reset', 'reject with icmpx port-unreachable'],
  prohibit: ['reject with icmpx admin-prohibited'],
  drop: ['drop'],
};
const PURPOSES = Object.keys(REFUSALS) as (keyof typeof REFUSALS)[];

/**
 * The whole table as a text for `nft -f`, without decisions. A new connection to the site's ports is redirected before any
 * other translation; one that is open already is reset, so that the next one is redirected; UDP to the same ports
 * (HTTP/3) is refused, so that browsers take TCP; the page's own ports answer nobody who was not redirected.
 */
export function tableText({ ports, allowed }: Delivery): string {
  const site = list(ports.map((p) => p.site));
  const page = list(ports.map((p) => p.page));
  const unlessAllowed = ['ip saddr @allowed4 return', 'ip6 saddr @allowed6 return'];
  const chains = [
    chain('to-page', ...ports.map((p) => `tcp dport ${p.site} redirect to :${p.page}`)),
    chain('to-end', ...REFUSALS.reset),
    ...PURPOSES.map((p) => chain(`to-${p}`, ...REFUSALS[p])),
    chain('new'),
    chain('open'),
    ...PURPOSES.map((p) => chain(`rest-${p}`)),
    chain(
      'rest',
      'ct direction reply return',
      ...unlessAllowed,
      `ct status dnat tcp dport ${page} return`,
      `meta l4proto { tcp, udp } th dport ${site} goto open`,
      ...PURPOSES.map((p) => `jump rest-${p}`),
    ),
    base('prerouting', 'nat', 'dstnat', ...unlessAllowed, `tcp dport ${site} jump new`),
    base('input', 'filter', 'filter', `tcp dport ${page} ct status ! dnat reject with tcp reset`, 'jump rest'),
    base('forward', 'filter', 'filter', 'jump rest'),
  ];
  const sets = [allowedSet(4, allowed), allowedSet(6, allowed)];
  return `${REMOVAL}table ${TABLE} {\n${[...sets, ...chains].join('')}}\n`;
}

const base = (hook: string, type: string, priority: string, ...lines: readonly string[]): string =>
  chain(hook, `type ${type} hook ${hook} priority ${priority} - 10; policy accept;`, ...lines);

const chain = (name: string, ...lines: readonly string[]): string =>
  `	chain ${name} {\n${lines.map((l) => `\t\t${l}\n`).join('')}	}\n`;

const list = (numbers: readonly number[]): string => `{ ${[...new Set(numbers)].join(', ')} }`;

function allowedSet(family: Family, allowed: readonly Prefix[]): string {
  const own = allowed.filter((p) => p.address.family === family).map(formatPrefix);
  const elements = own.length === 0 ? '' : ` elements = { ${own.join(', ')} }`;
  return `	set allowed${family} { type ipv${family}_addr; flags interval; auto-merge;${elements} }\n`;
}

/** Commands that make a set and the rules which ask it. */
export function newSetText(set: BlockSet): string {
  const rules: readonly (readonly [string, string])[] =
    set.purpose === 'page'
      ? [
          ['new', 'to-page'],
          ['open', 'to-end'],
        ]
      : [[`rest-${set.purpose}`, `to-${set.purpose}`]];
  const added = rules.map(([from, to]) => `add rule ${TABLE} ${from} ${sourceMatch(set)} goto ${to}\n`);
  return `add ${setText(set).replace('set ', `set ${TABLE} `)}\n${added.join('')}`;
}

/** An element with the time it has left: `10.0.0.1 timeout 3600000ms`; without, it stays. */
export function elementText({ prefix, until }: Pick<Decision, 'prefix' | 'until'>, now: number): string {
  const address = formatAddress(prefix.address);
  return until === null ? address : `${address} timeout ${Math.max(1, until - now)}ms`;
}

/** Elements in one command each 5,000: nft holds a whole command in memory. */
export function addText(set: BlockSet, elements: readonly string[]): string {
  const commands: string[] = [];
  for (let i = 0; i < elements.length; i += 5000)
    commands.push(`add element ${TABLE} ${setName(set)} { ${elements.slice(i, i + 5000).join(', ')} }\n`);
  return commands.join('');
}

/** Takes an element away, whether it is there or not, in one transaction. */
export function deleteText(set: BlockSet, prefix: Prefix): string {
  const element = `${TABLE} ${setName(set)} { ${formatAddress(prefix.address)} }\n`;
  return `add element ${element}delete element ${element}`;
}
