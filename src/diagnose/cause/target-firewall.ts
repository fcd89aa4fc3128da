import { filteredBy } from '../filtered.ts';
import { networkName } from '../network-prefix.ts';
import { neededAccept } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** The firewall of an end itself: what may come in, or what may go out. */
export const targetFirewall: CauseTest = (failure) => {
  const filtered = filteredBy(failure);
  if (!filtered?.atEnd) return null;
  const { network, hop, step, packet } = failure;
  const { chain, goesOut } = filtered;
  const other = networkName(network, goesOut ? packet.destination : packet.source);
  return {
    host: hop.host,
    evidence: [...(step?.because ?? []), ...neededAccept(failure)],
    params: { network: other, chain, ...(goesOut ? { way: 'out' } : {}) },
  };
};
