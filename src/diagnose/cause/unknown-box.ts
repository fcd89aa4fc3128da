import type { CauseTest } from './cause-test.ts';

/** The packet went to a box that nothing was collected from. */
export const unknownBox: CauseTest = ({ trace, hop, step }) => {
  if (trace.outcome !== 'unknown') return null;
  const ask = step?.action.kind === 'left' ? step.action.ask : '';
  return { host: hop.host, evidence: step?.because ?? [], params: { ask } };
};
