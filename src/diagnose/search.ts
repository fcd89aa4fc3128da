import { applyChanges, type Change, type Network } from '../model/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../trace/index.ts';
import { failureOf, failureOfMissed, type Failure } from './failure.ts';
import { isInvalid } from './invalid.ts';
import { missedVirtualServer, type Missed } from './missed-virtual-server.ts';
import { COST, remedyKey, type Remedy } from './remedy/remedy.ts';
import { remediesFor } from './remedy/remedies.ts';
import { learnsSize } from './too-big.ts';

/** Remedies that together heal a round trip, with the trip they lead to. */
export interface Cure {
  readonly remedies: readonly Remedy[];
  readonly changes: readonly Change[];
  readonly network: Network;
  readonly trip: RoundTrip;
}

/** More faults than this in one way are not healed at once. */
const MAX_REMEDIES = 8;
const MAX_TRIES = 200;
const MAX_CURES = 8;
/** Dearer than the best cure by more than this is out of the question: translation instead of a route costs that much. */
const MAX_DEARER = COST.masquerade;

interface Try {
  readonly remedies: readonly Remedy[];
  readonly cost: number;
}

/**
 * Sets of remedies that heal the round trip, cheapest first: tries the cheapest open set, traces again, and where it
 * still fails adds what might heal that failure. A set of which a part is enough is left out.
 */
export function searchCures(network: Network, question: Question): readonly Cure[] {
  const open: Try[] = [{ remedies: [], cost: 0 }];
  const seen = new Set<string>();
  const cures: Cure[] = [];
  let best: number | null = null;
  for (let tries = 0; open.length > 0 && tries < MAX_TRIES && cures.length < MAX_CURES; tries++) {
    const current = takeCheapest(open);
    best ??= cures.length > 0 ? costOf(cures[0]!.remedies) : null;
    if (best !== null && current.cost > best + MAX_DEARER) break;
    if (cures.some((c) => isWithin(c.remedies, current.remedies))) continue;
    const changes = changesOf(current.remedies);
    const changed = applyChanges(network, changes);
    const { trip, failure } = look(changed, question);
    if (failure) open.push(...furtherTries(failure, current, seen));
    else if (current.remedies.length > 0 && isSmallest(network, question, current.remedies))
      cures.push({ remedies: current.remedies, changes, network: changed, trip });
  }
  return withoutDetours(cures);
}

/** Cures that translate addresses and still take more edits than one that does not are of no use to anybody. */
function withoutDetours(cures: readonly Cure[]): readonly Cure[] {
  const plain = cures.filter((c) => !hides(c)).map((c) => c.remedies.length);
  return cures.filter((c) => !hides(c) || plain.every((n) => c.remedies.length <= n));
}

const hides = (cure: Cure): boolean => cure.remedies.some((r) => r.kind === 'masquerade');

const changesOf = (remedies: readonly Remedy[]): readonly Change[] => remedies.flatMap((r) => r.changes);

function takeCheapest(open: Try[]): Try {
  const at = open.reduce((best, t, i) => (t.cost < open[best]!.cost ? i : best), 0);
  return open.splice(at, 1)[0]!;
}

interface Look {
  readonly trip: RoundTrip;
  /** What is still wrong; null when the question is answered for good. */
  readonly failure: Failure | null;
}

/** Asks, and for a ping or datagram also whether a TCP connection would hang because somebody saw half of it. */
function look(network: Network, question: Question): Look {
  const trip = roundTrip(network, question);
  // who is told that a packet is too big sends smaller ones
  if (question.length !== undefined && learnsSize(trip)) return { trip, failure: null };
  if (trip.verdict !== 'answered') return { trip, failure: failureOf(network, question, trip) };
  const missed = missedVirtualServer(network, trip);
  if (missed && canBeTaken(missed)) return { trip, failure: failureOfMissed(network, question, trip, missed) };
  if (question.protocol === 'tcp') return { trip, failure: null };
  const connection: Question = { ...question, protocol: 'tcp', destinationPort: SSH };
  const second = roundTrip(network, connection);
  const failure = failureOf(network, connection, second);
  const isHalf = failure !== null && (second.sees.kind === 'hang' || isInvalid(failure));
  return { trip, failure: isHalf ? failure : null };
}

/** Where nobody knows a virtual server for the mark, an answer by somebody else is all that can be had. */
const canBeTaken = ({ isSentOn, configured, standIns }: Missed): boolean =>
  isSentOn || configured !== null || standIns.length > 0;

/** Any port would do: a firewall that forbids it by itself says nothing of the way. */
const SSH = 22;

function isWithin(smaller: readonly Remedy[], larger: readonly Remedy[]): boolean {
  const keys = new Set(larger.map(remedyKey));
  return smaller.every((r) => keys.has(remedyKey(r)));
}

/** No remedy of the set can be left away. */
function isSmallest(network: Network, question: Question, remedies: readonly Remedy[]): boolean {
  if (remedies.length === 1) return true;
  return remedies.every((left) => {
    const others = remedies.filter((r) => r !== left);
    return look(applyChanges(network, changesOf(others)), question).failure !== null;
  });
}

function furtherTries(failure: Failure, current: Try, seen: Set<string>): Try[] {
  if (current.remedies.length >= MAX_REMEDIES) return [];
  return remediesFor(failure).flatMap((remedy) => {
    const remedies = [...current.remedies, remedy];
    const key = remedies.map(remedyKey).sort().join('|');
    if (seen.has(key) || current.remedies.some((r) => remedyKey(r) === remedyKey(remedy))) return [];
    seen.add(key);
    return [{ remedies, cost: costOf(remedies) }];
  });
}

/** Each box more is a box more to log in to. */
function costOf(remedies: readonly Remedy[]): number {
  const boxes = new Set(remedies.flatMap((r) => r.changes.map((c) => c.host))).size;
  return remedies.reduce((sum, r) => sum + COST[r.kind], 0) + 0.1 * Math.min(boxes, 10);
}
