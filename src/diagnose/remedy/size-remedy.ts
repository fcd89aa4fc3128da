import { applyChanges, type Change } from '../../model/index.ts';
import { roundTrip } from '../../trace/index.ts';
import type { Failure } from '../failure.ts';
import { learnsSize, lostMessage } from '../too-big.ts';
import { acceptRule, messageMatch } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';
import { rulePlaces } from './rule-places.ts';

/** A rule that lets the message about a packet's size through the chain that stopped it. */
export function sizeRemedies(failure: Failure): Remedy[] {
  const lost = lostMessage(failure);
  const step = lost?.step;
  if (!lost || step?.action.kind !== 'filter') return [];
  const { hop } = lost;
  const host = failure.network.hosts.get(hop.host)!;
  const { protocol, icmpType } = hop.after;
  const rule = acceptRule(messageMatch(protocol, icmpType), "accept 'packet too big'");
  const places = rulePlaces(host, { ...step.action, by: step.because[0] });
  const changes = places.map((place): Change => ({ kind: 'add-rule', host: host.name, place, rule }));
  const change = changes.find((c) => learnsSize(roundTrip(applyChanges(failure.network, [c]), failure.question)));
  const kinds = { input: 'accept-input', output: 'accept-output' } as const;
  const kind = step.stage === 'input' || step.stage === 'output' ? kinds[step.stage] : 'accept-forward';
  return change ? [{ kind, host: host.name, changes: [change] }] : [];
}
