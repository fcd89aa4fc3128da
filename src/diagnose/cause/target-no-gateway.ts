import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** The target has no route that an answer could take. */
export const targetNoGateway: CauseTest = ({ network, trace, hop, step, packet, direction }) => {
  if (direction !== 'back' || trace.outcome !== 'no-route' || trace.hops.length !== 1) return null;
  return {
    host: hop.host,
    evidence: step?.because ?? [],
    params: { network: networkName(network, packet.destination) },
  };
};
