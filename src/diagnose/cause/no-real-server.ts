import { formatAddress } from '../../ip/index.ts';
import { sameVirtualMatch, type VirtualServer } from '../../model/index.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A virtual server took the packet and refused it: all its real servers are quiesced, or it has none. */
export const noRealServer: CauseTest = ({ network, hop }) => {
  const step = hop.steps.findLast((s) => s.action.kind === 'no-real-server');
  if (step?.action.kind !== 'no-real-server') return null;
  const { service } = step.action;
  const configured = network.hosts.get(hop.host)?.configuredServers?.find((c) => sameVirtualMatch(c, service));
  const quiesced = service.realServers.map((s) => formatAddress(s.address));
  const setting = quiesced.length > 0 ? `weight 0 of ${quiesced.join(', ')}` : 'its list is empty';
  const out = (configured?.realServers ?? []).map((s) => s.fact);
  const what =
    quiesced.length > 0 ? 'a real server with a weight' : 'a real server whose check passes, or a sorry_server';
  return {
    host: hop.host,
    evidence: [...step.because, ...out, needed(what)],
    params: { what: nameOf(service), setting },
  };
};

function nameOf({ match }: VirtualServer): string {
  if (match.kind === 'mark') return `virtual server fwmark ${match.mark}`;
  return `virtual server ${formatAddress(match.address)} port ${match.port}`;
}
