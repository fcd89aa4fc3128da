import { success, type Diagnostic, type Parsed, type Result } from '../../ip/index.ts';
import type { Route, RouteType } from '../../model/index.ts';
import { parseAddress, parsePrefix, defaultPrefix } from '../../ip/index.ts';
import { routeScope, routeType, tableNumber, upTo } from '../iproute2/names.ts';
import { typedScope } from '../iproute2/route-defaults.ts';
import { isRefusal, LINUX_LIMITS } from '../reject-kinds.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { byDevice } from '../route-hops.ts';
import { PLACEHOLDER, routeOf } from '../route-parts.ts';
import { readYaml, type Path, type YamlDocument } from '../yaml/index.ts';
import { NETPLAN_LACKS, netplanText } from './print.ts';

/** The routes of netplan's YAML. Source: netplan(5). */
export const netplanRoutes: RouteDialect = {
  name: 'netplan',
  words: ['ubuntu'],
  title: 'netplan',
  limits: {
    ...LINUX_LIMITS,
    lacks: NETPLAN_LACKS,
    // netplan 0.106 leaves out larger numbers, and the scope 'global' where systemd-networkd has another, without a word
    metric: [0, 0x7fffffff],
    table: [1, 0x7fffffff],
    types: ['unicast', 'local'],
    of6: { lacks: [...NETPLAN_LACKS, 'scope'] },
  },
  recognise: (text) =>
    /^\s*network:\s*$/m.test(text) || /^\s*routes:\s*$[\s\S]*^\s*-\s*\{?\s*to:/m.test(text) ? 'yes' : 'no',
  parse: parseNetplan,
  print: (routes) => netplanText('ethernets', byDevice(routes, PLACEHOLDER)),
  advice: (routes) => [
    "'netplan try' takes it into use; an interface that is no Ethernet card stands below its own heading, not 'ethernets'",
    ...(routes.some((r) => r.nexthops[0]?.dev === undefined)
      ? [`put the interface's name in place of ${PLACEHOLDER}`]
      : []),
  ],
};

type Found = { readonly value: unknown; readonly path: Path; readonly dev: string | undefined };

function parseNetplan(text: string, source: string): Parsed<readonly Route[]> {
  const read = readYaml(text, source);
  if (!read.value) return { value: [], diagnostics: read.diagnostics };
  const diagnostics: Diagnostic[] = [...read.diagnostics];
  const value = findRoutes(read.value.value, [], undefined).flatMap((found) => {
    const route = routeAt(read.value!, found, diagnostics);
    return route ? [route] : [];
  });
  return { value, diagnostics };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every entry of every list `routes`, with the interface that it is of. */
function findRoutes(value: unknown, path: Path, dev: string | undefined): readonly Found[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly Found[] => {
    if (key === 'routes' && Array.isArray(inner))
      return inner.map((one, i) => ({ value: one as unknown, path: [...path, key, i], dev: dev === PLACEHOLDER ? undefined : dev })); // prettier-ignore
    return findRoutes(inner, [...path, key], key);
  });
}

function routeAt(document: YamlDocument, { value, path, dev }: Found, diagnostics: Diagnostic[]): Route | null {
  const entry = isRecord(value) ? value : {};
  const before = diagnostics.length;
  const read = <T>(key: string, parse: (text: string) => Result<T>): T | undefined => {
    const raw = entry[key];
    if (raw === undefined || raw === null) return undefined;
    const result = parse(typeof raw === 'string' || typeof raw === 'number' ? String(raw) : '');
    if (result.ok) return result.value;
    const { code, message, hint } = result;
    diagnostics.push({ code, severity: 'error', message, span: document.at([...path, key]), ...(hint !== undefined && { hint }) }); // prettier-ignore
    return undefined;
  };
  const via = read('via', parseAddress);
  const source = read('from', parseAddress);
  const family = (via ?? source)?.family ?? 4;
  const prefix = read('to', (text) => (text === 'default' ? success(defaultPrefix(family)) : parsePrefix(text)));
  const type = read<RouteType>('type', (text) => success(routeType(text) ?? 'unicast')) ?? 'unicast';
  const numbers = { metric: read('metric', upTo(0xffffffff)), mtu: read('mtu', upTo(0xffffffff)), table: read('table', tableNumber) }; // prettier-ignore
  // netplan wants the word where there is no gateway; IPv6 has no scopes
  const said = read('scope', routeScope);
  const scope = prefix?.address.family === 6 ? undefined : said;
  if (!prefix && diagnostics.length === before) diagnostics.push({ code: 'key-missing', severity: 'error', message: "a route needs 'to'", span: document.at(path) }); // prettier-ignore
  if (!prefix || diagnostics.length > before) return null;
  const hops = isRefusal(type) ? [] : [{ via, dev, onlink: entry['on-link'] === true }];
  const span = document.at(path);
  const typed = type === 'unicast' ? undefined : typedScope(prefix.address.family, type, via !== undefined);
  return routeOf({ prefix, type, hops, source, scope: scope ?? typed, ...numbers }, { source: span.source, line: span.line, text: span.text?.trim() ?? '' }); // prettier-ignore
}
