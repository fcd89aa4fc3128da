import { formatAddress, formatPrefix, parseAddress, parsePrefix, samePrefix, type Diagnostic, type Parsed, type Prefix } from '../../ip/index.ts'; // prettier-ignore
import { TABLE, type Route, type RouteType } from '../../model/index.ts';
import { upTo } from '../iproute2/names.ts';
import type { Word, WordReader } from '../iproute2/words.ts';
import { hasMetric } from '../persist.ts';
import type { RouteDialect, RouteLimits } from '../route-dialect.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { routeOf, type HopParts } from '../route-parts.ts';

const LIMITS: RouteLimits = {
  families: [4, 6],
  rejects: ['unreachable', 'blackhole'],
  lacks: ['type', 'other-family', 'tos', 'source', 'mtu', 'onlink', 'scope', 'weight'],
  metric: [1, 254],
  table: [1, 200],
  devices: /^[a-z][\w.@-]*$/,
  metricIs: 'a distance, of which static routes have 1 when none is said',
};
const ADVICE = ["type it below 'configure', then 'commit-confirm 5', 'confirm' and 'save'"];
const LINE = /^\s*(\S+[#$>]\s*)?set\s+protocols\s+static\s+/m;
/** What only EdgeOS and VyOS before 1.3 write. */
const OLD = /\s(interface-route6?|next-hop-interface)\s/;

/** VyOS 1.3 and newer: `set protocols static`. Source: VyOS documentation, static routing. */
export const vyosRoutes: RouteDialect = {
  name: 'vyos',
  words: [],
  title: 'VyOS',
  limits: LIMITS,
  recognise: (text) => (LINE.test(text) ? (OLD.test(text) ? 'maybe' : 'yes') : 'no'),
  parse: parseStatic,
  print: (routes) =>
    routes
      .flatMap((r) => commands(r, false))
      .map((line) => `${line}\n`)
      .join(''),
  advice: () => ADVICE,
};

/** EdgeOS: the same with `interface-route` for routes without a gateway, and without `reject`. */
export const edgeosRoutes: RouteDialect = {
  name: 'edgeos',
  words: ['edgerouter'],
  title: 'EdgeOS',
  limits: { ...LIMITS, rejects: ['blackhole'], lacks: [...LIMITS.lacks, 'device'] },
  recognise: (text) => (LINE.test(text) ? (OLD.test(text) ? 'yes' : 'maybe') : 'no'),
  parse: parseStatic,
  print: (routes) =>
    routes
      .flatMap((r) => commands(r, true))
      .map((line) => `${line}\n`)
      .join(''),
  advice: () => ADVICE,
};

function commands(route: Route, isOld: boolean): readonly string[] {
  const { prefix, nexthops } = route;
  const six = prefix.address.family === 6 ? '6' : '';
  const table = route.table === TABLE.main ? '' : `table ${route.table} `;
  const at = (word: string): string => `set protocols static ${table}${word}${six} ${formatPrefix(prefix)}`;
  const distance = (line: string): readonly string[] => (hasMetric(route) ? [`${line} distance ${route.metric}`] : []);
  if (nexthops.length === 0) {
    const line = `${at('route')} ${route.type === 'blackhole' ? 'blackhole' : 'reject'}`;
    return [line, ...distance(line)];
  }
  return nexthops.flatMap(({ via, dev }) => {
    const direct = isOld ? `${at('interface-route')} next-hop-interface` : `${at('route')} interface`;
    const line = via ? `${at('route')} next-hop ${formatAddress(via)}` : `${direct} ${dev!}`;
    return [dev !== undefined && via ? `${line} interface ${dev}` : line, ...distance(line)];
  });
}

interface Draft {
  readonly prefix: Prefix;
  readonly table: number | undefined;
  readonly line: Line;
  readonly hops: HopParts[];
  type: RouteType;
  metric?: number;
  damaged: boolean;
}

/** Several lines say one route; what is no static route is passed over. */
function parseStatic(text: string, source: string): Parsed<readonly Route[]> {
  const drafts: Draft[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const line of linesOf(text, source)) {
    const reader = readerOf(line);
    if (/[#$>]$/.test(reader.peek() ?? '')) reader.next();
    if (reader.take('set') && reader.take('protocols') && reader.take('static')) readSetting(reader, drafts, line);
    else if (reader.peek() === 'delete') reader.note('line-not-modelled', 'this takes something away', undefined, 'write the routes that are there'); // prettier-ignore
    diagnostics.push(...reader.diagnostics);
  }
  const whole = drafts.filter((d) => !d.damaged && (d.hops.length > 0 || d.type !== 'unicast'));
  return { value: whole.map((d) => routeOf(d, factOf(d.line))), diagnostics };
}

function readSetting(reader: WordReader, drafts: Draft[], line: Line): void {
  const key = reader.peek() === 'table' ? reader.next() : undefined;
  const table = key && reader.value(key, 'a number', upTo(200));
  if (!reader.take('route', 'route6', 'interface-route', 'interface-route6')) return;
  const word = reader.next();
  const prefix = word && reader.read(word, (text) => parsePrefix(text.replace(/^(["'])(.*)\1$/, '$2')));
  if (!prefix) return;
  let draft = drafts.find((d) => samePrefix(d.prefix, prefix) && d.table === table);
  if (!draft) drafts.push((draft = { prefix, table, line, hops: [], type: 'unicast', damaged: false }));
  let hop: HopParts | undefined;
  for (let at = reader.next(); at; at = reader.next()) hop = readKey(reader, draft, at, hop);
  if (reader.diagnostics.some((d) => d.severity === 'error')) draft.damaged = true;
}

/** Reads one word and its value; the next hop that it belongs to, or that it begins, is returned. */
function readKey(reader: WordReader, draft: Draft, key: Word, hop: HopParts | undefined): HopParts | undefined {
  const { text } = key;
  if (text === 'blackhole' || text === 'reject') draft.type = text === 'reject' ? 'unreachable' : 'blackhole';
  else if (text === 'next-hop')
    return addHop(draft, { via: reader.value(key, 'an address', (t) => parseAddress(unquoted(t))) });
  else if (text === 'next-hop-interface' || (text === 'interface' && !hop))
    return addHop(draft, { dev: unquoted(reader.next()?.text ?? '') }); // prettier-ignore
  else if (text === 'interface')
    draft.hops[draft.hops.indexOf(hop!)] = { ...hop, dev: unquoted(reader.next()?.text ?? '') };
  else if (text === 'distance') {
    const distance = reader.value(key, 'a number', (t) => upTo(255)(unquoted(t)));
    if (distance !== undefined) draft.metric = distance;
  } else if (text === 'description') while (reader.next());
  else reader.note('key-unknown', `'${text.slice(0, 60)}' is no word of a static route`, key.span);
  return hop;
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

/** The next hop of these words: one that was there already, when another line names it again. */
function addHop(draft: Draft, hop: HopParts): HopParts {
  const key = ({ via, dev }: HopParts): string => (via ? formatAddress(via) : (dev ?? ''));
  const known = draft.hops.find((h) => key(h) === key(hop));
  if (known) return known;
  draft.hops.push(hop);
  return hop;
}
