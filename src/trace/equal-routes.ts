import { sameAddress } from '../ip/index.ts';
import { interfaceKey, settingNumber, type Host, type NextHop, type Route } from '../model/index.ts';
import type { Chooser } from './choice.ts';
import type { FlowKey } from './flow-key.ts';

/** Routes that contain an address, in the order in which the kernel of that moment prefers them. */
export function inOrder(host: Host, candidates: readonly Route[], key: FlowKey, choices: Chooser): readonly Route[] {
  if (candidates.length < 2) return candidates;
  if (key.destination.family === 4) return defaultsFirst(candidates, key, choices);
  return aliveFirst(host, nearFirst(candidates, key));
}

/**
 * An IPv6 host that does not forward passes over routes whose gateway was given up, down to the shortest prefix of the
 * table, unless there are no others (rt6_check_neigh, fib6_table_lookup).
 */
function aliveFirst(host: Host, candidates: readonly Route[]): readonly Route[] {
  const failed = host.neighbours.filter((n) => n.state === 'failed');
  if (failed.length === 0 || settingNumber(host, interfaceKey(6, 'all', 'forwarding')) > 0) return candidates;
  const isDead = ({ via, dev }: NextHop): boolean =>
    via !== undefined && failed.some((n) => n.dev === dev && sameAddress(n.address, via));
  const dead = candidates.filter((r) => r.nexthops.length > 0 && r.nexthops.every(isDead));
  return [...candidates.filter((r) => !dead.includes(r)), ...dead];
}

/**
 * fib_select_default: of several IPv4 default routes that differ in nothing but their gateway, a packet of the host's
 * own takes one by what is known of the gateways at that moment. Any may come first, and another for the next packet.
 */
function defaultsFirst(candidates: readonly Route[], key: FlowKey, choices: Chooser): readonly Route[] {
  const first = candidates[0]!;
  if (first.prefix.length !== 0 || first.type !== 'unicast' || key.iif !== 'lo') return candidates;
  const alike = candidates.filter(
    (r) => r.type === 'unicast' && r.metric === first.metric && r.tos === first.tos && r.nexthops[0]?.via,
  );
  if (alike.length < 2) return candidates;
  const point = {
    what: `${alike.length} default routes of the same metric`,
    fact: first.fact,
    random: true,
  };
  const chosen = alike[choices.choose(alike.length, point)]!;
  return [chosen, ...candidates.filter((r) => r !== chosen)];
}

/** rt6_score_route: of IPv6 routes with one prefix and metric, the first through the wanted interface wins. */
function nearFirst(candidates: readonly Route[], { near }: FlowKey): readonly Route[] {
  if (near === undefined) return candidates;
  const isNear = (r: Route): number => (r.nexthops.some((n) => n.dev === near && !n.dead) ? 1 : 0);
  return [...candidates].sort(
    (a, b) => b.prefix.length - a.prefix.length || a.metric - b.metric || isNear(b) - isNear(a),
  );
}
