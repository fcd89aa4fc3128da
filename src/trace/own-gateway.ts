import { sameAddress, type Address } from '../ip/index.ts';
import { TABLE, type Host, type NextHop, type Route } from '../model/index.ts';
import { candidatesIn } from './route-candidates.ts';

/** A next hop as the kernel uses it. */
export interface UsedNextHop extends NextHop {
  /** The gateway that counts as none: source addresses are still chosen by it (fib_info_update_nhc_saddr). */
  readonly near?: Address;
}

/**
 * The next hop as the kernel uses it: an IPv4 gateway of scope host counts as none (rt_set_nexthop). Of which scope it is
 * was decided when the route was added, with the addresses and routes of that time; those of now stand for them.
 */
export function withoutOwnGateway(host: Host, route: Route, nexthop: NextHop): UsedNextHop {
  const { via, ...direct } = nexthop;
  if (via?.family !== 4 || nexthop.onlink || !isOwn(host, via, nexthop.dev)) return nexthop;
  return linkRouteIn(host, route.table, via, nexthop.dev) ? nexthop : { ...direct, near: via };
}

/** An address of the gateway's own interface: the kernel asks with it, so those of others don't count (fib_check_nh_v4_gw). */
function isOwn(host: Host, via: Address, dev: string | undefined): boolean {
  const ends = host.interfaces.filter((i) => dev === undefined || i.name === dev);
  return ends.some((i) => i.addresses.some((a) => sameAddress(a.address, via)));
}

/** Whether the route's own table, which is asked before the rules are unless it is `main`, takes the gateway for a neighbour. */
function linkRouteIn(host: Host, table: number, via: Address, dev: string | undefined): boolean {
  if (table === TABLE.main) return false;
  const fits = (r: Route): boolean =>
    r.type !== 'unicast' || (r.scope === 'link' && (dev === undefined || r.nexthops.some((n) => n.dev === dev)));
  return candidatesIn(host, table, via).find(fits)?.type === 'unicast';
}
