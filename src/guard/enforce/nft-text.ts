import { formatAddress, formatPrefix, type Family, type Prefix } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';
import { ElementBytes } from './element-bytes.ts';
import type { Delivery, PageServer, Way } from './engine.ts';
import { leadRules } from './nft-lead.ts';
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
const FAMILIES: readonly Family[] = [4, 6];
const PURPOSES = Object.keys(REFUSALS) as (keyof typeof REFUSALS)[];

/**
 * The whole table as a text for `nft -f`, without decisions. A new connection to the site's ports is redirected before any
 * other translation; one that is open already is reset, so that the next one is redirected; UDP to the same ports
 * (HTTP/3) is refused, so that browsers take TCP; the page's own ports on this machine answer nobody who was not redirected.
 */
export function tableText(delivery: Delivery, alive: readonly PageServer[]): string {
  const { ports, allowed, way } = delivery;
  const site = list(ports.map((p) => p.site));
  const page = list(ports.map((p) => p.page));
  const unlessAllowed = ['ip saddr @allowed4 return', 'ip6 saddr @allowed6 return'];
  const chains = [
    ...FAMILIES.flatMap((family) => {
      const rules = leadRules(delivery, family, alive);
      return [chain(`to-page${family}`, ...rules.page), chain(`to-end${family}`, ...rules.end)];
    }),
    ...PURPOSES.map((p) => chain(`to-${p}`, ...REFUSALS[p])),
    chain('new'),
    chain('open'),
    ...PURPOSES.map((p) => chain(`rest-${p}`)),
    chain(
      'rest',
      'ct direction reply return',
      ...unlessAllowed,
      ...ledRules(way, page),
      // the port that the visitor asked for, whoever else translated it
      `meta l4proto { tcp, udp } ct original proto-dst ${site} goto open`,
      ...PURPOSES.map((p) => `jump rest-${p}`),
    ),
    base('prerouting', way.kind === 'mark' ? MANGLE : NAT, ...unlessAllowed, `tcp dport ${site} jump new`),
    base(
      'input',
      FILTER,
      ...(way.kind === 'here' ? [`tcp dport ${page} ct status ! dnat reject with tcp reset`] : []),
      'jump rest',
    ),
    base('forward', FILTER, 'jump rest'),
  ];
  const sets = [allowedSet(4, allowed), allowedSet(6, allowed)];
  return `${REMOVAL}table ${TABLE} {\n${[...sets, ...chains].join('')}}\n`;
}

/** Lets those pass that were led to the page. */
function ledRules(way: Way, page: string): readonly string[] {
  if (way.kind === 'mark') return [];
  if (way.kind === 'here') return [`ct status dnat tcp dport ${page} return`];
  return FAMILIES.flatMap((family) => {
    const own = way.servers.filter((s) => s.address.family === family).map((s) => formatAddress(s.address));
    const to = `${family === 4 ? 'ip' : 'ip6'} daddr ${list(own)}`;
    return own.length === 0 ? [] : [`ct status dnat ${to} tcp dport ${page} return`];
  });
}

const NAT = ['nat', 'dstnat'] as const;
const MANGLE = ['filter', 'mangle'] as const;
const FILTER = ['filter', 'filter'] as const;

/** Leads to those page servers instead of those before, in one transaction. */
export const leadText = (delivery: Delivery, alive: readonly PageServer[]): string =>
  FAMILIES.flatMap((family) => {
    const rules = leadRules(delivery, family, alive);
    return Object.entries({ [`to-page${family}`]: rules.page, [`to-end${family}`]: rules.end });
  })
    .map(([name, rules]) => [`flush chain ${TABLE} ${name}`, ...rules.map((r) => `add rule ${TABLE} ${name} ${r}`)])
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
    .join('');

const base = (hook: string, [type, priority]: readonly [string, string], ...lines: readonly string[]): string =>
  chain(hook, `type ${type} hook ${hook} priority ${priority} - 10; policy accept;`, ...lines);

const chain = (name: string, ...lines: readonly string[]): string =>
  `	chain ${name} {\n${lines.map((l) => `\t\t${l}\n`).join('')}	}\n`;

const list = (members: readonly (number | string)[]): string => `{ ${[...new Set(members)].join(', ')} }`;

const allowedOf = (family: Family, allowed: readonly Prefix[]): string =>
  allowed
    .filter((p) => p.address.family === family)
    .map(formatPrefix)
    .join(', ');

/** Commands that put these into the sets of the allowed instead of those before, in one transaction. */
export const allowText = (allowed: readonly Prefix[]): string =>
  FAMILIES.map((family) => {
    const own = allowedOf(family, allowed);
    const set = `${TABLE} allowed${family}`;
    return `flush set ${set}\n${own === '' ? '' : `add element ${set} { ${own} }\n`}`;
  }).join('');

function allowedSet(family: Family, allowed: readonly Prefix[]): string {
  const own = allowedOf(family, allowed);
  const elements = own === '' ? '' : ` elements = { ${own} }`;
  return `	set allowed${family} { type ipv${family}_addr; flags interval; auto-merge;${elements} }\n`;
}

/** Commands that make a set and the rules which ask it. */
export function newSetText(set: BlockSet): string {
  const rules: readonly (readonly [string, string])[] =
    set.purpose === 'page'
      ? [
          ['new', `to-page${set.family}`],
          ['open', `to-end${set.family}`],
        ]
      : [[`rest-${set.purpose}`, `to-${set.purpose}`]];
  const added = rules.map(([from, to]) => `add rule ${TABLE} ${from} ${sourceMatch(set)} goto ${to}\n`);
  return `add ${setText(set).replace('set ', `set ${TABLE} `)}\n${added.join('')}`;
}

/** Adds a decision's element with the time it has left, if it has an end. */
export function addText(set: BlockSet, { prefix, until }: Pick<Decision, 'prefix' | 'until'>, now: number): string {
  const element = new ElementBytes();
  element.add(prefix.address, until === null ? null : until - now);
  return `add element ${TABLE} ${setName(set)} { ${element.bytes.toString('latin1')} }\n`;
}

/** Takes an element away, whether it is there or not, in one transaction. */
export function deleteText(set: BlockSet, prefix: Prefix): string {
  const element = `${TABLE} ${setName(set)} { ${formatAddress(prefix.address)} }\n`;
  return `add element ${element}delete element ${element}`;
}
