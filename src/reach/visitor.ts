import { formatAddress, type Address } from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import { wayTo } from '../trace/index.ts';
import { hostWith } from './endpoint.ts';
import { withSomebody } from './stranger.ts';

/** A visitor of a host, and where it is visited. */
export interface Visited {
  readonly network: Network;
  /** The host's own address, by which it answers this visitor. */
  readonly at: Address;
}

/**
 * The network with somebody who has this address, under it as a name: on the link by which the host answers, whoever stands
 * between. Null where the host has no way to the address.
 */
export function worldWithVisitor(network: Network, hostName: string, address: Address): Visited | null {
  const host = network.hosts.get(hostName);
  if (!host) return null;
  const end = wayTo(host, address);
  if (end.kind !== 'goes' || end.source === null) return null;
  if (hostWith(network, address) !== null) return { network, at: end.source };
  const name = host.interfaces.find((i) => i.name === end.dev)?.link;
  const link = name === undefined ? undefined : network.links.get(name);
  if (!link) return null;
  // nothing is known of what stands between: who is asked there passes on
  const also = end.via ? [end.via] : [];
  const somebody = { name: formatAddress(address), address, gateway: null, also };
  return { network: withSomebody(network, link, somebody), at: end.source };
}
