import { formatRoute, parseRouteWords } from '../dialect/index.ts';
import { formatAddress, samePrefix } from '../ip/index.ts';
import type { Route } from '../model/index.ts';

/**
 * The routing protocol of Waymark's own routes (ip-route(8), `proto`): a number that no routing daemon has in
 * /etc/iproute2/rt_protos or in the kernel's rtnetlink.h.
 */
export const OWN_PROTOCOL = '119';

/** Whether two routes have one place in the table: family, prefix, table, metric and TOS (fib_find_alias, fib6_add_rt2node). */
export const samePlace = (a: Route, b: Route): boolean =>
  samePrefix(a.prefix, b.prefix) && a.table === b.table && a.metric === b.metric && a.tos === b.tos;

/** Whether two routes have one place and send packets to the same neighbours, whoever made them and by whatever link. */
export function sameWay(a: Route, b: Route): boolean {
  const vias = (r: Route): string => r.nexthops.map((n) => (n.via ? formatAddress(n.via) : '')).join(' ');
  const isRefusal = a.type === b.type && a.type !== 'unicast';
  return samePlace(a, b) && a.type === b.type && (isRefusal || vias(a) === vias(b));
}

/** The routes at the place of that one, in the table's order. */
export const routesAt = (routes: readonly Route[], place: Route): readonly Route[] =>
  routes.filter((r) => samePlace(r, place)).map(withoutState);

/** The route as somebody asked for it: that its link is down is no part of it. */
export const withoutState = (route: Route): Route => ({
  ...route,
  nexthops: route.nexthops.map((n) => ({ ...n, dead: false, linkdown: false })),
});

/** The route in words that `readRouteText` reads back. */
export const routeText = (route: Route): string => formatRoute(withoutState(route));

/** A route from `routeText`. Throws for any other text: only we write them. */
export function readRouteText(text: string): Route {
  const read = parseRouteWords(text, { source: 'journal', line: 1 }).value;
  if (!read) throw new Error(`bug: '${text}' is no route`);
  return read;
}

/** Whether both are the same routes in the same order. */
export const sameRoutes = (a: readonly Route[], b: readonly Route[]): boolean =>
  a.length === b.length && a.every((r, i) => routeText(r) === routeText(b[i]!));
