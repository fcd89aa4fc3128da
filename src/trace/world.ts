import { contains, isPrivate, type Address, type Fact } from '../ip/index.ts';
import type {
  Attachment,
  HookName,
  Host,
  Network,
  Tunnel,
  TunnelClient,
  WireGuardEnd,
  WireGuardPeer,
} from '../model/index.ts';
import type { Choices } from './choice.ts';
import type { ConnectionTable } from './connection.ts';
import { fibOf } from './fib.ts';
import type { Fib } from './hook-context.ts';
import type { VirtualConnection } from './ipvs/connection.ts';
import type { Packet } from './packet.ts';
import type { LearntRedirect } from './learnt-redirect.ts';
import type { Trace } from './step.ts';

/**
 * What one round trip runs in: the network, the decisions of this branch, and the state that packets leave behind in
 * the hosts they pass. Made anew for every branch.
 */
export interface World {
  readonly network: Network;
  readonly choices: Choices;
  readonly connections: Map<string, ConnectionTable>;
  /** IPVS's own, by host. */
  readonly virtualConnections: Map<string, VirtualConnection[]>;
  readonly fibs: Map<string, Fib>;
  /** Redirects believed before this round trip began. */
  readonly redirects: readonly LearntRedirect[];
  /** Redirects sent and believed during it. */
  readonly learnt: LearntRedirect[];
  /** Follows the packets that carry a tunnel. */
  readonly outer: OuterPackets;
  /** The same for WireGuard. */
  readonly carry: CarryWireGuard;
  /** Peers that a WireGuard interface heard from, and since knows where they are: keys of `endKey`. */
  readonly heard: Set<string>;
  /** Ends of tunnels whose carrying packets are what is followed here: none of these may enter its own tunnel. */
  readonly carrying: readonly Attachment[];
  /** Connected sockets of the hosts, each by a packet that it sent. */
  readonly sockets: { readonly host: string; readonly sent: Packet }[];
  /** What neighbour discovery came to, by host, interface and address; null: the neighbour is known. */
  readonly neighbours: Map<string, DiscoveryFailure | null>;
  /** IPv4 neighbours that a host was asked by and knows since, by host, interface and address. */
  readonly askers: Map<string, Attachment>;
}

/** A message of neighbour discovery that a firewall stopped. */
export interface DiscoveryFailure {
  readonly message: 'solicitation' | 'advertisement';
  /** Whose firewall it was. */
  readonly host: string;
  readonly hook: HookName;
  /** `ip6 filter`, and the base chain; empty when no chain decided. */
  readonly table: string;
  readonly chain: string;
  readonly because: readonly Fact[];
}

/** How packets that carry a tunnel from one of its ends to the other travel; null where that is not known. */
export type OuterPackets = (world: World, leg: TunnelLeg) => OuterWay | null;

/** One way through a tunnel: between its server and a client, from one of them. */
export interface TunnelLeg {
  readonly tunnel: Tunnel;
  readonly client: TunnelClient;
  readonly from: 'client' | 'server';
}

/** From a WireGuard interface to one of its peers. */
export interface WireGuardLeg {
  readonly from: WireGuardEnd;
  readonly peer: WireGuardPeer;
}

/** Whether, and how, what carries a WireGuard tunnel gets to a peer. A way is null where it is not known. */
export type Carriage =
  /** `far`: the peer's interface; null where it is not in the network. */
  | { readonly kind: 'carried'; readonly way: OuterWay | null; readonly far: WireGuardEnd | null }
  | { readonly kind: 'no-endpoint' }
  /** It would enter its own tunnel. */
  | { readonly kind: 'recursive'; readonly way: OuterWay | null }
  /** No handshake. `stranger`: it arrives, but the peer does not know the sender's key. */
  | { readonly kind: 'no-session'; readonly way: OuterWay | null; readonly stranger: boolean };

/** How what carries a WireGuard tunnel gets to a peer. */
export type CarryWireGuard = (world: World, leg: WireGuardLeg) => Carriage;

/** A key of `heard`: an interface and a peer of it. */
export const endKey = (at: Attachment, peer: string): string => [at.host, at.interface, peer].join(' ');

/** The way of a packet that carries another. */
export interface OuterWay {
  readonly trace: Trace;
  /** Whether it comes to the other end of the tunnel. */
  readonly arrives: boolean;
}

/** A fresh world. */
export function newWorld(
  world: Pick<World, 'network' | 'choices' | 'redirects' | 'outer' | 'carry' | 'carrying'>,
): World {
  return {
    ...world,
    connections: new Map(),
    virtualConnections: new Map(),
    fibs: new Map(),
    learnt: [],
    heard: new Set(),
    sockets: [],
    neighbours: new Map(),
    askers: new Map(),
  };
}

/** A key of `neighbours` and `askers`. */
export const neighbourKey = (host: string, dev: string, { w0, w1, w2, w3 }: Address): string =>
  [host, dev, w0, w1, w2, w3].join(' ');

/** The host's connection tracking, empty at first. */
export function connectionsOf(world: World, host: Host): ConnectionTable {
  let table = world.connections.get(host.name);
  if (!table) world.connections.set(host.name, (table = { connections: [] }));
  return table;
}

/** The host's connections of IPVS, none at first. */
export function virtualConnectionsOf(world: World, host: Host): VirtualConnection[] {
  let list = world.virtualConnections.get(host.name);
  if (!list) world.virtualConnections.set(host.name, (list = []));
  return list;
}

/** The host's routing tables as its firewall sees them. */
export function fibIn(world: World, host: Host): Fib {
  let fib = world.fibs.get(host.name);
  if (!fib) world.fibs.set(host.name, (fib = fibOf(host, world.choices)));
  return fib;
}

/** The host of that name. Asking for one that is not there is our bug, so it throws. */
export function hostIn(network: Network, name: string): Host {
  const host = network.hosts.get(name);
  if (!host) throw new Error(`bug: no host ${name}`);
  return host;
}

/** Which address of the packet the internet would not carry, if any. */
export function privateOnInternet(packet: Packet): 'source' | 'destination' | null {
  if (isPrivate(packet.destination)) return 'destination';
  return isPrivate(packet.source) ? 'source' : null;
}

/** The tunnel whose server or client end the interface is. */
export function tunnelAt(network: Network, at: Attachment): { tunnel: Tunnel; isServer: boolean } | null {
  for (const tunnel of network.tunnels) {
    if (tunnel.server.host === at.host && tunnel.server.interface === at.interface) return { tunnel, isServer: true };
    if (tunnel.clients.some((c) => c.host === at.host && c.interface === at.interface))
      return { tunnel, isServer: false };
  }
  return null;
}

/** The device through which a gateway can be reached, for routes that name none. */
export function deviceFor(host: Host, gateway: Address): string | null {
  const dev = host.interfaces.find((i) =>
    i.addresses.some((a) => contains({ address: a.address, length: a.length }, gateway)),
  );
  return dev?.name ?? null;
}
