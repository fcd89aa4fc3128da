import { formatAddress, formatPrefix } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import { networkName, prefixAround } from '../network-prefix.ts';
import { isSourceUnknown, sourceCheckOf, wayToSource } from '../source-way.ts';
import type { CauseTest } from './cause-test.ts';

/** rp_filter: no route of the host leads to the network that the packet came from, or only the default route does. */
export const sourceUnknownToRouter: CauseTest = (failure) => {
  const check = sourceCheckOf(failure);
  if (!check || !isSourceUnknown(failure)) return null;
  const { network, hop, packet } = failure;
  const next = wayToSource(failure);
  const via = next?.via ? ` via ${formatAddress(next.via)}` : '';
  const dev = ` dev ${next?.dev ?? hop.in ?? ''}`;
  return {
    host: hop.host,
    evidence: [...check.because, needed(`${formatPrefix(prefixAround(network, packet.source))}${via}${dev}`)],
    params: { source: networkName(network, packet.source) },
  };
};
