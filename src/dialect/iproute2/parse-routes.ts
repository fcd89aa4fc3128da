import {
  defaultPrefix,
  failure,
  parseAddress,
  parsePrefix,
  success,
  type Address,
  type Diagnostic,
  type Family,
  type Parsed,
  type Prefix,
  type Result,
} from '../../ip/index.ts';
import { TABLE, type NextHop, type Route } from '../../model/index.ts';
import {
  aboutRecord,
  numberOf,
  readJsonList,
  recordOf,
  recordsOf,
  textOf,
  wordsOf,
  type JsonRecord,
} from './json-list.ts';
import {
  clip,
  interfaceName,
  isReject,
  protocolName,
  routeScope,
  routeType,
  tableNumber,
  tableNumberOrStandIn,
  tosNumber,
} from './names.ts';
import { formatRoute } from './print-route.ts';
import { defaultMetric } from './route-defaults.ts';

/**
 * The routes of `ip -j [-d] [-N] [-6] route show table all`, in the kernel's order. `ip` without `-4` or `-6` prints both
 * families here: ask for `-4` and `-6` apart, or once for both, or every IPv6 route comes twice.
 *
 * A fact's text is the route as `ip route` prints it. Codes: `json-invalid`, `input-cut-off`; as warnings
 * `fact-unreadable` (left out), `line-not-modelled` (a source-specific route or an unknown type: left out),
 * `line-limited` (an encapsulation: kept without it) and `name-unknown` (a table that only the host knows by name).
 */
export function parseRoutes(text: string, source: string): Parsed<readonly Route[]> {
  const list = readJsonList(text, source);
  const diagnostics: Diagnostic[] = [...list.diagnostics];
  const value: Route[] = [];
  for (const record of list.value) {
    const route = routeOf(record, source);
    if (!route.ok) {
      diagnostics.push(aboutRecord(source, record, route.code, route.message));
      continue;
    }
    value.push(route.value);
    diagnostics.push(...limitsOf(record, source));
  }
  return { value, diagnostics };
}

function limitsOf(record: JsonRecord, source: string): readonly Diagnostic[] {
  const limits: Diagnostic[] = [];
  const encapsulated = [record, ...recordsOf(record, 'nexthops')].some((hop) => 'encap' in hop);
  if (encapsulated)
    limits.push(aboutRecord(source, record, 'line-limited', 'the encapsulation of this route is not modelled'));
  const table = textOf(record, 'table');
  if (table !== undefined && !tableNumber(table).ok) {
    limits.push(
      aboutRecord(source, record, 'name-unknown', `the number of table '${clip(table)}' is not known; ip -N prints it`),
    );
  }
  return limits;
}

function routeOf(record: JsonRecord, source: string): Result<Route> {
  const type = routeType(textOf(record, 'type') ?? 'unicast');
  if (!type)
    return failure('line-not-modelled', `routes of type '${clip(textOf(record, 'type') ?? '')}' are not modelled`);
  if ('from' in record)
    return failure('line-not-modelled', 'a route for certain source addresses alone is not modelled');
  const prefix = destinationOf(record);
  if (!prefix.ok) return prefix;
  const hops = isReject(type) ? success([]) : nexthopsOf(record);
  if (!hops.ok) return hops;
  const prefsrc = optionalAddress(record, 'prefsrc');
  if (!prefsrc.ok) return prefsrc;
  const mtu = recordsOf(record, 'metrics')
    .map((metrics) => numberOf(metrics, 'mtu'))
    .find((n) => n !== undefined);
  const tos = tosNumber(textOf(record, 'tos') ?? '0');
  const scope = routeScope(textOf(record, 'scope') ?? 'global');
  const protocol = protocolName(textOf(record, 'protocol') ?? 'boot');
  const route: Omit<Route, 'fact'> = {
    prefix: prefix.value,
    type,
    table: tableNumberOrStandIn(textOf(record, 'table') ?? String(TABLE.main)),
    metric: numberOf(record, 'metric') ?? defaultMetric(prefix.value.address.family),
    tos: tos.ok ? tos.value : 0,
    scope: scope.ok ? scope.value : 'global',
    // it decides nothing: a name that cannot be one costs nobody the route
    protocol: protocol.ok ? protocol.value : 'boot',
    ...(prefsrc.value && { source: prefsrc.value }),
    nexthops: hops.value,
    ...(mtu !== undefined && { mtu }),
  };
  const fact = { source, line: 0, text: '' };
  return success({ ...route, fact: { ...fact, text: formatRoute({ ...route, fact }) } });
}

/** Only IPv6 routes have a `pref`, which tells the two defaults apart where no address does. */
function destinationOf(record: JsonRecord): Result<Prefix> {
  const dst = textOf(record, 'dst');
  if (dst === undefined) return failure('fact-unreadable', 'this entry has no destination');
  if (dst !== 'default') {
    const prefix = parsePrefix(dst);
    return prefix.ok ? prefix : failure('fact-unreadable', prefix.message);
  }
  const address =
    textOf(record, 'gateway') ??
    recordsOf(record, 'nexthops')
      .map((hop) => textOf(hop, 'gateway'))
      .find(Boolean);
  const sample = address ?? textOf(record, 'prefsrc');
  const family: Family = sample === undefined ? ('pref' in record ? 6 : 4) : sample.includes(':') ? 6 : 4;
  return success(defaultPrefix(family));
}

function nexthopsOf(record: JsonRecord): Result<readonly NextHop[]> {
  const several = recordsOf(record, 'nexthops');
  const hops: NextHop[] = [];
  for (const one of several.length > 0 ? several : [record]) {
    const hop = nexthopOf(one);
    if (!hop.ok) return hop;
    hops.push(hop.value);
  }
  return success(hops);
}

function nexthopOf(record: JsonRecord): Result<NextHop> {
  const other = recordOf(record, 'via');
  const via = other ? optionalAddress(other, 'host') : optionalAddress(record, 'gateway');
  if (!via.ok) return via;
  const dev = textOf(record, 'dev');
  if (dev !== undefined && !interfaceName(dev).ok)
    return failure('fact-unreadable', `'${clip(dev)}' is not an interface name`);
  if (dev === undefined && !via.value)
    return failure('line-not-modelled', 'a route without a next hop is not modelled');
  const flags = wordsOf(record, 'flags');
  return success({
    ...(via.value && { via: via.value }),
    ...(dev !== undefined && { dev }),
    weight: Math.max(1, numberOf(record, 'weight') ?? 1),
    onlink: flags.includes('onlink'),
    dead: flags.includes('dead'),
    linkdown: flags.includes('linkdown'),
  });
}

function optionalAddress(record: JsonRecord, key: string): Result<Address | undefined> {
  const text = textOf(record, key);
  if (text === undefined) return success(undefined);
  const address = parseAddress(text);
  return address.ok ? address : failure('fact-unreadable', address.message);
}
