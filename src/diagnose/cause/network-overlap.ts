import { formatPrefix } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import { isConnected } from '../connected.ts';
import type { CauseTest } from './cause-test.ts';

/**
 * Two networks have the same addresses: a host takes the packet for one of its own link, though it should go further, or
 * sends it further, though it should stay.
 */
export const networkOverlap: CauseTest = ({ network, turns, trace, packet }) => {
  if (trace.outcome === 'filtered' || trace.outcome === 'rejected') return null;
  for (const { hop, next, routed, because } of turns) {
    const host = network.hosts.get(hop.host)!;
    if (!routed || routed.route.prefix.length === 0) continue;
    const stays = routed.via === null && isConnected(host, routed.route);
    const own = host.routes.find((r) => isConnected(host, r, packet.destination) && r.nexthops[0]?.dev === next.dev);
    const leaves = next.via === null && next.tunnel === null && own !== undefined;
    if (!stays && !leaves) continue;
    const other = leaves ? own.fact : needed(`another network than ${formatPrefix(routed.route.prefix)}`);
    return {
      host: hop.host,
      evidence: [...because, other],
      params: leaves
        ? { network: formatPrefix(own.prefix), dev: next.dev, route: routed.dev, way: 'out' }
        : { network: formatPrefix(routed.route.prefix), dev: routed.dev },
    };
  }
  return null;
};
