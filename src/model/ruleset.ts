import type { Address, Fact, NumberRange, Prefix } from '../ip/index.ts';
import type { ElementsRef, Entry, Field, Value, Verdict } from './expression.ts';

/** Where a base chain hangs in the packet's way. */
export type HookName = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting' | 'ingress' | 'egress';

/** Table families; `arp`, `bridge` and `netdev` are named as not modelled when a packet could meet them. */
export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';

/** What a rejected sender gets. ICMP type and code are those of the packet's own family. */
export type RejectKind =
  | { readonly kind: 'tcp-reset' }
  | { readonly kind: 'icmp'; readonly type: number; readonly code: number }
  /** nft's `icmpx`, translated per family by the kernel's table. */
  | {
      readonly kind: 'icmpx';
      readonly reason: 'no-route' | 'port-unreachable' | 'host-unreachable' | 'admin-prohibited';
    };

/** What an address translation writes. Absent parts stay as they are. */
export interface NatTarget {
  readonly address?: Value;
  /** A range of addresses to choose from. */
  readonly addressRange?: { readonly from: Address; readonly to: Address };
  /** NETMAP / `snat ip prefix to`: swap the network part. */
  readonly netmap?: Prefix;
  readonly port?: Value;
  readonly portRange?: NumberRange;
  /** A map that gives address and port at once. */
  readonly addressAndPort?: Value;
}

/** One piece of a rule. Pieces are worked through in order; a match that fails ends the rule. */
export type Statement =
  | { readonly kind: 'match'; readonly left: Value; readonly op: MatchOp; readonly right: Value }
  /** Membership. `negated`: not a member. */
  | { readonly kind: 'member'; readonly left: Value; readonly negated: boolean; readonly of: ElementsRef }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'verdict-map'; readonly key: Value; readonly of: ElementsRef }
  | { readonly kind: 'reject'; readonly with: RejectKind }
  | { readonly kind: 'set-mark'; readonly target: 'meta' | 'ct'; readonly value: Value }
  | { readonly kind: 'set-field'; readonly field: Field; readonly value: Value }
  | { readonly kind: 'snat' | 'dnat'; readonly to: NatTarget }
  | { readonly kind: 'masquerade' | 'redirect'; readonly portRange?: NumberRange; readonly port?: Value }
  | { readonly kind: 'notrack' }
  /** Works on packets in a way that decides nothing here: counter, log, comment, TCPMSS. */
  | { readonly kind: 'ignored'; readonly text: string }
  /** Done within limits: a `limit` matches, as it does for a single packet. */
  | { readonly kind: 'limited'; readonly text: string }
  /** A match that may be true or false. */
  | { readonly kind: 'unmodelled-match'; readonly text: string }
  /** A target whose effect is not known. */
  | { readonly kind: 'unmodelled-target'; readonly text: string };

/** How a match compares. On lists of words (`ct state`) `==` means that one of them is the same. */
export type MatchOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** One rule of a chain. */
export interface FilterRule {
  readonly statements: readonly Statement[];
  readonly fact: Fact;
}

/** A chain; with a `hook` it is a base chain that packets enter by themselves. */
export interface Chain {
  readonly name: string;
  readonly hook?: {
    readonly hook: HookName;
    readonly type: 'filter' | 'nat' | 'route';
    readonly priority: number;
    readonly policy: 'accept' | 'drop';
  };
  readonly rules: readonly FilterRule[];
  readonly fact: Fact;
}

/** A named set or map of a table, or an ipset. */
export interface NamedSet {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** The packet itself may add members (nft `add @set`, dynamic sets): what it holds is then uncertain. */
  readonly dynamic: boolean;
  readonly fact: Fact;
}

/** One table. */
export interface FilterTable {
  readonly family: TableFamily;
  readonly name: string;
  readonly engine: 'iptables' | 'nftables';
  readonly chains: ReadonlyMap<string, Chain>;
  readonly sets: ReadonlyMap<string, NamedSet>;
}

/** All packet filtering of one host. */
export interface Ruleset {
  readonly tables: readonly FilterTable[];
  readonly ipsets: ReadonlyMap<string, NamedSet>;
  /** False when nobody could read it: then it is assumed to be empty, and steps say so. */
  readonly known: boolean;
}

/** No filtering at all. `known` says whether that was seen or is assumed. */
export const emptyRuleset = (known: boolean): Ruleset => ({ tables: [], ipsets: new Map(), known });

/** Netfilter's fixed places (include/uapi/linux/netfilter_ipv4.h). */
export const PRIORITY = {
  defrag: -400,
  raw: -300,
  conntrack: -200,
  mangle: -150,
  dstnat: -100,
  filter: 0,
  security: 50,
  srcnat: 100,
  confirm: 2147483647,
} as const;
