import { formatAddress } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';
import { networkName } from '../network-prefix.ts';
import { neededRoute } from '../needed.ts';
import { blamedTurn } from '../wrong-turn.ts';
import type { CauseTest, Named } from './cause-test.ts';

/** The answer takes a wrong turn: a host on its way does not know the network that the question came from. */
export const noReturnRoute: CauseTest = (failure) => (failure.direction === 'back' ? missingRoute(failure) : null);

/** A host on the way there has no route to the destination, or only one that leads astray. */
export const noRoute: CauseTest = (failure) => missingRoute(failure) ?? endOfWay(failure);

/** The host named is the first router that should know the network, else the sender. */
function missingRoute(failure: Failure): Named | null {
  const turn = blamedTurn(failure.turns);
  if (!turn) return null;
  const { network, packet } = failure;
  const via = turn.routed?.route.prefix.length === 0 ? turn.routed.via : null;
  return {
    host: turn.hop.host,
    evidence: [...turn.because, ...neededRoute(failure, turn.hop.host, turn.next)],
    params: { network: networkName(network, packet.destination), ...(via ? { via: formatAddress(via) } : {}) },
  };
}

/** No host of the network has the address: the last one that had the packet knew no further. */
function endOfWay({ network, trace, hop, packet }: Failure): Named | null {
  if (!['no-route', 'private-on-internet', 'ttl-expired'].includes(trace.outcome)) return null;
  const step = hop.steps.findLast((s) => s.stage === 'route');
  return {
    host: hop.host,
    evidence: step?.because ?? [],
    params: { network: networkName(network, packet.destination) },
  };
}
