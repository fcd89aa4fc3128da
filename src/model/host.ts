import { assumption, type Address, type Fact, type Family } from '../ip/index.ts';
import type { Interface } from './interface.ts';
import type { Route } from './route.ts';
import type { Rule } from './rule.ts';
import type { Ruleset } from './ruleset.ts';
import { habitsOf, type System } from './system.ts';
import type { OpenVpn } from './tunnel.ts';
import type { VirtualServer } from './virtual-server.ts';
import type { WireGuard } from './wireguard.ts';

/** Who keeps an interface's routes over a reboot. */
export type NetworkManager = 'netplan' | 'networkd' | 'ifupdown' | 'nmcli' | 'unknown';

/** A neighbour entry that the kernel will not ask about again. */
export interface Neighbour {
  readonly address: Address;
  readonly dev: string;
  readonly state: 'permanent' | 'reachable' | 'stale' | 'failed' | 'incomplete' | 'other';
  readonly mac?: string;
  readonly fact: Fact;
}

/** One kernel setting. */
export interface Setting {
  readonly value: string;
  readonly fact: Fact;
}

/** Any box with interfaces. */
export interface Host {
  readonly name: string;
  readonly interfaces: readonly Interface[];
  /** All routes of all tables, both families, in the kernel's order. */
  readonly routes: readonly Route[];
  /** Both families, by priority and then as listed. */
  readonly rules: readonly Rule[];
  readonly neighbours: readonly Neighbour[];
  /** Keys as below /proc/sys/net: `ipv4/ip_forward`, `ipv4/conf/eth0/rp_filter`. */
  readonly settings: ReadonlyMap<string, Setting>;
  readonly ruleset: Ruleset;
  readonly openvpn: readonly OpenVpn[];
  /** WireGuard interfaces; absent where nothing told of any. */
  readonly wireguard?: readonly WireGuard[];
  /** IPVS: those that the kernel has, or where nobody asked it, those that keepalived.conf makes. */
  readonly virtualServers: readonly VirtualServer[];
  /** Those of keepalived.conf, where the kernel was asked too. */
  readonly configuredServers?: readonly VirtualServer[];
  /** `collected` from the host itself, `declared` by a person, `assumed` where neither said anything. */
  readonly knowledge: 'collected' | 'declared' | 'assumed';
  readonly manager: NetworkManager;
  /** What runs on it; Linux when absent. Packets are followed by Linux's rules, with that system's habits. */
  readonly system?: System;
  readonly fact: Fact;
}

/** What Linux does when nobody changed it (Documentation/networking/ip-sysctl.rst). */
const DEFAULTS: Readonly<Record<string, string>> = {
  'ipv4/ip_forward': '0',
  'ipv4/ip_default_ttl': '64',
  forwarding: '0',
  rp_filter: '0',
  accept_redirects: '1',
  send_redirects: '1',
  shared_media: '1',
  accept_local: '0',
  route_localnet: '0',
  src_valid_mark: '0',
  'netfilter/nf_conntrack_tcp_loose': '1',
  'netfilter/nf_conntrack_tcp_be_liberal': '0',
  'ipv4/icmp_echo_ignore_all': '0',
  'ipv4/fwmark_reflect': '0',
  'ipv6/fwmark_reflect': '0',
  // Documentation/networking/ipvs-sysctl.rst
  'ipv4/vs/snat_reroute': '1',
};

/** The setting as the host has it, or what its system takes by itself, as an assumption. */
export function setting(host: Host, key: string): Setting {
  const own = host.settings.get(key);
  if (own) return own;
  const value = defaultOf(host, key);
  const whose = host.system === undefined ? '' : `, as ${habitsOf(host.system).title} has it by itself`;
  return { value, fact: assumption(`${key} is not known: taken as ${value}${whose}`) };
}

function defaultOf({ system }: Host, key: string): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  if (system !== undefined && (key === 'ipv4/ip_forward' || name === 'forwarding'))
    return habitsOf(system).forwards[key.startsWith('ipv6') ? 6 : 4] ? '1' : '0';
  return DEFAULTS[key] ?? DEFAULTS[name] ?? '0';
}

/** A setting as a number; 0 where it is none. */
export const settingNumber = (host: Host, key: string): number =>
  Number(host.settings.get(key)?.value ?? defaultOf(host, key)) || 0;

/** The key of a per-interface setting. */
export const interfaceKey = (family: Family, dev: string, name: string): string => `ipv${family}/conf/${dev}/${name}`;

/** The interface of that name. */
export const interfaceNamed = (host: Host, name: string): Interface | undefined =>
  host.interfaces.find((i) => i.name === name);

/** What is known of that WireGuard interface. */
export const wireGuardAt = (host: Host, dev: string): WireGuard | undefined =>
  host.wireguard?.find((w) => w.dev === dev);
