import { formatPrefix } from '../../ip/index.ts';
import { lastRoute } from '../last-route.ts';
import { needed } from '../needed.ts';
import { hasTwoSides } from '../right-way.ts';
import type { CauseTest } from './cause-test.ts';

/** A route points at a box that passes nothing on: it is on one link only, or not on the way. */
export const wrongNextHop: CauseTest = ({ network, trace, hop, turns }) => {
  if (trace.outcome !== 'forwarding-off' || hasTwoSides(network.hosts.get(hop.host)!)) return null;
  const before = trace.hops.at(-2);
  const routed = before ? lastRoute(before) : null;
  if (!before || !routed?.via) return null;
  const next = turns.find((t) => t.hop === before)?.next;
  const via = hop.host;
  const meant = next ? [needed(`a next hop that leads there, such as ${next.host} on ${next.dev}`)] : [];
  const { prefix } = routed.route;
  const params = { via, network: prefix.length === 0 ? 'default' : formatPrefix(prefix) };
  return { host: before.host, evidence: [routed.route.fact, ...meant], params };
};
