import type { Address, Fact } from '../ip/index.ts';
import type { HookName, RealServer, Route, Rule, VirtualServer } from '../model/index.ts';
import type { Packet } from './packet.ts';
import type { Outcome } from './outcome.ts';

/** Where in a host a step happens. */
export type Stage =
  | 'start'
  | 'source-address'
  | 'route'
  | 'source-check'
  | 'forwarding'
  | 'ttl'
  | 'redirect'
  | 'mtu'
  | 'prerouting'
  | 'input'
  | 'forward'
  | 'output'
  | 'postrouting'
  | 'conntrack'
  | 'nat'
  | 'ipvs'
  | 'tunnel'
  | 'link'
  | 'neighbour'
  | 'deliver';

/** A route that was looked at and lost, and why. */
export interface Loser {
  readonly route: Route;
  readonly why:
    'shorter' | 'metric' | 'tos' | 'later' | 'throw' | 'suppressed' | 'other-interface' | 'dead' | 'gateway-failed';
}

/** What one step did, as data; the sentence is made in `render`. */
export type Action =
  | { readonly kind: 'start'; readonly packet: Packet; readonly answer: boolean }
  | { readonly kind: 'source-chosen'; readonly address: Address; readonly why: 'asked' | 'route' | 'interface' }
  /** A routing decision. `rule` led to `route`. `losers` are those that a reader would wonder about. */
  | {
      readonly kind: 'routed';
      readonly destination: Address;
      readonly route: Route;
      readonly rule?: Rule;
      readonly dev: string;
      readonly via: Address | null;
      readonly losers: readonly Loser[];
      readonly branch?: { readonly number: number; readonly of: number };
    }
  | {
      readonly kind: 'not-routed';
      readonly destination: Address;
      readonly losers: readonly Loser[];
      readonly rule?: Rule;
      readonly route?: Route;
    }
  /** A multicast or a broadcast leaves by the interface of its source: no table is asked. */
  | { readonly kind: 'routed-by-source'; readonly destination: Address; readonly dev: string }
  | {
      readonly kind: 'source-checked';
      readonly mode: 'strict' | 'loose' | 'local';
      readonly passed: boolean;
      readonly back: string | null;
    }
  | { readonly kind: 'forwarding-checked'; readonly on: boolean; readonly dev: string }
  | { readonly kind: 'martian'; readonly why: string }
  | { readonly kind: 'ttl'; readonly ttl: number; readonly expired: boolean }
  | { readonly kind: 'redirect-sent'; readonly to: Address; readonly destination: Address; readonly gateway: Address }
  | { readonly kind: 'too-big'; readonly mtu: number; readonly length: number }
  /** A chain was walked. `rule` is absent when the policy decided; `table` is `ip filter` and the like. */
  | {
      readonly kind: 'filter';
      readonly table: string;
      readonly chain: string;
      readonly verdict: 'accept' | 'drop' | 'reject';
      readonly byPolicy: boolean;
      readonly rulesMet: number;
    }
  | { readonly kind: 'marked'; readonly target: 'meta' | 'ct'; readonly mark: number; readonly before: number }
  | { readonly kind: 'tracked'; readonly state: CtState; readonly why: string }
  | {
      readonly kind: 'translated';
      readonly what: 'source' | 'destination';
      readonly from: Address;
      readonly to: Address;
      readonly fromPort: number;
      readonly toPort: number;
      readonly undone: boolean;
    }
  /** IPVS handed it to a real server: one of `among` that might have got it, or the one that its connection has. */
  | {
      readonly kind: 'balanced';
      readonly service: VirtualServer;
      readonly server: RealServer;
      readonly among: number;
      readonly isNew: boolean;
    }
  /** A virtual server took it, and has no real server for it. */
  | { readonly kind: 'no-real-server'; readonly service: VirtualServer }
  /** A real server's address that IPVS can't send to from here. */
  | {
      readonly kind: 'real-server-barred';
      readonly service: VirtualServer;
      readonly server: RealServer;
      readonly why: 'no-route' | 'loopback' | 'too-big';
    }
  /** It has a mark, and no virtual server takes that; `configured` stands in keepalived.conf. */
  | { readonly kind: 'no-virtual-server'; readonly mark: number; readonly configured: VirtualServer | null }
  /** A virtual server takes its mark, but it is not for this machine: IPVS never sees it. */
  | { readonly kind: 'passed-by'; readonly service: VirtualServer }
  /** IPVS packed it in another packet to the real server. */
  | { readonly kind: 'packed'; readonly from: Address; readonly to: Address }
  /** A tunnel interface took it out of the packet that carried it; null: there is none here. */
  | { readonly kind: 'unpacked'; readonly dev: string | null }
  | { readonly kind: 'rerouted'; readonly why: 'mark' | 'destination' | 'source' }
  | { readonly kind: 'uncertain'; readonly what: string; readonly taken: string }
  /** OpenVPN picked the client, or sent to the server; WireGuard picked the peer. */
  | {
      readonly kind: 'tunnelled';
      readonly tunnel: string;
      readonly to: string;
      readonly by: 'server' | 'client-address' | 'iroute' | 'client-to-client' | 'allowed-ip';
    }
  | {
      readonly kind: 'tunnel-refused';
      readonly tunnel: string;
      readonly why:
        | 'no-client'
        | 'bad-source'
        | 'down'
        | 'recursive'
        // WireGuard's
        | 'no-peer'
        | 'no-endpoint'
        | 'no-session'
        | 'stranger'
        | 'not-allowed';
      /** WireGuard: the host at the other end, or the beginning of its key. */
      readonly peer?: string;
    }
  /** The way of the packet that carries it, and whether that comes to the other end. */
  | { readonly kind: 'carried'; readonly tunnel: string; readonly trace: Trace; readonly arrives: boolean }
  | { readonly kind: 'sent'; readonly dev: string; readonly link: string; readonly to: Address }
  | { readonly kind: 'no-neighbour'; readonly dev: string; readonly link: string; readonly to: Address }
  /** The neighbour is there, but a firewall stops the message that asks for it or the one that answers. */
  | {
      readonly kind: 'neighbour-filtered';
      readonly dev: string;
      readonly link: string;
      readonly to: Address;
      readonly message: 'solicitation' | 'advertisement';
      readonly host: string;
      readonly hook: HookName;
      readonly table: string;
      readonly chain: string;
    }
  | { readonly kind: 'left'; readonly link: string; readonly to: Address; readonly ask: string }
  | {
      readonly kind: 'internet-dropped';
      readonly link: string;
      readonly address: Address;
      readonly which: 'source' | 'destination';
    }
  /** A cloud's check of what the host may send or get. */
  | {
      readonly kind: 'fabric-dropped';
      readonly link: string;
      readonly host: string;
      readonly address: Address;
      readonly which: 'source' | 'destination';
    }
  | { readonly kind: 'interface-down'; readonly dev: string }
  | { readonly kind: 'delivered'; readonly address: Address; readonly dev: string; readonly onOtherInterface: boolean };

/** A connection's state as netfilter names it. */
export type CtState = 'new' | 'established' | 'related' | 'invalid' | 'untracked';

/** One decision of one kernel stage, with the facts that decided it. */
export interface Step {
  readonly stage: Stage;
  readonly action: Action;
  readonly because: readonly Fact[];
}

/** One host on a packet's way. */
export interface Hop {
  readonly host: string;
  /** Input interface; null where the packet starts. */
  readonly in: string | null;
  /** Output interface; null where it ends. */
  readonly out: string | null;
  /** The next hop it is handed to; null where it ends. */
  readonly via: Address | null;
  /** The link or tunnel it leaves by; null where it ends. */
  readonly link: string | null;
  /** As it entered and as it left. */
  readonly before: Packet;
  readonly after: Packet;
  readonly steps: readonly Step[];
}

/** An ICMP error or TCP reset that a host sends back. */
export interface Refusal {
  readonly host: string;
  readonly from: Address;
  readonly kind: 'icmp' | 'tcp-reset';
  /** ICMP type and code of the packet's family; 0 for a reset. */
  readonly type: number;
  readonly code: number;
}

/** What the sender's own kernel says. */
export type LocalError =
  'ENETUNREACH' | 'EHOSTUNREACH' | 'EACCES' | 'EINVAL' | 'EPERM' | 'EMSGSIZE' | 'ENOKEY' | 'EDESTADDRREQ';

/** A packet's way. */
export interface Trace {
  readonly packet: Packet;
  readonly hops: readonly Hop[];
  readonly outcome: Outcome;
  /** Where it ended. */
  readonly host: string;
  /** What the ending host answers, if anything, and whether the answer arrives at the sender. */
  readonly refusal: Refusal | null;
  readonly refusalArrives: boolean;
  /** The way of that answer, and how it ended. */
  readonly refusalWay?: Pick<Trace, 'hops' | 'outcome' | 'host'>;
  /** The errno(3) that the sending program gets at once, when its own machine refuses. */
  readonly localError: LocalError | null;
  /** Input lines that are not modelled and were met: the outcome may be another. */
  readonly uncertain: readonly Fact[];
}
