import type { Route } from '../model/index.ts';
import { sameAddress, samePrefix } from '../ip/index.ts';

/** Routes with one next hop each, for languages that write several next hops as several lines. */
export const eachHop = (routes: readonly Route[]): readonly Route[] =>
  routes.flatMap((r) => (r.nexthops.length > 1 ? r.nexthops.map((hop) => ({ ...r, nexthops: [hop] })) : [r]));

/** The other way round: what differs in its next hop alone is one route with several. */
export function joinHops(routes: readonly Route[]): readonly Route[] {
  const joined: Route[] = [];
  for (const route of routes) {
    const at = joined.findIndex((other) => isAlike(other, route));
    if (at < 0) joined.push(route);
    else joined[at] = { ...joined[at]!, scope: 'global', nexthops: [...joined[at]!.nexthops, ...route.nexthops] };
  }
  return joined;
}

/** Whether two lines say next hops of one route: others that stand beside each other differ in metric, table or TOS. */
function isAlike(a: Route, b: Route): boolean {
  const hops = a.nexthops.length > 0 && b.nexthops.length > 0;
  const source = a.source && b.source ? sameAddress(a.source, b.source) : a.source === b.source;
  const same = a.metric === b.metric && a.table === b.table && a.tos === b.tos && a.mtu === b.mtu && source;
  const repeats = a.nexthops.some((h) => b.nexthops.some((n) => JSON.stringify(h) === JSON.stringify(n)));
  return hops && same && !repeats && samePrefix(a.prefix, b.prefix) && a.protocol === b.protocol;
}

/** The routes by their interface, in the order in which they come; those without one below `other`. */
export function byDevice(routes: readonly Route[], other: string): ReadonlyMap<string, readonly Route[]> {
  const map = new Map<string, readonly Route[]>();
  for (const route of routes) {
    const dev = (route.nexthops.length === 1 ? route.nexthops[0]!.dev : undefined) ?? other;
    map.set(dev, [...(map.get(dev) ?? []), route]);
  }
  return map;
}
