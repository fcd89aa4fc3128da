import { formatAddress, sameAddress } from '../../ip/index.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** net30: the address asked for is the other end of somebody's point-to-point interface, which nobody has. */
export const virtualPeer: CauseTest = ({ network, trace, hop, packet }) => {
  const step = hop.steps.findLast((s) => s.action.kind === 'tunnel-refused');
  if (trace.outcome !== 'tunnel-no-client' || step?.action.kind !== 'tunnel-refused') return null;
  const { tunnel: name } = step.action;
  const tunnel = network.tunnels.find((t) => t.name === name)!;
  const ends = [tunnel.server, ...tunnel.clients.map((c) => ({ host: c.host ?? '', interface: c.interface ?? '' }))];
  for (const end of ends) {
    const dev = network.hosts.get(end.host)?.interfaces.find((i) => i.name === end.interface);
    const own = dev?.addresses.find((a) => a.peer && sameAddress(a.peer, packet.destination));
    if (!own || sameAddress(own.address, packet.destination)) continue;
    return {
      host: end.host,
      evidence: [own.fact, needed(`the address of ${end.host} itself, ${formatAddress(own.address)}`)],
      params: { destination: formatAddress(packet.destination), source: formatAddress(own.address) },
    };
  }
  return null;
};
