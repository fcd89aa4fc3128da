import { formatAddress } from '../../ip/index.ts';
import type { CauseTest } from './cause-test.ts';

/** rp_filter: the way back to the source leaves by another interface. */
export const reversePathFilter: CauseTest = ({ trace, hop, step, packet }) => {
  if (trace.outcome !== 'reverse-path' || step?.action.kind !== 'source-checked' || step.action.back === null)
    return null;
  return {
    host: hop.host,
    evidence: step.because,
    params: { source: formatAddress(packet.source), dev: hop.in ?? '' },
  };
};
