import { chainName } from '../chain-name.ts';
import type { CauseTest } from './cause-test.ts';

/** The firewall rejects what the host should pass on. */
export const forwardReject: CauseTest = ({ trace, hop, step }) => {
  if (trace.outcome !== 'rejected' || step?.stage === 'input' || step?.stage === 'output') return null;
  return { host: hop.host, evidence: step?.because ?? [], params: { chain: chainName(step) } };
};
