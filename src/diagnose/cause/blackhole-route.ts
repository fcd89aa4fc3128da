import type { CauseTest } from './cause-test.ts';

/** A route that is there to throw the packet away. */
export const blackholeRoute: CauseTest = ({ trace, hop, step }) => {
  const kinds = ['route-blackhole', 'route-unreachable', 'route-prohibited'];
  if (!kinds.includes(trace.outcome) || step?.action.kind !== 'not-routed') return null;
  return { host: hop.host, evidence: step.because, params: { route: step.because[0]?.text ?? '' } };
};
