import { networkName } from '../network-prefix.ts';
import { needed, neededRoute } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** The target has no route that an answer could take. */
export const targetNoGateway: CauseTest = (failure) => {
  const { network, trace, hop, packet, direction, turns } = failure;
  if (direction !== 'back' || trace.outcome !== 'no-route' || trace.hops.length !== 1) return null;
  const step = hop.steps.findLast((s) => s.stage === 'route');
  const next = turns[0]?.next ?? null;
  return {
    host: hop.host,
    evidence: [
      ...(step?.because ?? []),
      needed(`a default route on ${hop.host}`),
      ...neededRoute(failure, hop.host, next),
    ],
    params: { network: networkName(network, packet.destination) },
  };
};
