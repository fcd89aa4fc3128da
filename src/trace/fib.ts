import { isLimitedBroadcast, isMulticast, isZeroNet, type Address } from '../ip/index.ts';
import { TABLE, type Host } from '../model/index.ts';
import { firstWay, type Choices } from './choice.ts';
import { fibLookup } from './fib-lookup.ts';
import type { Fib } from './hook-context.ts';
import { ipv4Source, ipv6Source } from './source-address.ts';
import { candidatesIn } from './route-candidates.ts';

/** The answers that a host's routing tables give to its firewall. */
export function fibOf(host: Host, choices: Choices): Fib {
  return {
    addressType: (address, dev) => addressType(host, address, dev),
    lookup: (key) => fibLookup(host, key, firstWay(choices)),
    lookupWay: (key) => fibLookup(host, key, choices),
    masqueradeAddress: (dev, destination) =>
      destination.family === 4 ? ipv4Source(host, dev, destination) : ipv6Source(host, dev, destination),
  };
}

/** __inet_dev_addr_type (net/ipv4/fib_frontend.c): the local table alone decides. */
function addressType(host: Host, address: Address, dev?: string): string {
  if (isZeroNet(address) || isLimitedBroadcast(address)) return 'broadcast';
  if (isMulticast(address)) return 'multicast';
  const route = candidatesIn(host, TABLE.local, address)[0];
  if (!route || (dev !== undefined && !route.nexthops.some((n) => n.dev === dev))) return 'unicast';
  return REJECTS.has(route.type) ? 'unicast' : route.type;
}

const REJECTS = new Set(['unreachable', 'prohibit', 'blackhole', 'throw']);

/** Whether the host delivers packets for this address to itself, whatever interface they came in on. */
export function isOwnAddress(host: Host, address: Address): boolean {
  const type = addressType(host, address);
  return type === 'local' || type === 'anycast';
}
