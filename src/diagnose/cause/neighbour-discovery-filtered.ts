import { formatAddress } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A firewall drops IPv6's neighbour solicitations or advertisements, so nobody on the link finds the host, or it nobody. */
export const neighbourDiscoveryFiltered: CauseTest = ({ step }) => {
  if (step?.action.kind !== 'neighbour-filtered') return null;
  const { host, table, chain, to, message } = step.action;
  return {
    host,
    evidence: [...step.because, needed('accept icmpv6 types 135 and 136 before that')],
    params: { destination: formatAddress(to), what: message, ...(chain === '' ? {} : { chain: `${table} ${chain}` }) },
  };
};
