import { failure, formatAddress, formatPrefix, parseAddress, parsePrefix, prefixOf, sameAddress, success, type Diagnostic, type Parsed, type Prefix, type Result } from '../../ip/index.ts'; // prettier-ignore
import { TABLE, type Route, type RouteType } from '../../model/index.ts';
import { routeType, tableNumber, upTo } from '../iproute2/names.ts';
import { netmaskLength } from '../netmask.ts';
import { hasMetric } from '../persist.ts';
import { isRefusal, LINUX_LIMITS } from '../reject-kinds.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { PLACEHOLDER, routeOf } from '../route-parts.ts';

/** /etc/config/network of OpenWrt (UCI), and what `uci show network` prints. Source: OpenWrt, static routes. */
export const openwrtRoutes: RouteDialect = {
  name: 'openwrt',
  words: ['uci'],
  title: 'OpenWrt, /etc/config/network',
  limits: { ...LINUX_LIMITS, lacks: ['type', 'several-hops', 'other-family', 'tos', 'scope', 'weight'] },
  recognise: (text) =>
    /^\s*config\s+route6?\b/m.test(text) || /network\.\S+=['"]?route6?\b/m.test(text) ? 'yes' : 'no',
  parse: parseUci,
  print: (routes) => routes.map(printRoute).join('\n'),
  advice: (routes) => [
    "interfaces are UCI's own names (lan, wan), not those of the kernel; 'service network reload' takes it into use",
    ...(routes.some((r) => r.nexthops.length > 0 && r.nexthops[0]!.dev === undefined) ? [`put one in place of ${PLACEHOLDER}`] : []), // prettier-ignore
  ],
};

function printRoute(route: Route): string {
  const hop = route.nexthops[0];
  const options: readonly (readonly [string, string | number | false | undefined])[] = [
    ['interface', hop ? (hop.dev ?? PLACEHOLDER) : false],
    ['target', formatPrefix(route.prefix)],
    ['gateway', hop?.via && formatAddress(hop.via)],
    ['metric', hasMetric(route) && route.metric],
    ['table', route.table !== TABLE.main && route.table],
    ['mtu', route.mtu],
    ['source', route.source && formatAddress(route.source)],
    ['onlink', hop?.onlink === true && 1],
    ['type', route.type !== 'unicast' && route.type],
  ];
  const lines = options
    .filter(([, v]) => v !== false && v !== undefined)
    .map(([k, v]) => `\toption ${k} '${String(v)}'\n`);
  return `config route${route.prefix.address.family === 6 ? '6' : ''}\n${lines.join('')}`;
}

interface Section {
  readonly line: Line;
  readonly options: Map<string, { readonly text: string; readonly line: Line }>;
}

function parseUci(text: string, source: string): Parsed<readonly Route[]> {
  const diagnostics: Diagnostic[] = [];
  const value = sectionsOf(linesOf(text, source)).flatMap((section) => routeFrom(section, diagnostics));
  return { value, diagnostics };
}

/** `config route` with its options, or `network.@route[0].target='…'`, also behind `uci set`. */
function sectionsOf(lines: readonly Line[]): readonly Section[] {
  const sections: Section[] = [];
  const named = new Map<string, Section>();
  let open: Section | undefined;
  for (const line of lines) {
    const config = /^\s*config\s+(\S+)/.exec(line.text);
    const [, name = '', key, raw = ''] = /(?:^|\s)network\.([^.=\s]+)(?:\.(\w+))?=(.*?)\s*$/.exec(line.text) ?? [];
    const [, option = '', quoted = ''] = /^\s*option\s+(\S+)\s+(.*?)\s*$/.exec(line.text) ?? [];
    if (config) open = undefined;
    if (
      /^route6?$/.test(config?.[1]?.replace(/['"]/g, '') ?? '') ||
      (name !== '' && key === undefined && /^['"]?route6?['"]?$/.test(raw))
    ) {
      const section = { line, options: new Map() };
      sections.push(section);
      if (config) open = section;
      else named.set(name, section);
    } else if (key !== undefined) named.get(name)?.options.set(key, { text: unquoted(raw), line });
    else if (option !== '') open?.options.set(option, { text: unquoted(quoted), line });
  }
  return sections;
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/, '$2');

function routeFrom({ line, options }: Section, diagnostics: Diagnostic[]): readonly Route[] {
  const before = diagnostics.length;
  const read = <T>(key: string, parse: (text: string) => Result<T>): T | undefined => {
    const option = options.get(key);
    if (!option) return undefined;
    const reader = readerOf(option.line);
    const value = reader.read(option.line.words.at(-1)!, () => parse(option.text));
    diagnostics.push(...reader.diagnostics);
    return value;
  };
  if (options.get('disabled')?.text === '1') return [];
  const mask = read('netmask', netmaskLength);
  const prefix = read('target', (text) => target(text, mask));
  const type = read('type', typeNamed) ?? 'unicast';
  const dev = options.get('interface')?.text;
  const via = read('gateway', parseAddress);
  const rest = { metric: read('metric', upTo(0xffffffff)), table: read('table', tableNumber), mtu: read('mtu', upTo(0xffffffff)), source: read('source', parseAddress) }; // prettier-ignore
  if (!prefix && diagnostics.length === before) {
    const reader = readerOf(line);
    reader.note('key-missing', 'this route has no target');
    diagnostics.push(...reader.diagnostics);
  }
  if (!prefix || diagnostics.length > before) return [];
  const hop = { via, dev: dev === PLACEHOLDER ? undefined : dev, onlink: options.get('onlink')?.text === '1' };
  return [routeOf({ prefix, type, ...rest, hops: isRefusal(type) ? [] : [hop] }, factOf(line))];
}

function target(text: string, mask: number | undefined): Result<Prefix> {
  if (text.includes('/') || mask === undefined) return parsePrefix(text);
  const address = parseAddress(text);
  if (!address.ok) return address;
  const prefix = prefixOf(address.value, mask);
  if (sameAddress(prefix.address, address.value)) return success(prefix);
  return failure('prefix-host-bits', `'${text}' has host bits set`, `the network is ${formatPrefix(prefix)}`);
}

function typeNamed(text: string): Result<RouteType> {
  const type = routeType(text);
  return type ? success(type) : failure('value-invalid', `'${text.slice(0, 60)}' is not a type of routes`);
}
