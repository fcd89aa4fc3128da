import type { Address, Fact, Prefix } from '../ip/index.ts';

/** A network that OpenVPN reaches behind a client (`iroute`), or a client itself. */
export interface OpenVpnClient {
  /** The certificate's common name. */
  readonly commonName: string;
  /** Where its packets come from, as the server's status says. */
  readonly realAddress?: Address;
  readonly realPort?: number;
  /** Its addresses inside the tunnel. */
  readonly addresses: readonly Address[];
  /** Networks behind it that the server's table knows. */
  readonly iroutes: readonly { readonly prefix: Prefix; readonly fact: Fact }[];
  /** Connected now, as the status says; undefined when only configured. */
  readonly connected?: boolean;
  readonly fact: Fact;
}

/** Between which ends the packets that carry a tunnel travel. */
export interface OuterFlow {
  readonly protocol: 'udp' | 'tcp';
  /** Where the client connects to: the first of its remotes that is an address. */
  readonly server: Address;
  readonly serverPort: number;
  /** The client's own port; 0 where only the kernel knows it. */
  readonly clientPort: number;
}

/** A route named in an OpenVPN configuration. */
export interface OpenVpnRoute {
  readonly prefix: Prefix;
  /** As written: an address, `vpn_gateway`, `net_gateway`, or absent. */
  readonly gateway?: string;
  readonly metric?: number;
  readonly fact: Fact;
}

/** An `iroute` that stands in a client's file but that the running process does not use. */
export interface IdleIroute {
  readonly commonName: string;
  readonly prefix: Prefix;
  /** `no-directory`: nothing tells it to read client files. `not-taken`: the client is connected without it. */
  readonly why: 'no-directory' | 'not-taken';
  readonly fact: Fact;
}

/** One OpenVPN process of a host: what its configuration, client directory and status say together. */
export interface OpenVpn {
  readonly role: 'server' | 'client' | 'peer';
  /** The interface, `tun0`; a bare `tun` when the process picks the number. */
  readonly dev: string;
  /** The name in a client's certificate, where somebody said it; no configuration has it. */
  readonly commonName?: string;
  readonly protocol: 'udp' | 'tcp';
  /** Port listened on (server) or connected to (client). */
  readonly port: number;
  /** Where a client connects: host names or addresses, in order. */
  readonly remotes: readonly { readonly host: string; readonly port: number }[];
  readonly topology: 'net30' | 'subnet' | 'p2p';
  /** The `server` and `server-ipv6` networks. */
  readonly serverPrefixes: readonly Prefix[];
  /** Own addresses inside the tunnel, where known from configuration or status. */
  readonly addresses: readonly Address[];
  /** Routes inside the process from client to client (`client-to-client`). */
  readonly clientToClient: boolean;
  /** `route`: goes into this host's kernel. */
  readonly routes: readonly OpenVpnRoute[];
  /** `push "route …"`: goes into every client's kernel. */
  readonly pushedRoutes: readonly OpenVpnRoute[];
  /** `push "redirect-gateway …"` or the client's own. */
  readonly redirectGateway: boolean;
  /** A client's `route-nopull`: it takes no route that the server pushes, and no `redirect-gateway` (openvpn(8)). */
  readonly refusesRoutes?: true;
  /** Data channel offload: then the kernel's routes decide, next hops included. */
  readonly dco: boolean;
  readonly clients: readonly OpenVpnClient[];
  readonly idleIroutes: readonly IdleIroute[];
  /** Whether a status was seen: then a client that is not listed is not connected. */
  readonly statusKnown: boolean;
  readonly fact: Fact;
}
