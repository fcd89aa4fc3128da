import type { Fact } from '../../ip/index.ts';
import type { Host } from '../../model/index.ts';
import type { Hop } from '../../trace/index.ts';
import type { CauseTest, Named } from './cause-test.ts';

/** The answer hangs on a line that is not modelled. */
export const notModelled: CauseTest = ({ network, trip, trace, hop }) => {
  const first = trip.uncertain[0];
  if (!first) return trace.outcome === 'unknown' ? endedBy(hop) : null;
  const owner = [...network.hosts.values()].find((h) => says(h, first));
  return { host: owner?.name ?? hop.host, evidence: trip.uncertain, params: { what: first.text } };
};

/** The step that nobody knows the end of. */
function endedBy({ host, steps }: Hop): Named | null {
  const step = steps.findLast((s) => s.action.kind === 'uncertain' && s.stage === 'ipvs');
  return step?.action.kind === 'uncertain'
    ? { host, evidence: step.because, params: { what: step.action.what } }
    : null;
}

/** Whether the line is one of the host's rules. */
function says({ rules, ruleset }: Host, fact: Fact): boolean {
  const chains = ruleset.tables.flatMap((t) => [...t.chains.values()]);
  return rules.some((r) => r.fact === fact) || chains.some((c) => c.rules.some((r) => r.fact === fact));
}
