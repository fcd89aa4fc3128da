import { filteredOnWay } from '../filtered.ts';
import { networkName } from '../network-prefix.ts';
import { neededAccept } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** The firewall rejects what the host should pass on. */
export const forwardReject: CauseTest = (failure) => {
  const filtered = filteredOnWay(failure);
  if (filtered?.verdict !== 'reject') return null;
  const { network, hop, step, packet } = failure;
  return {
    host: hop.host,
    evidence: [...(step?.because ?? []), ...neededAccept(failure)],
    params: {
      chain: filtered.chain,
      source: networkName(network, packet.source),
      network: networkName(network, packet.destination),
    },
  };
};
