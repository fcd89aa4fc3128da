import { sameAddress } from '../ip/index.ts';
import type { Host, Network } from '../model/index.ts';
import { forwards } from './right-way.ts';

/** Whether the host passes packets on and another host has a route by one of its addresses. */
export function isRouter(network: Network, host: Host): boolean {
  if (!forwards(host, 4) && !forwards(host, 6)) return false;
  const own = host.interfaces.flatMap((i) => i.addresses);
  return [...network.hosts.values()].some(
    (other) =>
      other !== host &&
      other.routes.some((r) => r.nexthops.some((n) => n.via && own.some((a) => sameAddress(a.address, n.via!)))),
  );
}
