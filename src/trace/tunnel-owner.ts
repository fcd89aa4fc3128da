import { contains, sameAddress, type Address } from '../ip/index.ts';
import type { Tunnel, TunnelClient } from '../model/index.ts';

/** Who a tunnel's server sends an address to, and by which of its entries. */
export interface TunnelOwner {
  readonly client: TunnelClient;
  readonly by: 'client-address' | 'iroute';
}

/** Whether the address is one that the tunnel's client may use as a source (multi.c checks each packet). */
export function clientOwns(client: TunnelClient, address: Address): 'client-address' | 'iroute' | null {
  if (client.addresses.some((a) => sameAddress(a, address))) return 'client-address';
  return client.iroutes.some((r) => contains(r.prefix, address)) ? 'iroute' : null;
}

/**
 * The client that the server's table gives for an address: itself first, then the longest network behind one. Who is not
 * connected is in no table, and is named only where nobody else has the address.
 */
export const ownerInTunnel = (tunnel: Tunnel, address: Address): TunnelOwner | null =>
  ownerAmong(
    tunnel.clients.filter((c) => c.connected),
    address,
  ) ??
  ownerAmong(
    tunnel.clients.filter((c) => !c.connected),
    address,
  );

function ownerAmong(clients: readonly TunnelClient[], address: Address): TunnelOwner | null {
  let best: { client: TunnelClient; length: number } | null = null;
  for (const client of clients) {
    const kind = clientOwns(client, address);
    if (kind === 'client-address') return { client, by: 'client-address' };
    if (kind === null) continue;
    const length = longestIroute(client, address);
    if (!best || length > best.length) best = { client, length };
  }
  return best ? { client: best.client, by: 'iroute' } : null;
}

function longestIroute(client: TunnelClient, address: Address): number {
  const matching = client.iroutes.filter((r) => clientOwns({ ...client, addresses: [], iroutes: [r] }, address));
  return Math.max(...matching.map((r) => r.prefix.length));
}
