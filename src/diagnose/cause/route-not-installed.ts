import { formatPrefix } from '../../ip/index.ts';
import { neededRoute } from '../needed.ts';
import { pushedRoute } from '../pushed-route.ts';
import type { CauseTest } from './cause-test.ts';

/** The server pushes the route, and the client's kernel has it not: its OpenVPN could not install it, or it was lost. */
export const routeNotInstalled: CauseTest = (failure) => {
  const { network, trace, packet, turns } = failure;
  if (trace.outcome === 'filtered' || trace.outcome === 'rejected') return null;
  for (const { hop, next, because, routed } of turns) {
    // a longer route that stands there is another fault
    const tunnel = network.tunnels.find((t) => t.name === next.tunnel && t.server.host === next.host);
    const pushed = tunnel && pushedRoute(network, tunnel, hop.host, packet.destination);
    if (!pushed || (routed && routed.route.prefix.length >= pushed.prefix.length)) continue;
    return {
      host: hop.host,
      evidence: [pushed.fact, ...because, ...neededRoute(failure, hop.host, next)],
      params: { network: formatPrefix(pushed.prefix), client: tunnel.server.host },
    };
  }
  return null;
};
