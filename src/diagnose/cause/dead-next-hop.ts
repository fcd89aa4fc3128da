import { formatAddress } from '../../ip/index.ts';
import { lastRoute } from '../last-route.ts';
import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** A route points at an address that nobody on the link has. */
export const deadNextHop: CauseTest = ({ network, trace, hop, step, packet }) => {
  if (trace.outcome !== 'neighbour-unreachable' || step?.action.kind !== 'no-neighbour') return null;
  const routed = lastRoute(hop);
  if (!routed?.via) return null;
  const evidence = [routed.route.fact, ...step.because];
  return {
    host: hop.host,
    evidence,
    params: { via: formatAddress(step.action.to), network: networkName(network, packet.destination) },
  };
};
