import { applyChanges, type Network } from '../model/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../trace/index.ts';
import { CAUSES } from './cause/causes.ts';
import type { Named } from './cause/cause-test.ts';
import { checkCures } from './check-cures.ts';
import { emptiedOf } from './emptied.ts';
import { failureOf } from './failure.ts';
import type { CauseCode, Finding } from './finding.ts';
import { fixesOf } from './fixes.ts';
import { missedVirtualServer } from './missed-virtual-server.ts';
import { searchCures, type Cure } from './search.ts';

/**
 * Why a round trip is not answered, and what heals it: one finding for each fault that the best cure has to mend, the
 * first one first. The fixes stand with the first finding, and heal all of them. Empty when it is answered.
 */
export function diagnose(network: Network, question: Question, trip: RoundTrip): readonly Finding[] {
  if (trip.verdict === 'answered') return answeredByAnother(network, question, trip);
  const first = nameFailure(network, question, trip);
  if (!first) return [];
  // where nobody can say that anything is wrong, nothing is to be mended
  if (first.cause === 'not-modelled') return [{ ...first, fixes: [] }];
  const emptied = emptiedOf(network, trip);
  const cures = emptied ? checkCures(network, question, emptied) : searchCures(network, question);
  const further = cures[0] ? furtherFindings(network, question, cures[0], first) : [];
  return [{ ...first, fixes: fixesOf(network, question, cures) }, ...further];
}

/** The packet was marked for a virtual server that is not there: the machine itself, or the site, answered instead. */
function answeredByAnother(network: Network, question: Question, trip: RoundTrip): readonly Finding[] {
  const missed = missedVirtualServer(network, trip);
  if (!missed) return [];
  const fixes = fixesOf(network, question, searchCures(network, question));
  return [{ cause: 'no-virtual-server', ...missed.named, fixes }];
}

type Nameless = Named & { readonly cause: CauseCode };

function nameFailure(network: Network, question: Question, trip: RoundTrip): Nameless | null {
  const failure = failureOf(network, question, trip);
  if (!failure) return null;
  for (const [cause, test] of CAUSES) {
    const named = test(failure);
    if (named) return { cause, ...named };
  }
  return null;
}

/** The faults that show only once the first is mended: what fails after each remedy of the best cure. */
function furtherFindings(network: Network, question: Question, cure: Cure, first: Nameless): Finding[] {
  const findings: Finding[] = [];
  for (let n = 1; n < cure.remedies.length; n++) {
    const changes = cure.remedies.slice(0, n).flatMap((r) => r.changes);
    const changed = applyChanges(network, changes);
    const named = nameFailure(changed, question, roundTrip(changed, question));
    const isNew = named && ![first, ...findings].some((f) => f.cause === named.cause && f.host === named.host);
    if (isNew) findings.push({ ...named, fixes: [] });
  }
  return findings;
}
