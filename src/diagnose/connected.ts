import { contains, prefixOf, samePrefix, type Address } from '../ip/index.ts';
import type { Host, Route } from '../model/index.ts';

/** Whether the route is the one that the kernel makes for an address of the host's own, and holds `address` if given. */
export function isConnected(host: Host, route: Route, address?: Address): boolean {
  const hop = route.nexthops[0];
  if (route.type !== 'unicast' || route.nexthops.length !== 1 || hop?.via !== undefined) return false;
  if (address && !contains(route.prefix, address)) return false;
  const dev = host.interfaces.find((i) => i.name === hop?.dev);
  return dev?.addresses.some((a) => samePrefix(prefixOf(a.peer ?? a.address, a.length), route.prefix)) ?? false;
}
