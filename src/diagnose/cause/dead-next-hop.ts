import { formatAddress } from '../../ip/index.ts';
import { lastRoute } from '../last-route.ts';
import { networkName } from '../network-prefix.ts';
import { neededRoute } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A route points at an address that nobody on the link has. */
export const deadNextHop: CauseTest = (failure) => {
  const { network, trace, hop, packet, turns } = failure;
  const step = hop.steps.findLast((s) => s.action.kind === 'no-neighbour');
  if (trace.outcome !== 'neighbour-unreachable' || step?.action.kind !== 'no-neighbour') return null;
  const routed = lastRoute(hop);
  if (!routed?.via) return null;
  const turn = turns.find((t) => t.hop === hop);
  // a router whose default route leads astray lacks a route; that this one is dead too is beside the point
  if (turn && hop.in !== null && routed.route.prefix.length === 0) return null;
  const evidence = [routed.route.fact, ...step.because, ...neededRoute(failure, hop.host, turn?.next ?? null)];
  return {
    host: hop.host,
    evidence,
    params: { via: formatAddress(step.action.to), network: networkName(network, packet.destination) },
  };
};
