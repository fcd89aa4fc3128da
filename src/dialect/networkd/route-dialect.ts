import { defaultPrefix, failure, formatAddress, parseAddress, parsePrefix, success, type Diagnostic, type Parsed, type Prefix, type Result } from '../../ip/index.ts'; // prettier-ignore
import type { Route, RouteType } from '../../model/index.ts';
import { routeScope, routeType, tableNumber, upTo } from '../iproute2/names.ts';
import { typedScope } from '../iproute2/route-defaults.ts';
import type { WordReader } from '../iproute2/words.ts';
import { isRefusal, LINUX_LIMITS } from '../reject-kinds.ts';
import type { RouteDialect } from '../route-dialect.ts';
import { byDevice } from '../route-hops.ts';
import { factOf, linesOf, readerOf, type Line } from '../route-lines.ts';
import { routeOf, type HopParts, type RouteParts } from '../route-parts.ts';
import { NETWORKD_LACKS, routeSection } from './print.ts';

/** `[Route]` sections of systemd-networkd. Source: systemd.network(5). */
export const networkdRoutes: RouteDialect = {
  name: 'networkd',
  words: ['systemd-networkd'],
  title: 'systemd-networkd',
  limits: { ...LINUX_LIMITS, lacks: NETWORKD_LACKS, of6: { lacks: [...NETWORKD_LACKS, 'scope'] } },
  recognise: (text) => (/^\s*\[Route\]\s*$/m.test(text) ? 'yes' : 'no'),
  parse: parseNetworkd,
  print: (routes) =>
    [...byDevice(routes, '')].sort(([a], [b]) => Number(a !== '') - Number(b !== '')).map(([dev, own]) => (dev === '' ? '' : `[Match]\nName=${dev}\n\n`) + own.map(routeSection).join('\n')).join('\n'), // prettier-ignore
  advice: () => [
    "the [Route] section belongs into the .network file that 'networkctl status' names; then 'networkctl reload'",
  ],
};

interface Draft {
  readonly line: Line;
  readonly dev: string | undefined;
  prefix?: Prefix;
  via?: HopParts['via'];
  isOnlink: boolean;
  readonly several: HopParts[];
  type: RouteType;
  rest: Partial<RouteParts>;
}

function parseNetworkd(text: string, source: string): Parsed<readonly Route[]> {
  const drafts: Draft[] = [];
  const diagnostics: Diagnostic[] = [];
  let section = '';
  let dev: string | undefined;
  for (const line of linesOf(text, source, /^\s*[#;]/)) {
    const reader = readerOf(line);
    const heading = /^\s*\[(\w+)\]\s*$/.exec(line.text)?.[1];
    if (heading !== undefined) {
      section = heading;
      if (heading === 'Route') drafts.push({ line, dev, isOnlink: false, several: [], type: 'unicast', rest: {} });
      if (heading === 'Match') dev = undefined;
      continue;
    }
    const [, key = '', value = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(line.text) ?? [];
    if (section === 'Match' && key === 'Name' && /^[^\s*?!]+$/.test(value)) dev = value;
    if (section === 'Route') readSetting(reader, drafts.at(-1)!, line, [key, value]);
    diagnostics.push(...reader.diagnostics);
  }
  return { value: drafts.flatMap((draft) => finish(draft, diagnostics)), diagnostics };
}

const IGNORED = ['Protocol', 'IPv6Preference', 'InitialCongestionWindow', 'InitialAdvertisedReceiveWindow', 'QuickAck', 'FastOpenNoCookie', 'TCPAdvertisedMaximumSegmentSize', 'TTLPropagate', 'HopLimit', 'TCPCongestionControlAlgorithm', 'TCPRetransmissionTimeoutSec', 'NextHop']; // prettier-ignore

function readSetting(reader: WordReader, draft: Draft, line: Line, [key, value]: readonly [string, string]): void {
  const column = line.text.lastIndexOf(value) + 1;
  const span = { source: line.source, line: line.number, column, length: Math.max(1, value.length), text: line.text };
  const read = <T>(parse: (text: string) => Result<T>): T | undefined => reader.read({ text: value, span }, parse);
  const keep = (rest: Partial<RouteParts>): void => void Object.assign(draft.rest, rest);
  if (key === 'Destination') Object.assign(draft, { prefix: read(parsePrefix) });
  else if (key === 'Gateway') Object.assign(draft, { via: read(parseAddress) });
  else if (key === 'GatewayOnLink') draft.isOnlink = /^(1|yes|true|on)$/i.test(value);
  else if (key === 'MultiPathRoute') draft.several.push(...[read(multipath)].filter((h) => h !== undefined));
  else if (key === 'Type') draft.type = read(typeNamed) ?? 'unicast';
  else if (key === 'Metric') keep({ metric: read(upTo(0xffffffff)) });
  else if (key === 'Table') keep({ table: read(tableNumber) });
  else if (key === 'PreferredSource') keep({ source: read(parseAddress) });
  else if (key === 'Scope') keep({ scope: read(routeScope) });
  else if (key === 'MTUBytes') keep({ mtu: read(upTo(0xffffffff)) });
  else if (!IGNORED.includes(key)) reader.note('key-unknown', `'${key.slice(0, 60)}' is not read in a [Route] section`, span, undefined, 'warning'); // prettier-ignore
}

function typeNamed(text: string): Result<RouteType> {
  const type = routeType(text);
  return type ? success(type) : failure('value-invalid', `'${text.slice(0, 60)}' is not a type of routes`);
}

/** `192.168.120.1@eth0 3`. */
function multipath(text: string): Result<HopParts> {
  const [, address = '', dev, weight] = /^([^@\s]+)(?:@(\S+))?(?:\s+(\d+))?$/.exec(text) ?? [];
  const via = parseAddress(address);
  return via.ok ? success({ via: via.value, dev, weight: weight === undefined ? 1 : Number(weight) }) : via;
}

/** Without a destination it is the default route of its gateway's family. */
function finish(draft: Draft, diagnostics: Diagnostic[]): readonly Route[] {
  const { line, via, dev, type, several, isOnlink } = draft;
  const prefix = draft.prefix ?? (via && defaultPrefix(via.family));
  if (!prefix) {
    const span = { source: line.source, line: line.number, column: 1, length: line.text.length, text: line.text };
    diagnostics.push({ code: 'key-missing', severity: 'error', message: 'this route has no destination', span });
    return [];
  }
  const hops = isRefusal(type) ? [] : several.length > 0 ? several : [{ via, dev, onlink: isOnlink }];
  const usual = type === 'unicast' ? undefined : typedScope(prefix.address.family, type, via !== undefined);
  const fact = factOf(line);
  // IPv6 has no scopes
  const said = prefix.address.family === 6 ? undefined : draft.rest.scope;
  return [routeOf({ prefix, type, hops, ...draft.rest, scope: said ?? usual }, { ...fact, text: `${fact.text} ${via ? formatAddress(via) : ''}`.trim() })]; // prettier-ignore
}
