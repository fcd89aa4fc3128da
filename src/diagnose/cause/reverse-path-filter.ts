import { formatAddress } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import { isSourceUnknown, sourceCheckOf } from '../source-way.ts';
import type { CauseTest } from './cause-test.ts';

/** rp_filter: the way back to the source leaves by another interface. */
export const reversePathFilter: CauseTest = (failure) => {
  const check = sourceCheckOf(failure);
  if (!check || isSourceUnknown(failure)) return null;
  const { hop, packet } = failure;
  const dev = hop.in ?? '';
  return {
    host: hop.host,
    evidence: [
      ...check.because,
      needed(`the way to ${formatAddress(packet.source)} by ${dev}, or a loose check there`),
    ],
    params: { source: formatAddress(packet.source), dev },
  };
};
