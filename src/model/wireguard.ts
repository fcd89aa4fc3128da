import type { Fact, Prefix } from '../ip/index.ts';

/** A network that an interface of WireGuard sends to a peer, and takes from it. */
export interface AllowedIp {
  readonly prefix: Prefix;
  readonly fact: Fact;
}

/** Where a peer's packets are sent. */
export interface WireGuardEndpoint {
  /** An address, or a name as written. */
  readonly host: string;
  readonly port: number;
}

/** One peer of an interface. */
export interface WireGuardPeer {
  readonly publicKey: string;
  readonly endpoint?: WireGuardEndpoint;
  /** Its own: what was moved to another peer is not here. */
  readonly allowedIps: readonly AllowedIp[];
  /** Seconds between packets that keep the way open; 0: none are sent. */
  readonly keepalive: number;
  /** The last handshake, in seconds since 1970; 0: none yet; absent: nobody asked the kernel. */
  readonly latestHandshake?: number;
  readonly fact: Fact;
}

/** One WireGuard interface: what the kernel has of it, or what wg-quick makes of its file. Never its private key. */
export interface WireGuard {
  readonly dev: string;
  /** Absent where only a file without its private key tells of it. */
  readonly publicKey?: string;
  /** UDP port; absent: the kernel picks one. */
  readonly listenPort?: number;
  /** Mark of the packets that carry it; 0: none. */
  readonly fwmark: number;
  readonly peers: readonly WireGuardPeer[];
  readonly fact: Fact;
}
