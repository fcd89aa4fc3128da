import type { Fact } from '../ip/index.ts';
import type { Change } from '../model/index.ts';
import type { Pair } from '../reach/index.ts';

/** The kinds of fix there are; each has a title in `render`. */
export const FIX_KINDS = [
  'route-on-router',
  'route-on-target',
  'dhcp-option-121',
  'masquerade',
  'exempt-from-masquerade',
  'enable-forwarding',
  'accept-forward',
  'accept-input',
  'accept-output',
  'hairpin-accept',
  'loosen-rp-filter',
  'lift-check',
  'push-route',
  'client-route',
  'add-iroute',
  'allow-ip',
  'set-keepalive',
  'set-endpoint',
  'read-client-file',
  'openvpn-route',
  'default-gateway',
  'fix-next-hop',
  'remove-route',
  'replace-route',
  'start-virtual-server',
  'restore-weight',
  'add-virtual-server',
  'take-in-marked',
  'answer-by-rule',
  'real-server-back',
  'combined',
] as const;

/** A kind of fix. */
export type FixKind = (typeof FIX_KINDS)[number];

/** One of the edits that a fix is made of. */
export interface FixPart {
  readonly kind: Exclude<FixKind, 'combined'>;
  /** The box where it is made. */
  readonly host: string;
}

/** Changes that heal a finding. */
export interface Fix {
  readonly kind: FixKind;
  /** The box where the main change is made. */
  readonly host: string;
  /** What a combined fix is made of, in the order of the changes; one part for any other. */
  readonly parts: readonly FixPart[];
  readonly changes: readonly Change[];
  /**
   * Tracing again with the changes gave the answer that was missing, and no router in the way would stop a TCP connection
   * between the two for having seen half of it.
   */
  readonly proved: boolean;
  /** What it newly connects among all hosts; in networks of more than 64, with the two hosts asked about. */
  readonly opens: readonly Pair[];
  /** What it disconnects, among the same. */
  readonly closes: readonly Pair[];
  readonly details: {
    /** The target sees who really asks. */
    readonly keepsClientAddress: boolean;
    /** Hosts of the target's network can open connections to the client. */
    readonly lanReachesClient: boolean;
    /** By a route of the fix, answers leave a router by the interface they came in on. */
    readonly hairpin: boolean;
    /** A router that sees the answers but not the questions tracks connections. */
    readonly statefulRouter: boolean;
  };
}

/** The causes there are; each has a sentence in `render` and a page in docs/causes. */
export const CAUSE_CODES = [
  'no-return-route',
  'client-has-no-route',
  'route-not-installed',
  'network-overlap',
  'wrong-netmask',
  'forwarding-off',
  'forward-drop',
  'forward-reject',
  'target-firewall',
  'neighbour-discovery-filtered',
  'target-no-gateway',
  'target-other-gateway',
  'dead-next-hop',
  'wrong-next-hop',
  'multipath-leg',
  'reverse-path-filter',
  'source-unknown-to-router',
  'stateful-half-flow',
  'no-route',
  'policy-route',
  'blackhole-route',
  'iroute-missing',
  'ccd-not-read',
  'server-route-missing',
  'virtual-peer',
  'allowed-ip-missing',
  'allowed-ip-elsewhere',
  'peer-without-endpoint',
  'tunnel-no-client',
  'tunnel-down',
  'tunnel-recursive',
  'interface-down',
  'no-such-host',
  'cloud-check',
  'no-masquerade',
  'masquerade-elsewhere',
  'masquerade-catches',
  'answer-astray',
  'real-server-no-return',
  'no-real-server',
  'no-virtual-server',
  'frag-needed-lost',
  'packet-too-big',
  'impossible-address',
  'not-modelled',
  'unknown-box',
] as const;

/** A named reason why a flow fails. */
export type CauseCode = (typeof CAUSE_CODES)[number];

/** A cause at a host, with evidence. */
export interface Finding {
  readonly cause: CauseCode;
  readonly host: string;
  /** The lines that decided, and last what would have been needed (its source is `needed`). */
  readonly evidence: readonly Fact[];
  /** Best first. */
  readonly fixes: readonly Fix[];
  /** Words for the sentence; the keys of each cause are listed in render's cause-sentence. */
  readonly params: Readonly<Record<string, string>>;
}
