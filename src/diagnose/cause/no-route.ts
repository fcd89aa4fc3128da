import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** A host on the way has no route to the destination, or only one that leads astray. */
export const noRoute: CauseTest = ({ network, trace, hop, step, packet }) => {
  if (!['no-route', 'private-on-internet', 'ttl-expired'].includes(trace.outcome)) return null;
  return {
    host: hop.host,
    evidence: step?.because ?? [],
    params: { network: networkName(network, packet.destination) },
  };
};
