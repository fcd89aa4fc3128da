import type { Fact } from '../ip/index.ts';
import type { Change } from '../model/index.ts';
import type { Pair } from '../reach/index.ts';

/** The kinds of fix there are; each has a title in `render`. */
export type FixKind =
  | 'route-on-router'
  | 'route-on-target'
  | 'dhcp-option-121'
  | 'masquerade'
  | 'enable-forwarding'
  | 'accept-forward'
  | 'accept-input'
  | 'hairpin-accept'
  | 'loosen-rp-filter'
  | 'client-route'
  | 'fix-next-hop'
  | 'remove-route'
  | 'combined';

/** Changes that heal a finding. */
export interface Fix {
  readonly kind: FixKind;
  /** The box where the main change is made. */
  readonly host: string;
  readonly changes: readonly Change[];
  /** Tracing again with the changes gave the answer that was missing. */
  readonly proved: boolean;
  /** What it newly connects. */
  readonly opens: readonly Pair[];
  /** What it disconnects. */
  readonly closes: readonly Pair[];
  readonly details: {
    /** The target sees who really asks. */
    readonly keepsClientAddress: boolean;
    /** Hosts of the target's network can open connections to the client. */
    readonly lanReachesClient: boolean;
    /** Answers leave a router by the interface they came in on. */
    readonly hairpin: boolean;
    /** A router in the way tracks connections. */
    readonly statefulRouter: boolean;
  };
}

/** The causes there are; each has a sentence in `render` and a page in docs/causes. */
export type CauseCode =
  | 'no-return-route'
  | 'client-has-no-route'
  | 'forwarding-off'
  | 'forward-drop'
  | 'forward-reject'
  | 'target-firewall'
  | 'target-no-gateway'
  | 'target-other-gateway'
  | 'dead-next-hop'
  | 'reverse-path-filter'
  | 'source-unknown-to-router'
  | 'stateful-half-flow'
  | 'no-route'
  | 'blackhole-route'
  | 'tunnel-no-client'
  | 'not-modelled'
  | 'unknown-box';

/** A cause at a host, with evidence. */
export interface Finding {
  readonly cause: CauseCode;
  readonly host: string;
  readonly evidence: readonly Fact[];
  /** Best first. */
  readonly fixes: readonly Fix[];
  /** Words for the sentence; the keys of each cause are listed in render's cause-sentence. */
  readonly params: Readonly<Record<string, string>>;
}
