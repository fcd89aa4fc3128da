import { formatAddress } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A cloud's source/destination check: a host may only send and get under its own addresses, as long as nobody says so. */
export const cloudCheck: CauseTest = ({ trace, step }) => {
  if (trace.outcome !== 'fabric-dropped' || step?.action.kind !== 'fabric-dropped') return null;
  const { host, which, address, link } = step.action;
  return {
    host,
    evidence: [...step.because, needed(`the source/destination check of ${host} on ${link} off`)],
    params: { [which]: formatAddress(address), link },
  };
};
