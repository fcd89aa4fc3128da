import { formatAddress } from '../../ip/index.ts';
import type { CauseTest } from './cause-test.ts';

/** Nobody on the link where the address belongs has it, or the box that has it is off. */
export const noSuchHost: CauseTest = ({ trace, hop }) => {
  const step = hop.steps.findLast((s) => s.action.kind === 'no-neighbour');
  if (trace.outcome !== 'neighbour-unreachable' || step?.action.kind !== 'no-neighbour') return null;
  const { to, link } = step.action;
  return { host: hop.host, evidence: step.because, params: { destination: formatAddress(to), link } };
};
