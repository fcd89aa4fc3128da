import { formatAddress } from '../../ip/index.ts';
import { lastRoute } from '../last-route.ts';
import { networkName } from '../network-prefix.ts';
import { rightWay } from '../right-way.ts';
import type { CauseTest } from './cause-test.ts';

const LOST = ['no-route', 'private-on-internet', 'unknown', 'ttl-expired', 'neighbour-unreachable', 'tunnel-no-client'];

/**
 * The answer takes a wrong turn: a host on its way does not know the network that the question came from. The host
 * named is the router that should know it, or the target when no router had the answer in hand.
 */
export const noReturnRoute: CauseTest = ({ network, trace, packet, direction, passed }) => {
  if (direction !== 'back' || !LOST.includes(trace.outcome)) return null;
  const wrong = trace.hops.filter((hop, i) => {
    const next = rightWay(network, hop.host, packet.destination, passed);
    return next !== null && next.host !== trace.hops[i + 1]?.host;
  });
  const at = wrong.find((hop, i) => i > 0 || hop.in !== null) ?? wrong[0];
  if (!at) return null;
  const routed = lastRoute(at);
  const evidence = at.steps.findLast((s) => s.stage === 'route')?.because ?? [];
  const params = {
    network: networkName(network, packet.destination),
    ...(routed?.via ? { via: formatAddress(routed.via) } : {}),
  };
  return { host: at.host, evidence, params };
};
