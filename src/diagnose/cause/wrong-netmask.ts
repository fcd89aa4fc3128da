import { contains, formatAddress, prefixOf } from '../../ip/index.ts';
import type { Host, Interface, InterfaceAddress, Network } from '../../model/index.ts';
import { isConnected } from '../connected.ts';
import { needed } from '../needed.ts';
import type { CauseTest } from './cause-test.ts';

/** A host's own network is larger than that of the others on its link: it takes boxes behind a router for neighbours. */
export const wrongNetmask: CauseTest = ({ network, turns, packet }) => {
  for (const { hop, routed, because } of turns) {
    const host = network.hosts.get(hop.host)!;
    if (!routed || routed.via !== null || !isConnected(host, routed.route, packet.destination)) continue;
    const dev = host.interfaces.find((i) => i.name === routed.dev)!;
    const own = dev.addresses.find((a) => contains(prefixOf(a.address, a.length), packet.destination));
    const length = own && usualLength(network, host, dev, own);
    if (length === undefined || length <= own!.length) continue;
    const right = `${formatAddress(own!.address)}/${length}`;
    if (contains(prefixOf(own!.address, length), packet.destination)) continue;
    return {
      host: host.name,
      evidence: [...because, needed(`${right} on ${dev.name}, as the others on ${dev.link ?? ''} have it`)],
      params: { source: `${formatAddress(own!.address)}/${own!.length}`, dev: dev.name, what: right },
    };
  }
  return null;
};

/** The length that most others on the link have for the network of that address; undefined when nobody has any. */
function usualLength(network: Network, host: Host, dev: Interface, own: InterfaceAddress): number | undefined {
  const votes = new Map<number, number>();
  for (const end of network.links.get(dev.link ?? '')?.attachments ?? []) {
    const other = end.host === host.name ? undefined : network.hosts.get(end.host);
    const theirs = other?.interfaces.find((i) => i.name === end.interface)?.addresses ?? [];
    for (const a of theirs)
      if (contains(prefixOf(a.address, a.length), own.address)) votes.set(a.length, (votes.get(a.length) ?? 0) + 1);
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0];
}
