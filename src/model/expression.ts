import type { Address, Prefix } from '../ip/index.ts';

/** A header field that a firewall rule can read. A packet without it does not match. */
export type Field =
  | 'ip.saddr'
  | 'ip.daddr'
  | 'ip6.saddr'
  | 'ip6.daddr'
  | 'ip6.hoplimit'
  | 'ip.ttl'
  | 'ip.dscp'
  | 'ip.length'
  | 'ip.fragment'
  | 'ip.protocol'
  | 'tcp.sport'
  | 'tcp.dport'
  | 'tcp.flags'
  | 'udp.sport'
  | 'udp.dport'
  | 'th.sport'
  | 'th.dport'
  | 'icmp.type'
  | 'icmp.code'
  | 'icmp.id'
  | 'icmpv6.type'
  | 'icmpv6.code'
  | 'icmpv6.id';

/** What else is known of a packet: values of nft's `meta`. `protocol` is the EtherType, `nfproto` 2 or 10. */
export type MetaKey =
  | 'mark'
  | 'iifname'
  | 'oifname'
  | 'iif'
  | 'oif'
  | 'iiftype'
  | 'oiftype'
  | 'l4proto'
  | 'nfproto'
  | 'protocol'
  | 'length'
  | 'pkttype'
  | 'skuid'
  | 'skgid'
  | 'cpu'
  | 'priority';

/** What connection tracking knows. `state` and `status` are lists of words, `direction` a word. */
export type CtKey =
  | 'state'
  | 'status'
  | 'direction'
  | 'mark'
  | 'l3proto'
  | 'protocol'
  | 'original.saddr'
  | 'original.daddr'
  | 'original.sport'
  | 'original.dport'
  | 'reply.saddr'
  | 'reply.daddr'
  | 'reply.sport'
  | 'reply.dport';

/** A value that a rule computes from the packet, or writes down. */
export type Value =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'address'; readonly address: Address }
  /** Interface names, states. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'meta'; readonly key: MetaKey }
  | { readonly kind: 'ct'; readonly key: CtKey }
  | { readonly kind: 'binary'; readonly op: '&' | '|' | '^' | '<<' | '>>'; readonly left: Value; readonly right: Value }
  /** An address cut to a prefix length: `ip saddr & 255.255.255.0`. */
  | { readonly kind: 'masked-address'; readonly of: Value; readonly mask: Address }
  | { readonly kind: 'concat'; readonly parts: readonly Value[] }
  /** `ip saddr map { … }`: nothing when the key is not in it. */
  | { readonly kind: 'lookup'; readonly key: Value; readonly map: ElementsRef }
  /**
   * nft's `fib`. `type` gives a word (local, unicast, broadcast, …), `oif`/`oifname` the interface of the route,
   * `present` 1 or 0. iptables' addrtype and rpfilter are these.
   */
  | {
      readonly kind: 'fib';
      readonly result: 'type' | 'oif' | 'oifname' | 'present';
      readonly flags: readonly FibFlag[];
    }
  /** One of `modulus` values, by counter or by a hash: each is possible. */
  | { readonly kind: 'any-of'; readonly modulus: number; readonly offset: number; readonly text: string }
  /** Known by name only. */
  | { readonly kind: 'unmodelled'; readonly text: string };

/** What nft's `fib` looks up, and with what. */
export type FibFlag = 'saddr' | 'daddr' | 'mark' | 'iif' | 'oif';

/** One member of a set, or the key of one member of a map. */
export type Element =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'text'; readonly text: string }
  /** `eth*`: all names that start so. */
  | { readonly kind: 'name-start'; readonly start: string }
  | { readonly kind: 'number-range'; readonly from: number; readonly to: number }
  | { readonly kind: 'address-range'; readonly from: Address; readonly to: Address }
  | { readonly kind: 'prefix'; readonly prefix: Prefix }
  | { readonly kind: 'concat'; readonly parts: readonly Element[] }
  /** nft's `*`: what no other key matches. */
  | { readonly kind: 'anything' };

/** Members written in the rule, or a set or map by name. `ipset` names live apart from the table's own. */
export type ElementsRef =
  | { readonly kind: 'inline'; readonly entries: readonly Entry[] }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'ipset'; readonly name: string };

/** A set's member; in a map with what it leads to. */
export interface Entry {
  readonly key: Element;
  readonly value?: Value;
  readonly verdict?: Verdict;
  /** ipset's `nomatch`: an exception inside a wider member. */
  readonly except?: boolean;
}

/** Where a rule sends the packet. */
export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string };
