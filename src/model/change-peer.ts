import { formatAddress, samePrefix, type Address, type Prefix } from '../ip/index.ts';
import type { Host } from './host.ts';
import type { WireGuardPeer } from './wireguard.ts';

/** A WireGuard interface learns something of a peer. A network that it allows is taken from its other peers. */
export interface SetPeer {
  readonly kind: 'set-peer';
  readonly host: string;
  readonly dev: string;
  readonly publicKey: string;
  readonly set:
    | { readonly kind: 'allow'; readonly prefix: Prefix }
    | { readonly kind: 'endpoint'; readonly address: Address; readonly port: number }
    | { readonly kind: 'keepalive'; readonly seconds: number };
}

/** The host once `wg set` told one of its interfaces something of a peer. */
export function withPeer(host: Host, change: SetPeer): Host {
  const wireguard = (host.wireguard ?? []).map((w) =>
    w.dev === change.dev ? { ...w, peers: w.peers.map((p) => changed(p, change)) } : w,
  );
  return { ...host, wireguard };
}

function changed(peer: WireGuardPeer, { publicKey, set }: SetPeer): WireGuardPeer {
  const isMeant = peer.publicKey === publicKey;
  const fact = { source: 'proposed change', line: 0, text: `wg set: ${set.kind} of peer ${publicKey.slice(0, 8)}...` };
  switch (set.kind) {
    case 'allow': {
      const others = peer.allowedIps.filter((a) => !samePrefix(a.prefix, set.prefix));
      return { ...peer, allowedIps: isMeant ? [...others, { prefix: set.prefix, fact }] : others };
    }
    case 'endpoint':
      return isMeant ? { ...peer, endpoint: { host: formatAddress(set.address), port: set.port } } : peer;
    case 'keepalive':
      return isMeant ? { ...peer, keepalive: set.seconds } : peer;
  }
}
