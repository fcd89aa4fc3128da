import { formatAddress, formatPrefix, parseAddress, parsePrefix, type Parsed } from '../../ip/index.ts';
import type { Route, RouteType } from '../../model/index.ts';
import { gateway } from '../bsd/gateway.ts';
import { upTo } from '../iproute2/names.ts';
import { splitWords, WordReader, type Word } from '../iproute2/words.ts';
import { hasMetric } from '../persist.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { eachHop, joinHops } from '../route-hops.ts';
import { linesOf, routesOfLines, type Line } from '../route-lines.ts';
import type { HopParts, RouteParts } from '../route-parts.ts';

/** MikroTik RouterOS 7: `/ip/route/add`, and an `export`. Source: RouterOS documentation, IP Routing. */
export const routerosRoutes: RouteDialect = {
  name: 'routeros',
  words: ['mikrotik'],
  title: 'RouterOS 7',
  limits: {
    families: [4, 6],
    rejects: ['blackhole'],
    lacks: ['type', 'other-family', 'tos', 'table', 'mtu', 'onlink', 'scope', 'weight'],
    of6: { lacks: ['type', 'other-family', 'tos', 'table', 'mtu', 'onlink', 'scope', 'weight', 'source'] },
    metric: [1, 254],
    devices: /^[^\s"%,=]+$/,
    metricIs: 'a distance, of which routes have 1 when none is said',
  },
  recognise: (text) =>
    /^\s*(\S+>\s*)?\/ip(v6)?[/ ]route\b/m.test(text) || /^\s*add\s.*dst-address=/m.test(text) ? 'yes' : 'no',
  parse: (text, source) => {
    const read = parseExport(text, source);
    return { ...read, value: joinHops(read.value) };
  },
  print: (routes) => eachHop(routes).map((route) => `${command(route)}\n`).join(''), // prettier-ignore
};

function command(route: Route): string {
  const hop = route.nexthops[0];
  const words = [
    `/ip${route.prefix.address.family === 6 ? 'v6' : ''}/route/add`,
    `dst-address=${formatPrefix(route.prefix)}`,
    ...(hop ? [`gateway=${wayOf(hop)}`] : ['blackhole']),
    ...(hasMetric(route) ? [`distance=${route.metric}`] : []),
    ...(route.source ? [`pref-src=${formatAddress(route.source)}`] : []),
  ];
  return words.join(' ');
}

const wayOf = ({ via, dev }: HopParts): string =>
  [via && formatAddress(via), dev].filter((w) => w !== undefined).join('%');

/** An export whose broken lines are whole again; line numbers stay. */
export const joinedLines = (text: string): string =>
  text.replace(/(?:[^\n]*\\\r?\n)+[^\n]*/g, (broken) => {
    const lines = broken.split(/\\\r?\n/);
    return lines.map((line, n) => (n === 0 ? line : line.trimStart())).join('') + '\n'.repeat(lines.length - 1);
  });

/** Lines below a heading `/ip route`, or with their own; a `\` at the end goes on in the next line. */
function parseExport(text: string, source: string): Parsed<readonly Route[]> {
  let isRoute = false;
  return routesOfLines(linesOf(joinedLines(text), source), (_reader, line) => {
    const heading = /^(\s*\S+>)?\s*\/(ipv?6?)[/ ]route\b[/ ]?/.exec(line.text);
    if (heading) isRoute = true;
    else if (/^\s*\//.test(line.text)) isRoute = false;
    const rest = line.text.slice(heading?.[0].length ?? 0);
    if (!isRoute || !/^\s*add(\s|$)/.test(rest)) return null;
    return readSettings(_reader, line);
  });
}

interface Draft {
  prefix?: RouteParts['prefix'];
  hop?: HopParts;
  metric?: number;
  source?: RouteParts['source'];
  type: RouteType;
}

function readSettings(reader: WordReader, line: Line): RouteParts | null {
  const draft: Draft = { type: 'unicast' };
  const text = line.text.replace(/"[^"]*"/g, (quoted) => quoted.replace(/\s/g, '_'));
  for (const word of splitWords(text, { source: line.source, line: line.number })) {
    const [key = '', value = ''] = word.text.split(/=(.*)/);
    readKey(reader, draft, key, { ...word, text: value.replace(/^"(.*)"$/, '$1') });
  }
  const { prefix, hop, ...rest } = draft;
  if (!prefix && reader.diagnostics.length === 0) reader.note('key-missing', 'there is no dst-address');
  if (!prefix) return null;
  if (draft.type === 'unicast' && !hop && reader.diagnostics.length === 0)
    reader.note('key-missing', 'there is no gateway');
  return { prefix, ...rest, hops: draft.type === 'unicast' ? [hop ?? {}] : [] };
}

const TYPES: Readonly<Record<string, RouteType>> = { blackhole: 'blackhole', unreachable: 'unreachable', prohibit: 'prohibit', unicast: 'unicast' }; // prettier-ignore

function readKey(reader: WordReader, draft: Draft, key: string, value: Word): void {
  const set = <K extends keyof Draft>(field: K, read: Draft[K] | undefined): void => {
    if (read !== undefined) draft[field] = read;
  };
  if (key === 'dst-address') set('prefix', reader.read(value, parsePrefix));
  else if (key === 'gateway') set('hop', hopOf(reader, value));
  else if (key === 'distance') set('metric', reader.read(value, upTo(255)));
  else if (key === 'pref-src' && value.text !== '') set('source', reader.read(value, parseAddress));
  else if (key === 'blackhole') draft.type = 'blackhole';
  else if (key === 'type') set('type', TYPES[value.text]);
  else if ((key === 'routing-table' || key === 'routing-mark') && value.text !== 'main') {
    const message = `routes of the table '${value.text.slice(0, 60)}' are not modelled`;
    reader.note('line-not-modelled', message, value.span);
  } else if (key === 'disabled' && value.text === 'yes') {
    reader.note('line-limited', 'this route is disabled, and left out', value.span, undefined, 'warning');
    draft.prefix = undefined as never;
  }
}

function hopOf(reader: WordReader, value: Word): HopParts | undefined {
  if (value.text === '') return undefined;
  const [address = ''] = value.text.split('%');
  return parseAddress(address).ok || /^[\d.]+$/.test(address) ? reader.read(value, gateway) : { dev: value.text };
}
