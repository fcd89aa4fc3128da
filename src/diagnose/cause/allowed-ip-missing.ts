import { formatPrefix } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';
import { missingAllowedIp } from '../missing-allowed-ip.ts';
import { needed } from '../needed.ts';
import type { CauseTest, Named } from './cause-test.ts';

/** A WireGuard interface has no peer for a network: nothing is sent there, and nothing is taken from there. */
export const allowedIpMissing: CauseTest = (failure) => named(failure, false);

/** It has the network with another peer than the one behind which it lies. */
export const allowedIpElsewhere: CauseTest = (failure) => named(failure, true);

function named(failure: Failure, isElsewhere: boolean): Named | null {
  const missing = missingAllowedIp(failure);
  if (!missing || (missing.owner !== null) !== isElsewhere) return null;
  const { host, peer, owner, prefix, because } = missing;
  const network = formatPrefix(prefix);
  return {
    host,
    evidence: [...because, needed(`AllowedIPs of ${peer}: ${network}`)],
    params: { network, peer, ...(owner === null ? {} : { owner }) },
  };
}
