import { formatPrefix } from '../../ip/index.ts';
import { applyChanges, type Change, type Statement } from '../../model/index.ts';
import { roundTrip } from '../../trace/index.ts';
import { failureOf, type Failure } from '../failure.ts';
import { filteredBy, type Filtered } from '../filtered.ts';
import { isInvalid } from '../invalid.ts';
import { lastRoute } from '../last-route.ts';
import { prefixAround } from '../network-prefix.ts';
import { acceptRule, betweenWords, byInterface, inPrefix, ofKnownConnection, serviceMatch } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';
import { rulePlaces } from './rule-places.ts';

/** A rule that lets the packet through the chain that dropped or rejected it. */
export function firewallRemedies(failure: Failure): Remedy[] {
  const { network, hop, step } = failure;
  const filtered = filteredBy(failure);
  if (!filtered || step?.action.kind !== 'filter') return [];
  const host = network.hosts.get(hop.host)!;
  const { statements, text } = wanted(failure, filtered);
  const rule = acceptRule(statements, text);
  const places = rulePlaces(host, { ...step.action, by: step.because[0] });
  const changes = places.map((place): Change => ({ kind: 'add-rule', host: host.name, place, rule }));
  const change = changes.find((c) => passes(failure, c));
  return change ? [{ kind: kindOf(failure, filtered), host: host.name, changes: [change] }] : [];
}

function kindOf(failure: Failure, { atEnd, goesOut }: Filtered): Remedy['kind'] {
  if (atEnd) return goesOut ? 'accept-output' : 'accept-input';
  return isInvalid(failure) && failure.hop.in === lastRoute(failure.hop)?.dev ? 'hairpin-accept' : 'accept-forward';
}

interface Wanted {
  readonly statements: readonly Statement[];
  readonly text: string;
}

/**
 * What to accept: between networks where the host passes on, only the service asked for where it is for the host itself;
 * of answers only those to a question, unless connection tracking has not seen the question.
 */
function wanted(failure: Failure, { atEnd }: Filtered): Wanted {
  const { network, hop, packet, direction, step } = failure;
  const source = prefixAround(network, packet.source);
  const destination = prefixAround(network, packet.destination);
  const isAnswer = direction === 'back' && !isInvalid(failure);
  const out = step?.stage === 'forward' ? lastRoute(hop)?.dev : undefined;
  const interfaces = [
    ...(hop.in !== null && step?.stage !== 'output' ? [byInterface('iifname', hop.in)] : []),
    ...(out !== undefined ? [byInterface('oifname', out)] : []),
  ];
  if (isAnswer) {
    const blocks = [inPrefix('saddr', source), inPrefix('daddr', destination)];
    return {
      statements: [...interfaces, ...blocks, ofKnownConnection],
      text: `accept answers ${betweenWords(source, destination)}`,
    };
  }
  if (atEnd) {
    const { statements, words } = serviceMatch(packet);
    const isOut = step?.stage === 'output';
    const block = isOut ? inPrefix('daddr', destination) : inPrefix('saddr', source);
    const from = isOut ? `to ${formatPrefix(destination)}` : `from ${formatPrefix(source)}`;
    return { statements: [...interfaces, block, ...statements], text: `accept ${words} ${from}` };
  }
  const statements = [...interfaces, inPrefix('saddr', source), inPrefix('daddr', destination)];
  return { statements, text: `accept ${betweenWords(source, destination)}` };
}

/** Whether the packet gets past the chain that decided, with the rule there. */
function passes(failure: Failure, change: Change): boolean {
  const changed = applyChanges(failure.network, [change]);
  const again = failureOf(changed, failure.question, roundTrip(changed, failure.question));
  if (again?.hop.host !== failure.hop.host || again.packetNumber !== failure.packetNumber) return true;
  return again.step?.because[0] !== failure.step?.because[0];
}
