import type { Fact } from '../../ip/index.ts';
import type { Host } from '../../model/index.ts';
import type { CauseTest } from './cause-test.ts';

/** The answer hangs on a line that is not modelled. */
export const notModelled: CauseTest = ({ network, trip, hop }) => {
  const first = trip.uncertain[0];
  if (!first) return null;
  const owner = [...network.hosts.values()].find((h) => says(h, first));
  return { host: owner?.name ?? hop.host, evidence: trip.uncertain, params: { what: first.text } };
};

/** Whether the line is one of the host's rules. */
function says({ rules, ruleset }: Host, fact: Fact): boolean {
  const chains = ruleset.tables.flatMap((t) => [...t.chains.values()]);
  return rules.some((r) => r.fact === fact) || chains.some((c) => c.rules.some((r) => r.fact === fact));
}
