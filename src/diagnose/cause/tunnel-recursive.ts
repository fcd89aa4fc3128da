import { formatAddress } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import { recursion } from '../recursion.ts';
import type { CauseTest } from './cause-test.ts';

/** A route of the host leads what carries a tunnel into the tunnel itself. */
export const tunnelRecursive: CauseTest = (failure) => {
  const found = recursion(failure);
  if (!found) return null;
  const { tunnel, outside, because } = found;
  const { host } = failure.hop;
  const destination = formatAddress(found.destination);
  const way = outside
    ? `${outside.via ? `via ${formatAddress(outside.via)} ` : ''}dev ${outside.dev}`
    : 'beside the tunnel';
  return { host, evidence: [...because, needed(`${destination} ${way} on ${host}`)], params: { tunnel, destination } };
};
