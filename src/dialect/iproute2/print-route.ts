import { formatAddress, formatPrefix, bitsOf, type Prefix } from '../../ip/index.ts';
import { TABLE, type NextHop, type Route } from '../../model/index.ts';
import { formatHex, isReject, tableName } from './names.ts';
import { defaultMetric, hasGateway, typedScope, typedTable } from './route-defaults.ts';

/**
 * The route in the words and the order of `ip route show`, on one line: `10.8.0.0/24 via 10.5.5.5 dev eth0 metric 50`.
 * `table` and `scope` are written where `ip route show table all` writes them, and also where `ip route add` would take
 * another one without; `::/0` stands for an IPv6 `default` that nothing else marks as IPv6. `parseRouteWords` reads it
 * back as the same route.
 */
export function formatRoute(route: Route): string {
  const family = route.prefix.address.family;
  const words = [...head(route, formatDestination(route))];
  if (isReject(route.type) && family === 6) words.push('dev', 'lo');
  words.push(...single(route));
  if (route.table !== TABLE.main || typedTable(route.type) !== TABLE.main) words.push('table', tableName(route.table));
  if (route.protocol !== 'boot') words.push('proto', route.protocol);
  const scope = typedScope(family, route.type, hasGateway(route));
  if (route.scope !== 'global' || scope !== 'global') words.push('scope', route.scope);
  if (route.source) words.push('src', formatAddress(route.source));
  if (family === 6 || route.metric !== 0) words.push('metric', String(route.metric));
  const only = route.nexthops.length === 1 ? route.nexthops[0]! : undefined;
  if (only?.weight === 1) words.push(...flags(only));
  if (route.mtu !== undefined) words.push('mtu', String(route.mtu));
  return [...words, ...several(route, flags)].join(' ');
}

/** The command that adds the route, as arguments: `['ip', 'route', 'add', '10.8.0.0/24', 'via', '10.5.5.5']`. */
export const routeAddCommand = (route: Route): readonly string[] => [...command(route), 'add', ...routeAddWords(route)];

/** What `ip route add` needs after `add`: no more than makes this very route, states such as `linkdown` left out. */
export function routeAddWords(route: Route): readonly string[] {
  const family = route.prefix.address.family;
  const words = [...head(route, shortPrefix(route.prefix)), ...single(route)];
  if (route.table !== typedTable(route.type)) words.push('table', tableName(route.table));
  if (route.protocol !== 'boot') words.push('proto', route.protocol);
  if (route.scope !== typedScope(family, route.type, hasGateway(route))) words.push('scope', route.scope);
  if (route.source) words.push('src', formatAddress(route.source));
  if (route.metric !== defaultMetric(family)) words.push('metric', String(route.metric));
  const only = route.nexthops.length === 1 ? route.nexthops[0]! : undefined;
  if (only?.weight === 1 && only.onlink) words.push('onlink');
  if (route.mtu !== undefined) words.push('mtu', String(route.mtu));
  return [...words, ...several(route, (hop) => (hop.onlink ? ['onlink'] : []))];
}

/**
 * The command that takes the route away, as arguments. It names the next hop, the table, the metric and the protocol,
 * since `ip route del` with less takes the first that matches. One IPv6 multipath route goes with all its next hops.
 */
export function routeDelCommand(route: Route): readonly string[] {
  const family = route.prefix.address.family;
  const words = [...head(route, shortPrefix(route.prefix)), ...single(route)];
  if (route.table !== typedTable(route.type)) words.push('table', tableName(route.table));
  words.push('proto', route.protocol);
  if (route.metric !== 0) words.push('metric', String(route.metric));
  if (family === 4) words.push(...several(route, (hop) => (hop.onlink ? ['onlink'] : [])));
  return [...command(route), 'del', ...words];
}

const command = (route: Route): readonly string[] =>
  route.prefix.address.family === 6 ? ['ip', '-6', 'route'] : ['ip', 'route'];

function head(route: Route, destination: string): readonly string[] {
  const type = route.type === 'unicast' ? [] : [route.type];
  return [...type, destination, ...(route.tos === 0 ? [] : ['tos', formatHex(route.tos)])];
}

/** `default`, an address alone for a block of one, or the block. */
function shortPrefix(prefix: Prefix): string {
  if (prefix.length === 0) return 'default';
  return prefix.length === bitsOf(prefix.address.family) ? formatAddress(prefix.address) : formatPrefix(prefix);
}

function formatDestination(route: Route): string {
  const { prefix } = route;
  const marked =
    route.source !== undefined || (route.nexthops.length > 0 && route.nexthops.every((hop) => hop.via?.family === 6));
  return prefix.length === 0 && prefix.address.family === 6 && !marked ? '::/0' : shortPrefix(prefix);
}

/** The next hop of a route that has just one. */
function single(route: Route): readonly string[] {
  const only = route.nexthops.length === 1 ? route.nexthops[0]! : undefined;
  return only?.weight === 1 ? way(route, only) : [];
}

function several(route: Route, flagsOf: (hop: NextHop) => readonly string[]): readonly string[] {
  if (route.nexthops.length === 1 && route.nexthops[0]!.weight === 1) return [];
  return route.nexthops.flatMap((hop) => [
    'nexthop',
    ...way(route, hop),
    'weight',
    String(hop.weight),
    ...flagsOf(hop),
  ]);
}

function way(route: Route, hop: NextHop): readonly string[] {
  const words: string[] = [];
  if (hop.via) {
    const other = hop.via.family !== route.prefix.address.family;
    words.push('via', ...(other ? [hop.via.family === 6 ? 'inet6' : 'inet'] : []), formatAddress(hop.via));
  }
  if (hop.dev !== undefined) words.push('dev', hop.dev);
  return words;
}

function flags(hop: NextHop): readonly string[] {
  return [...(hop.dead ? ['dead'] : []), ...(hop.onlink ? ['onlink'] : []), ...(hop.linkdown ? ['linkdown'] : [])];
}
