import type { Trace } from '../../src/trace/index.ts';
import type { Comparison } from './compare.ts';
import type { NetworkSpec } from './spec.ts';

/**
 * Why a probe may fare otherwise beside others than alone, by what the model met:
 * - an IPv4 router answers what it can't route of one source five times at once, then once a second (ip_error in
 *   net/ipv4/route.c; no setting of a namespace changes it);
 * - a neighbour that was given up is not asked for again at once, an IPv6 host that does not forward passes its routes over
 *   (rt6_check_neigh), and what waits for it vanishes without an error when an error goes the same way (neigh_invalidate);
 *   and a host learns the address of one that asks for its own.
 */
export function interferenceOf(
  { probe, trip }: Comparison,
  { hosts }: NetworkSpec,
): 'rationed errors' | 'neighbours' | 'cause unknown' {
  const traces = [trip, ...trip.otherwise].flatMap((t) => [t.forward, t.return, t.third, t.fourth]);
  if (traces.some((t) => t !== null && isRationed(t))) return 'rationed errors';
  const isSix = (address: string): boolean => address.includes(':');
  const asks = !hosts.some((h) => h.neighbours.some((n) => isSix(n.address) === isSix(probe.destination)));
  return asks || traces.some((t) => t?.outcome === 'neighbour-unreachable') ? 'neighbours' : 'cause unknown';
}

const FROM_ROUTING = new Set(['no-route', 'route-unreachable', 'route-prohibited']);

const isRationed = ({ packet, hops, outcome }: Trace): boolean =>
  packet.family === 4 && hops.at(-1)!.in !== null && FROM_ROUTING.has(outcome);
