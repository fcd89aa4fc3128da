import { contains, type Address } from '../ip/index.ts';
import type {
  AllowedIp,
  Attachment,
  Network,
  WireGuard,
  WireGuardEnd,
  WireGuardPeer,
  WireGuardTunnel,
} from '../model/index.ts';

/** The peer that an interface has for an address, and by which of its networks. */
export interface PeerFor {
  readonly peer: WireGuardPeer;
  readonly allowed: AllowedIp;
}

/** The longest allowed IP with the address; null without any (allowedips.c, wg_allowedips_lookup_dst and _src). */
export function peerFor({ peers }: WireGuard, address: Address): PeerFor | null {
  let best: PeerFor | null = null;
  for (const peer of peers)
    for (const allowed of peer.allowedIps)
      if (contains(allowed.prefix, address) && (!best || allowed.prefix.length > best.allowed.prefix.length))
        best = { peer, allowed };
  return best;
}

/** The interface that a key belongs to; null where it is not in the network. */
export function endOfKey(network: Network, key: string): WireGuardEnd | null {
  for (const { ends } of network.wireguard ?? []) {
    const end = ends.find((e) => e.publicKey === key);
    if (end) return end;
  }
  return null;
}

/** The tunnel that the interface is an end of, with the end; null where it is none. */
export function wireGuardEnd(
  network: Network,
  at: Attachment,
): { readonly tunnel: WireGuardTunnel; readonly end: WireGuardEnd } | null {
  for (const tunnel of network.wireguard ?? []) {
    const end = tunnel.ends.find((e) => e.host === at.host && e.interface === at.interface);
    if (end) return { tunnel, end };
  }
  return null;
}
