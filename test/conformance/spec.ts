/**
 * A network as the kernel worker builds it, as plain data: what a generator makes, a shrinker reduces and a found case
 * keeps. Addresses are text; an address with a length is `10.0.0.1/24`.
 */
export interface NetworkSpec {
  /** Where it came from: shown in reports. */
  readonly name: string;
  readonly hosts: readonly HostSpec[];
  readonly links: readonly LinkSpec[];
  /** Ports that every host listens on. */
  readonly ports: { readonly tcp: readonly number[]; readonly udp: readonly number[] };
  readonly probes: readonly ProbeSpec[];
  /** The model's hosts are made from what the collector's script prints in each, instead of from the worker's own lists. */
  readonly collected?: boolean;
}

export interface HostSpec {
  readonly name: string;
  readonly devices: readonly { readonly name: string; readonly mac: string }[];
  /** Written in this order; keys as below /proc/sys/net. */
  readonly settings: readonly (readonly [key: string, value: string])[];
  readonly addresses: readonly AddressSpec[];
  /** Neighbours that need not be asked for. */
  readonly neighbours: readonly { readonly dev: string; readonly address: string; readonly mac: string }[];
  readonly routes: readonly RouteSpec[];
  readonly rules: readonly RuleSpec[];
  /** Devices taken down after everything else. */
  readonly down: readonly string[];
  readonly nft: readonly NftTable[];
  readonly iptables: IptablesSpec | null;
  /** Lines for `ipvsadm-restore`; needs a kernel with IPVS. */
  readonly ipvs?: readonly string[];
}

export interface AddressSpec {
  readonly dev: string;
  readonly address: string;
  readonly scope?: 'link' | 'host';
  /** Its preferred lifetime is over. */
  readonly deprecated?: boolean;
}

export interface LinkSpec {
  readonly name: string;
  readonly kind: 'pair' | 'switch';
  readonly ends: readonly { readonly host: string; readonly dev: string }[];
}

export interface RouteSpec {
  readonly prefix: string;
  readonly type?: string;
  readonly table?: number;
  readonly metric?: number;
  readonly tos?: number;
  readonly source?: string;
  readonly scope?: string;
  readonly via?: string;
  readonly dev?: string;
  readonly onlink?: boolean;
  readonly mtu?: number;
  readonly nexthops?: readonly NextHopSpec[];
  readonly operation?: 'add' | 'append' | 'prepend' | 'replace';
}

export interface NextHopSpec {
  readonly via?: string;
  readonly dev?: string;
  readonly weight?: number;
  readonly onlink?: boolean;
}

export interface RuleSpec {
  readonly family: 4 | 6;
  readonly priority: number;
  readonly action: 'table' | 'goto' | 'nop' | 'unreachable' | 'prohibit' | 'blackhole';
  readonly table?: number;
  readonly goto?: number;
  readonly suppress?: number;
  readonly not?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly iif?: string;
  readonly oif?: string;
  readonly mark?: number;
  readonly mask?: number;
  readonly tos?: number;
  readonly protocol?: number;
  readonly sport?: readonly [number, number];
  readonly dport?: readonly [number, number];
  /** Takes such a rule away instead. */
  readonly delete?: boolean;
}

/** One nft table; everything inside is text, so that a shrinker may drop it line by line. */
export interface NftTable {
  readonly family: string;
  readonly name: string;
  /** Sets and maps, complete: `set s { … }`. */
  readonly sets: readonly string[];
  readonly chains: readonly { readonly name: string; readonly hook: string; readonly rules: readonly string[] }[];
}

/** One program's rules for both families. */
export interface IptablesSpec {
  readonly variant: 'nft' | 'legacy';
  readonly 4: readonly IptablesTable[];
  readonly 6: readonly IptablesTable[];
}

export interface IptablesTable {
  readonly name: string;
  /** `INPUT ACCEPT`, `mine -`. */
  readonly chains: readonly string[];
  /** `-A INPUT -j DROP`. */
  readonly rules: readonly string[];
}

export interface ProbeSpec {
  readonly from: string;
  /** Absent: the kernel picks. */
  readonly source?: string;
  readonly destination: string;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** 0 for ICMP. */
  readonly destinationPort: number;
  /** ICMP: the identifier. Different for every probe of a network. */
  readonly sourcePort: number;
  readonly tos?: number;
}

/** What nft reads. */
export function nftText(tables: readonly NftTable[]): string {
  const chain = (c: NftTable['chains'][number]): string =>
    [`  chain ${c.name} {`, ...(c.hook ? [`    ${c.hook}`] : []), ...c.rules.map((r) => `    ${r}`), '  }'].join('\n');
  return tables
    .map((t) =>
      [`table ${t.family} ${t.name} {`, ...t.sets.map((s) => `  ${s}`), ...t.chains.map(chain), '}'].join('\n'),
    )
    .join('\n');
}

/** What iptables-restore reads. */
export const iptablesText = (tables: readonly IptablesTable[]): string =>
  tables.map((t) => [`*${t.name}`, ...t.chains.map((c) => `:${c}`), ...t.rules, 'COMMIT', ''].join('\n')).join('');
