import { sameAddress } from '../ip/index.ts';
import { applyChanges, type Network } from '../model/index.ts';
import { addressFor, answeredPairs, difference, type Service } from '../reach/index.ts';
import { roundTrip, type Question, type RoundTrip } from '../trace/index.ts';
import { CAUSES } from './cause/causes.ts';
import { failureOf } from './failure.ts';
import type { CauseCode, Finding, Fix } from './finding.ts';
import type { Named } from './cause/cause-test.ts';
import { searchCures, type Cure } from './search.ts';

/**
 * Why a round trip is not answered, and what heals it: one finding for each fault that the best cure has to mend, the
 * first one first. The fixes stand with the first finding. Empty when it is answered.
 */
export function diagnose(network: Network, question: Question, trip: RoundTrip): readonly Finding[] {
  if (trip.verdict === 'answered') return [];
  const first = nameFailure(network, question, trip);
  if (!first) return [];
  const cures = searchCures(network, question);
  const fixes = provedFixes(network, question, trip, cures);
  const further = cures[0] ? furtherFindings(network, question, cures[0], first) : [];
  return [{ ...first, fixes }, ...further];
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
    const changed = applyChanges(
      network,
      cure.remedies.slice(0, n).flatMap((r) => r.changes),
    );
    const named = nameFailure(changed, question, roundTrip(changed, question));
    const isNew = named && ![first, ...findings].some((f) => f.cause === named.cause && f.host === named.host);
    if (isNew) findings.push({ ...named, fixes: [] });
  }
  return findings;
}

/** All pairs are compared only in networks of this many hosts; larger ones would take too long. */
const MAX_HOSTS_FOR_PAIRS = 40;

function provedFixes(network: Network, question: Question, trip: RoundTrip, cures: readonly Cure[]): Fix[] {
  const services: Service[] = [{ protocol: 'icmp', port: 0 }];
  if (question.protocol !== 'icmp') services.push({ protocol: question.protocol, port: question.destinationPort });
  const isSmall = network.hosts.size <= MAX_HOSTS_FOR_PAIRS;
  const before = isSmall && cures.length > 0 ? answeredPairs(network, services) : [];
  return cures.map((cure) => {
    const { opens, closes } = isSmall
      ? difference(before, answeredPairs(cure.network, services))
      : { opens: [], closes: [] };
    const main = cure.remedies[0]!;
    const kind = cure.remedies.length === 1 ? main.kind : 'combined';
    return {
      kind,
      host: main.host,
      changes: cure.changes,
      proved: true,
      opens,
      closes,
      details: detailsOf(question, trip, cure),
    };
  });
}

function detailsOf(question: Question, trip: RoundTrip, cure: Cure): Fix['details'] {
  const back = cure.trip.return!;
  const arrived = cure.trip.forward.hops.at(-1)!;
  const asked = cure.trip.flow.source;
  return {
    keepsClientAddress: sameAddress(arrived.before.source, asked),
    lanReachesClient: reachesBack(cure.network, trip.to, question.from),
    hairpin: back.hops.some((h) => h.in !== null && h.in === h.out),
    statefulRouter: back.hops.slice(1, -1).some((h) => h.steps.some((s) => s.action.kind === 'tracked')),
  };
}

function reachesBack(network: Network, from: string, to: string): boolean {
  const destination = addressFor(network, from, to);
  if (!destination) return false;
  const question: Question = { from, destination, protocol: 'icmp', destinationPort: 0, sourcePort: 40000 };
  return roundTrip(network, question).verdict === 'answered';
}
