import { neededRoute } from '../needed.ts';
import { rejectOfSource, sourceCheckOf } from '../source-way.ts';
import type { CauseTest } from './cause-test.ts';

/** A route or rule that is there to throw the packet away; with rp_filter also one that would throw the answer away. */
export const blackholeRoute: CauseTest = (failure) => {
  const { trace, hop, step, turns } = failure;
  const reject = rejectOfSource(failure);
  if (reject) return { host: hop.host, evidence: sourceCheckOf(failure)!.because, params: { route: reject.fact.text } };
  const kinds = ['route-blackhole', 'route-unreachable', 'route-prohibited'];
  const refused = hop.steps.findLast((s) => s.action.kind === 'not-routed') ?? step;
  if (!kinds.includes(trace.outcome) || refused?.action.kind !== 'not-routed') return null;
  const next = turns.find((t) => t.hop === hop)?.next ?? null;
  return {
    host: hop.host,
    evidence: [...refused.because, ...neededRoute(failure, hop.host, next)],
    params: { route: refused.because[0]?.text ?? '' },
  };
};
