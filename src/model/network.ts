import type { Address, Fact, Prefix } from '../ip/index.ts';
import type { Host } from './host.ts';
import type { OuterFlow } from './tunnel.ts';

/** One end of a link. */
export interface Attachment {
  readonly host: string;
  readonly interface: string;
}

/** One layer-2 segment. */
export interface Link {
  readonly name: string;
  /** `internet` carries public addresses only, between any two of its hosts, whatever their prefixes. */
  readonly kind: 'lan' | 'internet';
  readonly prefixes: readonly Prefix[];
  readonly attachments: readonly Attachment[];
  /** Whether everything that hangs on it is in the network; else an address nobody has may still exist. */
  readonly complete: boolean;
  /**
   * A cloud's network: it drops what a host sends under another's address and what a host gets for another, unless the
   * host is one of these. Absent: nobody checks.
   */
  readonly unchecked?: readonly string[];
  readonly fact: Fact;
}

/** A client of an OpenVPN server, joined with the host it is, where that is in the network. */
export interface TunnelClient {
  readonly commonName: string;
  readonly host?: string;
  readonly interface?: string;
  readonly addresses: readonly Address[];
  readonly iroutes: readonly { readonly prefix: Prefix; readonly fact: Fact }[];
  readonly connected: boolean;
  /** For a client file that no client is called like: the client that it is probably meant for. */
  readonly meantFor?: string;
  /** Absent where the client's configuration is not known, or names its server by name only. */
  readonly outer?: OuterFlow;
  readonly fact: Fact;
}

/** An OpenVPN server with its clients. */
export interface Tunnel {
  readonly name: string;
  readonly kind: 'openvpn';
  readonly prefixes: readonly Prefix[];
  readonly server: Attachment;
  /** Index of the process in the server host's `openvpn`. */
  readonly process: number;
  readonly clientToClient: boolean;
  readonly clients: readonly TunnelClient[];
  readonly fact: Fact;
}

/** A WireGuard interface of a host. */
export interface WireGuardEnd extends Attachment {
  /** The key by which its peers name it; absent where nobody does. */
  readonly publicKey?: string;
}

/** WireGuard interfaces that name each other as peers. What each sends to whom stands with its host. */
export interface WireGuardTunnel {
  readonly name: string;
  /** The networks of the interfaces' own addresses. */
  readonly prefixes: readonly Prefix[];
  readonly ends: readonly WireGuardEnd[];
  readonly fact: Fact;
}

/** What should, or should not, work. */
export interface Expectation {
  /** Host, link or address as written. */
  readonly from: string;
  readonly to: string;
  readonly reaches: boolean;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** 0 for ICMP. */
  readonly port: number;
  readonly fact: Fact;
}

/** The linked hosts, links and tunnels that facts and the network file make together. */
export interface Network {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly links: ReadonlyMap<string, Link>;
  readonly tunnels: readonly Tunnel[];
  /** Absent where there is none. */
  readonly wireguard?: readonly WireGuardTunnel[];
  readonly expectations: readonly Expectation[];
}
