import { formatAddress, isAssumption } from '../../ip/index.ts';
import { habitsOf } from '../../model/index.ts';
import type { Hop } from '../../trace/index.ts';
import type { Failure } from '../failure.ts';
import { blamedTurn } from '../wrong-turn.ts';
import type { CauseTest } from './cause-test.ts';

/** The packet went to a box that nothing was collected from, or what ended it is only assumed. */
export const unknownBox: CauseTest = (failure) => {
  const { trace, hop, step } = failure;
  if (trace.outcome === 'unknown') {
    const left = step?.action.kind === 'left' ? { ask: step.action.ask, via: formatAddress(step.action.to) } : {};
    return { host: hop.host, evidence: step?.because ?? [], params: left };
  }
  const forwarding = hop.steps.findLast((s) => s.action.kind === 'forwarding-checked');
  const isOff = trace.outcome === 'forwarding-off' && forwarding !== undefined;
  const decided = isOff ? { hop, because: forwarding.because } : blamedTurn(failure.turns);
  if (!decided || decided.because.length === 0 || !decided.because.every(isAssumption)) return null;
  const ask = `on ${decided.hop.host}: ${questionTo(failure, decided.hop)}`;
  return { host: decided.hop.host, evidence: decided.because, params: { ask } };
};

/** The command whose answer settles it: route, forwarding and source check in one; IPv6's does not know of forwarding. */
function questionTo({ network, packet, trace }: Failure, hop: Hop): string {
  const destination = formatAddress(packet.destination);
  const { system } = network.hosts.get(hop.host)!;
  if (system !== undefined) {
    const { asks } = habitsOf(system);
    return trace.outcome === 'forwarding-off' ? asks.forwarding : `${asks.route} ${destination}`;
  }
  if (packet.family === 6 && trace.outcome === 'forwarding-off') return 'sysctl net.ipv6.conf.all.forwarding';
  if (hop.in === null) return `ip route get ${destination}`;
  return `ip route get ${destination} from ${formatAddress(packet.source)} iif ${hop.in}`;
}
