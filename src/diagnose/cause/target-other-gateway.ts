import { formatAddress } from '../../ip/index.ts';
import { networkName } from '../network-prefix.ts';
import { neededRoute } from '../needed.ts';
import { isRouter } from '../router.ts';
import type { CauseTest } from './cause-test.ts';

/** The target answers by another interface than the one it was asked on, into a network that has no way back. */
export const targetOtherGateway: CauseTest = (failure) => {
  const { network, trip, trace, packet, direction, turns } = failure;
  const [first] = turns;
  const arrived = trip.forward.hops.at(-1)!;
  if (direction !== 'back' || first?.index !== 0 || first.hop.host !== arrived.host || !first.routed) return null;
  // a router has more than one way out by trade: it lacks a route
  if (isRouter(network, network.hosts.get(arrived.host)!)) return null;
  if (first.routed.dev === arrived.in || first.next.dev !== arrived.in || trace.hops[0]!.out === null) return null;
  const params = {
    network: networkName(network, packet.destination),
    ...(first.routed.via ? { via: formatAddress(first.routed.via) } : {}),
  };
  const evidence = [...first.because, ...neededRoute(failure, first.hop.host, first.next)];
  return { host: first.hop.host, evidence, params };
};
