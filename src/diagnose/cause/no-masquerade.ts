import { formatAddress } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A packet goes into the internet with a private source: no provider carries it, and nobody could answer. */
export const noMasquerade: CauseTest = ({ trace, hop, step, direction }) => {
  if (trace.outcome !== 'private-on-internet' || step?.action.kind !== 'internet-dropped') return null;
  if (step.action.which !== 'source' || direction !== 'there') return null;
  const source = formatAddress(step.action.address);
  const dev = hop.out ?? '';
  return { host: hop.host, evidence: [...step.because, needed(`masquerade out of ${dev}`)], params: { source, dev } };
};
