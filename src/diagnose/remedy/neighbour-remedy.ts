import { applyChanges, type Change } from '../../model/index.ts';
import { PROTOCOL, roundTrip, type Step } from '../../trace/index.ts';
import { failureOf, type Failure } from '../failure.ts';
import { acceptRule, messageMatch } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';
import { rulePlaces } from './rule-places.ts';

/** Solicitations and advertisements (RFC 4861): both, for the host asks and is asked. */
const MESSAGES = [
  [135, 'solicitations'],
  [136, 'advertisements'],
] as const;

/** Rules that let neighbour discovery through the chain that stopped it. */
export function neighbourRemedies(failure: Failure): Remedy[] {
  const { network, step } = failure;
  if (step?.action.kind !== 'neighbour-filtered') return [];
  const { host, table, chain, hook } = step.action;
  // first of all: what stops one of the two messages may stand behind what stops the other
  const decided = rulePlaces(network.hosts.get(host)!, { table, chain, by: step.because[0] });
  const places = decided.filter((place) => place.index === 0);
  const rules = MESSAGES.map(([type, name]) =>
    acceptRule(messageMatch(PROTOCOL.icmpv6, type), `accept neighbour ${name}`),
  );
  const sets = places.map((place) => rules.map((rule): Change => ({ kind: 'add-rule', host, place, rule })));
  const changes = sets.find((c) => passes(failure, c, step));
  const kind = hook === 'output' || hook === 'postrouting' ? 'accept-output' : 'accept-input';
  return changes ? [{ kind, host, changes }] : [];
}

/** Whether discovery gets past the line that decided, with the rules there. */
function passes({ network, question }: Failure, changes: readonly Change[], stopped: Step): boolean {
  const changed = applyChanges(network, changes);
  const again = failureOf(changed, question, roundTrip(changed, question));
  return again?.step?.action.kind !== 'neighbour-filtered' || again.step.because[0] !== stopped.because[0];
}
