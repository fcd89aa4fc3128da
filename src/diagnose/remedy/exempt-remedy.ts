import { formatPrefix, isPrivate, sameAddress } from '../../ip/index.ts';
import { applyChanges, type Change, type Host } from '../../model/index.ts';
import { roundTrip, type Hop, type Step } from '../../trace/index.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { acceptRule, inPrefix } from './accept-rule.ts';
import type { Remedy } from './remedy.ts';

/** A hop on the way there that hid a private source from a private destination. */
export interface Hidden {
  readonly hop: Hop;
  readonly step: Step;
}

/** The translations between private networks that the question met, in the order of its way. */
export const hiddenBetween = ({ trip }: Failure): readonly Hidden[] =>
  trip.forward.hops.flatMap((hop) => {
    const step = hop.steps.find(
      ({ action: a }) => a.kind === 'translated' && a.what === 'source' && !a.undone && !sameAddress(a.from, a.to),
    );
    return step && isPrivate(hop.before.source) && isPrivate(hop.after.destination) ? [{ hop, step }] : [];
  });

/** A rule in front of a masquerade that leaves what goes between two known networks as it is. */
export const exemptRemedies = (failure: Failure): Remedy[] =>
  hiddenBetween(failure).flatMap((hidden) => {
    const change = exemption(failure, hidden);
    return change ? [{ kind: 'exempt-from-masquerade', host: hidden.hop.host, changes: [change] }] : [];
  });

function exemption({ network }: Failure, { hop, step }: Hidden): Change | null {
  const host = network.hosts.get(hop.host)!;
  const place = placeOf(host, step);
  if (!place) return null;
  const source = prefixAround(network, hop.before.source);
  const destination = prefixAround(network, hop.after.destination);
  const text = `no translation from ${formatPrefix(source)} to ${formatPrefix(destination)}`;
  const rule = acceptRule([inPrefix('saddr', source), inPrefix('daddr', destination)], text);
  return { kind: 'add-rule', host: host.name, place, rule };
}

/** In front of the rule that translated. */
function placeOf(host: Host, { because }: Step): Extract<Change, { kind: 'add-rule' }>['place'] | null {
  for (const table of host.ruleset.tables) {
    for (const chain of table.chains.values()) {
      const index = chain.rules.findIndex((r) => because.includes(r.fact));
      if (index >= 0) return { family: table.family, table: table.name, chain: chain.name, index };
    }
  }
  return null;
}

/** Whether the question is answered where nobody hides who asks. */
export const healsUnhidden = ({ network, question }: Failure, remedies: readonly Remedy[]): boolean =>
  remedies.length > 0 &&
  roundTrip(
    applyChanges(
      network,
      remedies.flatMap((r) => r.changes),
    ),
    question,
  ).verdict === 'answered';
