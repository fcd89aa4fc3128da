import { sameAddress, type Address, type Family } from '../ip/index.ts';
import { proposed, type Host, type Network, type RealServer, type VirtualServer } from '../model/index.ts';

/**
 * Virtual servers that could take a mark which none takes: with the real servers of one that is there for another number, or
 * those of the other IP version under the addresses that the same hosts have in this one.
 */
export function standInServers(network: Network, host: Host, mark: number, family: Family): readonly VirtualServer[] {
  const all = [...host.virtualServers, ...(host.configuredServers ?? [])].filter((s) => s.match.kind === 'mark');
  const near = all.filter((s) => s.family === family && s.realServers.length > 0);
  const models = near.length > 0 ? near : all.flatMap((s) => translated(network, s, family));
  const seen = new Set<string>();
  return models.flatMap((model) => {
    const key = model.realServers.map((r) => r.fact.text).join();
    if (seen.has(key)) return [];
    seen.add(key);
    const fact = proposed(`virtual_server fwmark ${mark}`);
    return [{ ...model, match: { kind: 'mark', mark } as const, fact }];
  });
}

/** The same hosts behind it, by their addresses of the other family; none where nobody knows one. */
function translated(network: Network, server: VirtualServer, family: Family): VirtualServer[] {
  const realServers = server.realServers.flatMap((r): RealServer[] => {
    const address = addressOfSameHost(network, r.address, family);
    return address ? [{ ...r, address }] : [];
  });
  return realServers.length > 0 ? [{ ...server, family, realServers }] : [];
}

function addressOfSameHost(network: Network, address: Address, family: Family): Address | null {
  for (const host of network.hosts.values()) {
    for (const { addresses } of host.interfaces) {
      if (!addresses.some((a) => sameAddress(a.address, address))) continue;
      return addresses.find((a) => a.address.family === family && a.scope === 'global')?.address ?? null;
    }
  }
  return null;
}
