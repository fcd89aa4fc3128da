import { applyChanges, type Change, type Network } from '../model/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../trace/index.ts';
import { failureOf } from './failure.ts';
import { COST, remedyKey, type Remedy } from './remedy/remedy.ts';
import { remediesFor } from './remedy/remedies.ts';

/** Remedies that together heal a round trip, with the trip they lead to. */
export interface Cure {
  readonly remedies: readonly Remedy[];
  readonly changes: readonly Change[];
  readonly network: Network;
  readonly trip: RoundTrip;
}

/** More faults than this in one way are not healed at once. */
const MAX_REMEDIES = 4;
const MAX_TRIES = 120;
const MAX_CURES = 8;

interface Try {
  readonly remedies: readonly Remedy[];
  readonly cost: number;
}

/**
 * Sets of remedies that heal the round trip, cheapest first: tries the cheapest open set, traces again, and where it
 * still fails adds what might heal that failure. A set that contains a smaller cure is left out.
 */
export function searchCures(network: Network, question: Question): readonly Cure[] {
  const open: Try[] = [{ remedies: [], cost: 0 }];
  const seen = new Set<string>();
  const cures: Cure[] = [];
  for (let tries = 0; open.length > 0 && tries < MAX_TRIES && cures.length < MAX_CURES; tries++) {
    open.sort((a, b) => a.cost - b.cost);
    const current = open.shift()!;
    if (cures.some((c) => isWithin(c.remedies, current.remedies))) continue;
    const changes = current.remedies.flatMap((r) => r.changes);
    const changed = applyChanges(network, changes);
    const trip = roundTrip(changed, question);
    if (trip.verdict === 'answered') {
      if (current.remedies.length > 0) cures.push({ remedies: current.remedies, changes, network: changed, trip });
      continue;
    }
    open.push(...furtherTries(changed, question, trip, current, seen));
  }
  return cures;
}

function isWithin(smaller: readonly Remedy[], larger: readonly Remedy[]): boolean {
  const keys = new Set(larger.map(remedyKey));
  return smaller.every((r) => keys.has(remedyKey(r)));
}

function furtherTries(network: Network, question: Question, trip: RoundTrip, current: Try, seen: Set<string>): Try[] {
  const failure = failureOf(network, question, trip);
  if (!failure || current.remedies.length >= MAX_REMEDIES) return [];
  return remediesFor(failure).flatMap((remedy) => {
    const remedies = [...current.remedies, remedy];
    const key = remedies.map(remedyKey).sort().join('|');
    if (seen.has(key)) return [];
    seen.add(key);
    // each box more is a box more to log in to
    const boxes = new Set(remedies.flatMap((r) => r.changes.map((c) => c.host))).size;
    const cost = remedies.reduce((sum, r) => sum + COST[r.kind], 0) + 0.1 * boxes;
    return [{ remedies, cost }];
  });
}
