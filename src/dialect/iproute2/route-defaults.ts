import type { Family } from '../../ip/index.ts';
import { TABLE, type Route, type RouteType } from '../../model/index.ts';

/** The metric of a route that names none: the kernel takes 0 for IPv4 and 1024 for IPv6 (IP6_RT_PRIO_USER). */
export const defaultMetric = (family: Family): number => (family === 4 ? 0 : 1024);

/** The table that `ip route add` takes when none is named (iproute2, ip/iproute.c, iproute_modify). */
export const typedTable = (type: RouteType): number =>
  type === 'local' || type === 'broadcast' || type === 'anycast' ? TABLE.local : TABLE.main;

/** The scope that `ip route add` takes when none is named (the same place). `gateway`: there is one, or several next hops. */
export function typedScope(family: Family, type: RouteType, gateway: boolean): Route['scope'] {
  if (family === 6) return 'global';
  if (type === 'local') return 'host';
  if (type === 'broadcast' || type === 'multicast' || type === 'anycast') return 'link';
  return type === 'unicast' && !gateway ? 'link' : 'global';
}

/** Whether a route has a gateway or several next hops, which is what its default scope depends on. */
export const hasGateway = (route: Pick<Route, 'nexthops'>): boolean =>
  route.nexthops.length > 1 || route.nexthops.some((hop) => hop.via !== undefined || hop.weight !== 1);
