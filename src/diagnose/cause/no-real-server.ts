import { formatAddress } from '../../ip/index.ts';
import { sameVirtualMatch, type Network, type RealServer, type VirtualServer } from '../../model/index.ts';
import { roundTrip, type Question } from '../../trace/index.ts';
import { checkQuestion, emptiedOf, MAX_CHECKS, type Emptied } from '../emptied.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A virtual server took the packet and refused it: all its real servers are quiesced, or it has none. */
export const noRealServer: CauseTest = ({ network, question, trip, hop }) => {
  const step = hop.steps.findLast((s) => s.action.kind === 'no-real-server');
  if (step?.action.kind !== 'no-real-server') return null;
  const { service } = step.action;
  const configured = network.hosts.get(hop.host)?.configuredServers?.find((c) => sameVirtualMatch(c, service));
  const quiesced = service.realServers.map((s) => formatAddress(s.address));
  const setting = quiesced.length > 0 ? `weight 0 of ${quiesced.join(', ')}` : 'its list is empty';
  const out = (configured?.realServers ?? []).map((s) => s.fact);
  const emptied = emptiedOf(network, trip);
  const what =
    quiesced.length > 0
      ? ['a real server with a weight']
      : emptied
        ? emptied.configured.realServers.slice(0, MAX_CHECKS).map((r) => checkWords(network, question, emptied, r))
        : ['a real server whose check passes, or a sorry_server; to know which: keepalived.conf of this host'];
  return {
    host: hop.host,
    evidence: [...step.because, ...out, ...what.map(needed)],
    params: { what: nameOf(service), setting },
  };
};

/** Why a real server is out: the way to it, or what is not known of its end. */
function checkWords(network: Network, question: Question, emptied: Emptied, real: RealServer): string {
  const check = checkQuestion(emptied, real, question);
  const address = formatAddress(real.address);
  const { verdict } = roundTrip(network, check);
  if (verdict !== 'answered')
    return `the check of ${address} from ${emptied.host} to pass: tcp/${check.destinationPort} gets no answer on this way`;
  return `what answers ${emptied.host} on ${address} tcp/${check.destinationPort}: the way there and back is open, so the program at its end fails the check (journalctl -u keepalived; ss -ltnp there)`;
}

function nameOf({ match }: VirtualServer): string {
  if (match.kind === 'mark') return `virtual server fwmark ${match.mark}`;
  return `virtual server ${formatAddress(match.address)} port ${match.port}`;
}
