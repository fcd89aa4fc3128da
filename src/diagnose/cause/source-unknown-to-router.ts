import { networkName } from '../network-prefix.ts';
import type { CauseTest } from './cause-test.ts';

/** rp_filter: there is no way back to the source at all. */
export const sourceUnknownToRouter: CauseTest = ({ network, trace, hop, step, packet }) => {
  if (trace.outcome !== 'reverse-path' || step?.action.kind !== 'source-checked' || step.action.back !== null)
    return null;
  return { host: hop.host, evidence: step.because, params: { source: networkName(network, packet.source) } };
};
