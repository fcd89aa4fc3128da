import { formatAddress } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';
import { needed, neededRoute } from '../needed.ts';
import { networkName } from '../network-prefix.ts';
import { isRouter } from '../router.ts';
import { isCheckedByTarget, isSourceUnknown, sourceCheckOf } from '../source-way.ts';
import type { CauseTest, Named } from './cause-test.ts';

/** The target answers by another interface than the one it was asked on, into a network that has no way back. */
export const targetOtherGateway: CauseTest = (failure) =>
  isCheckedByTarget(failure) ? checked(failure) : answered(failure);

function answered(failure: Failure): Named | null {
  const { network, trip, trace, packet, direction, turns } = failure;
  const [first] = turns;
  const arrived = trip.forward.hops.at(-1)!;
  if (direction !== 'back' || first?.index !== 0 || first.hop.host !== arrived.host || !first.routed) return null;
  // a router has more than one way out by trade: it lacks a route; so does a tunnel's client
  if (isRouter(network, network.hosts.get(arrived.host)!) || first.next.tunnel !== null) return null;
  if (first.routed.dev === arrived.in || first.next.dev !== arrived.in || trace.hops[0]!.out === null) return null;
  const params = {
    network: networkName(network, packet.destination),
    ...(first.routed.via ? { via: formatAddress(first.routed.via) } : {}),
  };
  const evidence = [...first.because, ...neededRoute(failure, first.hop.host, first.next)];
  return { host: first.hop.host, evidence, params };
}

/** With rp_filter the target drops the question for that already. */
function checked(failure: Failure): Named | null {
  const check = sourceCheckOf(failure);
  if (!check || !isSourceUnknown(failure)) return null;
  const network = networkName(failure.network, failure.packet.source);
  const { host, in: dev } = failure.hop;
  return {
    host,
    evidence: [...check.because, needed(`a route to ${network} by ${dev ?? ''} on ${host}`)],
    params: { network },
  };
}
