import { neededRoute } from '../needed.ts';
import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** A client of a tunnel has the question in hand, the tunnel leads there, and no route of the client goes into it. */
export const clientHasNoRoute: CauseTest = (failure) => {
  const { network, trace, packet, direction, turns } = failure;
  if (direction !== 'there' || !isLost(trace.outcome)) return null;
  for (const { hop, next, because } of turns) {
    const tunnel = network.tunnels.find((t) => t.name === next.tunnel && t.clients.some((c) => c.host === hop.host));
    if (!tunnel || next.host !== tunnel.server.host) continue;
    return {
      host: hop.host,
      evidence: [...because, ...neededRoute(failure, hop.host, next)],
      params: { network: networkName(network, packet.destination), tunnel: tunnel.name },
    };
  }
  return null;
};

const isLost = (outcome: string): boolean =>
  ['no-route', 'private-on-internet', 'unknown', 'neighbour-unreachable', 'ttl-expired', 'forwarding-off'].includes(
    outcome,
  );
