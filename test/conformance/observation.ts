import type { RuleSpec } from './spec.ts';

/** What the worker saw of one network: what its hosts hold, and what became of each probe. */
export interface NetworkObservation {
  readonly facts: Readonly<Record<string, HostFacts>>;
  /** Host, list, index in it, and why the kernel refused it. */
  readonly refused: readonly (readonly [host: string, what: string, index: number | string, why: string])[];
  readonly probes: readonly ProbeObservation[];
}

/** What one host's kernel holds after everything was set up. */
export interface HostFacts {
  readonly interfaces: readonly InterfaceFact[];
  readonly routes: readonly RouteFact[];
  readonly rules: readonly RuleFact[];
  /** What the collector's script printed. */
  readonly bundle?: string;
  /** What `nft -j list ruleset` prints. */
  readonly nft?: string;
  /** What iptables-save and ip6tables-save print. */
  readonly iptables?: Readonly<Record<'4' | '6', string>>;
  /** What ipvsadm-save -n prints. */
  readonly ipvs?: string;
}

export interface InterfaceFact {
  readonly name: string;
  readonly index: number;
  readonly mac: string;
  readonly mtu: number;
  readonly up: boolean;
  readonly carrier: boolean;
  readonly addresses: readonly {
    readonly address: string;
    readonly length: number;
    readonly scope: 'global' | 'link' | 'host';
    readonly secondary: boolean;
    readonly deprecated: boolean;
  }[];
}

export interface RouteFact {
  readonly prefix: string;
  readonly type: string;
  readonly table: number;
  readonly metric: number;
  readonly tos: number;
  readonly scope: 'global' | 'site' | 'link' | 'host' | 'nowhere';
  readonly protocol: number;
  readonly source?: string;
  readonly mtu?: number;
  readonly nexthops: readonly {
    readonly via?: string;
    readonly dev: string;
    readonly weight: number;
    readonly onlink: boolean;
    readonly dead: boolean;
    readonly linkdown: boolean;
  }[];
}

/** A rule as the kernel holds it. */
export interface RuleFact extends Omit<RuleSpec, 'action' | 'not' | 'delete'> {
  readonly action: string;
  readonly not: boolean;
}

/** Source, destination, their ports; for ICMP the identifier twice. */
export type Ends = readonly [source: string, destination: string, sourcePort: number, destinationPort: number];

/** What became of a probe. */
export interface ProbeObservation {
  /** What sending it failed with at once. */
  readonly error: string | null;
  /** Hosts that it was delivered to, and as what. */
  readonly arrived: readonly (readonly [host: string, ...Ends])[];
  /** Answers delivered to the sending host. */
  readonly answered: readonly Ends[];
  /** Resets and ICMP errors delivered to the sending host: what, from, type, code, and the packet they speak of. */
  readonly refused: readonly (readonly [
    what: 'error' | 'reset',
    from: string,
    type: number,
    code: number,
    about: string,
    inner: Ends,
  ])[];
  /** UDP: the same, of what the socket itself was told. */
  readonly told?: ProbeObservation['refused'];
  /** Everything that left an interface. */
  readonly wire: readonly (readonly [
    host: string,
    dev: string,
    what: 'request' | 'reply' | 'reset' | 'error',
    ...ends: Ends,
    ttl: number,
    detail: unknown,
  ])[];
  /** TCP: `silence`, `connected`, `connected, ERRNO`, `echoed` or the error that connecting ended with. */
  readonly tcp?: string;
  /** What sending a UDP answer failed with. */
  readonly replyError?: string;
}
