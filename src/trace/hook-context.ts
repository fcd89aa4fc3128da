import type { Address } from '../ip/index.ts';
import type { Host, HookName, RejectKind } from '../model/index.ts';
import type { Choices } from './choice.ts';
import type { Connection, ConnectionTable } from './connection.ts';
import type { LookupError, LookupResult } from './fib-lookup.ts';
import type { FlowKey } from './flow-key.ts';
import type { VirtualConnection } from './ipvs/connection.ts';
import type { Outcome } from './outcome.ts';
import type { Way, WayResult } from './way.ts';
import type { Packet } from './packet.ts';
import type { CtState, Step } from './step.ts';

/** What the routing tables answer to a firewall's questions. Implemented in fib.ts. */
export interface Fib {
  /** What an IPv4 address is by the local table (inet_dev_addr_type). */
  addressType(address: Address, dev?: string): string;
  /** Asks the rules and tables; of several ways of one route the first. */
  lookup(key: FlowKey): LookupResult;
  /** The same where the kernel also picks one of several ways (ip6_route_lookup). */
  lookupWay(key: FlowKey): LookupResult;
  /** The interface's address that masquerading towards `destination` would write; null when it has none. */
  masqueradeAddress(dev: string, destination: Address): Address | null;
}

/** What a packet carries about its connection inside one host. */
export interface Tracked {
  readonly state: CtState;
  readonly direction: 'original' | 'reply';
  /** Null when invalid or untracked. */
  readonly connection: Connection | null;
  /** IPVS had it already, and leaves it alone (skb->ipvs_property). */
  readonly ipvs?: true;
}

/** What an answer keeps of a packet that was not tracked: no connection, and iptables' NOTRACK passes it over (xt_CT.c). */
export const FORGOTTEN: Tracked = { state: 'invalid', direction: 'original', connection: null };

/** Everything a netfilter hook needs to decide on a packet. */
export interface HookContext {
  readonly host: Host;
  readonly hook: HookName;
  readonly in: string | null;
  readonly out: string | null;
  readonly connections: ConnectionTable;
  readonly fib: Fib;
  readonly choices: Choices;
  /** Where the packet is going on from here, for masquerading: the route's gateway or the destination. */
  readonly nextHop: Address | null;
  readonly record: (step: Step) => void;
  /** Output hook only: routes the packet anew, and says so. */
  readonly reroute?: (packet: Packet) => WayResult;
  /** Absent on hosts without virtual servers. */
  readonly ipvs?: IpvsContext;
}

/** What IPVS needs of its host. */
export interface IpvsContext {
  readonly connections: VirtualConnection[];
  /** The route to a real server, by nothing but its address (do_output_route4). */
  readonly routeTo: (address: Address) => WayResult;
  /** Routes an answer anew, as if the host had sent it (ip_vs_route_me_harder). */
  readonly reroute: (packet: Packet) => WayResult;
}

/** What a hook makes of a packet. `tracked` is null before connection tracking saw it. */
export type HookResult =
  | {
      readonly kind: 'accept';
      readonly packet: Packet;
      readonly tracked: Tracked | null;
      /**
       * Output hook only: the way by which the kernel last routed the packet anew (ip_route_me_harder): after an iptables
       * mangle or nft `route` chain that changed mark, TOS or an address, or a NAT that changed the destination. Null
       * when nothing did.
       */
      readonly way: Way | null;
      /** A translation changed the destination: prerouting then forgets the route that a packet over `lo` came with. */
      readonly unrouted: boolean;
    }
  /** `error`: there was no way to route it anew. */
  | { readonly kind: 'drop'; readonly error?: LookupError }
  | { readonly kind: 'reject'; readonly with: RejectKind; readonly packet: Packet; readonly tracked: Tracked | null }
  | Relayed
  /** IPVS gave up on it. */
  | {
      readonly kind: 'ended';
      readonly outcome: Outcome;
      readonly icmp: { readonly type: number; readonly code: number } | null;
      readonly packet: Packet;
      readonly tracked: Tracked | null;
    };

/** IPVS took the packet and sends it to a real server, through the hooks of what the host itself sends. */
export interface Relayed {
  readonly kind: 'relayed';
  readonly packet: Packet;
  readonly tracked: Tracked | null;
  readonly way: Way;
}
