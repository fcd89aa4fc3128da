import { chainName } from '../chain-name.ts';
import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** The firewall of an end itself: what may come in, or what may go out. */
export const targetFirewall: CauseTest = ({ network, trace, hop, step, packet }) => {
  if (trace.outcome !== 'filtered' && trace.outcome !== 'rejected') return null;
  if (step?.stage !== 'input' && step?.stage !== 'output') return null;
  return {
    host: hop.host,
    evidence: step.because,
    params: { network: networkName(network, packet.source), chain: chainName(step) },
  };
};
