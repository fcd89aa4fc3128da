import { formatAddress } from '../../ip/index.ts';
import { lastRoute } from '../last-route.ts';
import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** The target answers by another interface than the one it was asked on, into a network that has no way back. */
export const targetOtherGateway: CauseTest = ({ network, trip, trace, packet, direction }) => {
  const first = trace.hops[0]!;
  const arrived = trip.forward.hops.at(-1)!;
  if (direction !== 'back' || first.host !== arrived.host || first.out === null || first.out === arrived.in)
    return null;
  const routed = lastRoute(first);
  if (!routed) return null;
  const params = {
    network: networkName(network, packet.destination),
    ...(routed.via ? { via: formatAddress(routed.via) } : {}),
  };
  return { host: first.host, evidence: [routed.route.fact], params };
};
