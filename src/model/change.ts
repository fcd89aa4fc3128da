import { samePrefix, type Fact, type Prefix } from '../ip/index.ts';
import { withPeer, type SetPeer } from './change-peer.ts';
import { setting, settingNumber, type Host, type Setting } from './host.ts';
import type { Network, Tunnel, TunnelClient } from './network.ts';
import type { Route } from './route.ts';
import { defaultRules, type Rule } from './rule.ts';
import type { Chain, FilterRule, FilterTable } from './ruleset.ts';
import { sameVirtualMatch, type VirtualServer } from './virtual-server.ts';

/** Where a rule goes in: the chain's table, and before which of its rules. */
export interface RulePlace {
  readonly family: FilterTable['family'];
  readonly table: string;
  readonly chain: string;
  /** 0 puts it first. */
  readonly index: number;
}

/** One typed edit of the network. */
export type Change =
  /**
   * Goes in front of a route to the same prefix, as OpenVPN puts it; by hand there must be none (`ip route add`). By
   * `openvpn` it is the host's own OpenVPN that makes it (`route`).
   */
  | {
      readonly kind: 'add-route';
      readonly host: string;
      readonly route: Route;
      readonly by: 'hand' | 'dhcp' | 'push' | 'openvpn';
      /** The host of the OpenVPN server that pushes it. */
      readonly server?: string;
    }
  | { readonly kind: 'remove-route'; readonly host: string; readonly route: Route }
  /** The cloud no longer checks what the host sends and gets on that link. */
  | { readonly kind: 'lift-check'; readonly host: string; readonly link: string }
  | { readonly kind: 'set'; readonly host: string; readonly key: string; readonly value: string }
  /** The server's OpenVPN learns which network lies behind a client. */
  | {
      readonly kind: 'add-iroute';
      /** The host of the server. */
      readonly host: string;
      readonly tunnel: string;
      readonly commonName: string;
      readonly prefix: Prefix;
      /** It stands in a file already, which the server does not read: why not. */
      readonly unread?: { readonly why: 'no-directory' | 'not-taken' | 'other-name'; readonly file: string };
    }
  | SetPeer
  /** Beside the others, at the priority it names. */
  | { readonly kind: 'add-policy-rule'; readonly host: string; readonly rule: Rule }
  /** In place of the one that takes the same packets, or beside the others. */
  | { readonly kind: 'set-virtual-server'; readonly host: string; readonly server: VirtualServer }
  | {
      readonly kind: 'add-rule';
      readonly host: string;
      readonly place: RulePlace;
      readonly rule: FilterRule;
      readonly newTable?: FilterTable;
    };

/** A fact that a change makes. */
export const proposed = (text: string): Fact => ({ source: 'proposed change', line: 0, text });

/** The network after the changes. Hosts that do not exist are our bug, so it throws. */
export function applyChanges(network: Network, changes: readonly Change[]): Network {
  const hosts = new Map(network.hosts);
  let { tunnels, links } = network;
  for (const change of changes) {
    const host = hosts.get(change.host);
    if (!host) throw new Error(`bug: change at unknown host ${change.host}`);
    hosts.set(change.host, applyToHost(host, change));
    if (change.kind === 'lift-check') links = withoutCheck(links, change.link, change.host);
    if (change.kind !== 'add-iroute') continue;
    tunnels = tunnels.map((t) => withIroute(t, change));
    for (const [name, client] of withoutOwnPush(hosts, tunnels, change)) hosts.set(name, client);
  }
  return { ...network, hosts, tunnels, links };
}

function withoutCheck(links: Network['links'], name: string, host: string): Network['links'] {
  const link = links.get(name);
  return link ? new Map(links).set(name, { ...link, unchecked: [...(link.unchecked ?? []), host] }) : links;
}

function applyToHost(host: Host, change: Change): Host {
  switch (change.kind) {
    case 'add-route':
      return { ...host, routes: [change.route, ...host.routes] };
    case 'remove-route':
      return { ...host, routes: host.routes.filter((r) => r !== change.route) };
    case 'set':
      return withSetting(host, change.key, change.value);
    case 'add-iroute':
    case 'lift-check':
      return host;
    case 'set-peer':
      return withPeer(host, change);
    case 'add-policy-rule':
      return { ...host, rules: withPolicyRule(host.rules, change.rule) };
    case 'set-virtual-server':
      return { ...host, virtualServers: withServer(host.virtualServers, change.server) };
    case 'add-rule':
      return { ...host, ruleset: { ...host.ruleset, tables: withRule(host.ruleset.tables, change) } };
  }
}

/** Where no rule was collected, the kernel's own stay in force beside it. */
function withPolicyRule(rules: readonly Rule[], rule: Rule): readonly Rule[] {
  const isAlone = rules.every((r) => r.family !== rule.family);
  return [...(isAlone ? [...rules, ...defaultRules(rule.family)] : rules), rule].sort(
    (a, b) => a.priority - b.priority,
  );
}

function withServer(servers: readonly VirtualServer[], server: VirtualServer): readonly VirtualServer[] {
  return [...servers.filter((s) => !sameVirtualMatch(s, server)), server];
}

const FORWARDING = {
  'ipv4/ip_forward': 'ipv4',
  'ipv4/conf/all/forwarding': 'ipv4',
  'ipv6/conf/all/forwarding': 'ipv6',
} as const;

/**
 * A setting written as sysctl does. The switch for forwarding writes every interface's own: IPv4 only when it changes
 * (devinet_sysctl_forward, inet_forward_change in net/ipv4/devinet.c), IPv6 always (addrconf_fixup_forwarding).
 */
function withSetting(host: Host, key: string, value: string): Host {
  const settings = new Map(host.settings);
  const fact = proposed(`${key} = ${value}`);
  const put = (k: string, v = value): Map<string, Setting> => settings.set(k, { value: v, fact });
  const family = FORWARDING[key as keyof typeof FORWARDING] as 'ipv4' | 'ipv6' | undefined;
  const isSame = host.settings.has(key) && Number(setting(host, key).value) === Number(value);
  put(key);
  if (!family || (family === 'ipv4' && isSame)) return { ...host, settings };
  for (const i of [{ name: 'all' }, { name: 'default' }, ...host.interfaces])
    put(`${family}/conf/${i.name}/forwarding`);
  const on = Number(value) > 0;
  if (family === 'ipv6') return { ...host, settings, routes: on ? withoutAdvertised(host) : host.routes };
  put('ipv4/ip_forward');
  put('ipv4/conf/all/accept_redirects', on ? '0' : '1');
  return { ...host, settings };
}

/** A router forgets default routes that others advertised, unless accept_ra is 2 (rt6_purge_dflt_routers). */
function withoutAdvertised(host: Host): readonly Route[] {
  const isKept = (dev: string | undefined): boolean =>
    dev !== undefined && settingNumber(host, `ipv6/conf/${dev}/accept_ra`) === 2;
  return host.routes.filter(
    (r) => r.protocol !== 'ra' || r.prefix.length > 0 || r.prefix.address.family === 4 || isKept(r.nexthops[0]?.dev),
  );
}

type AddIroute = Extract<Change, { kind: 'add-iroute' }>;

function withIroute(tunnel: Tunnel, change: AddIroute): Tunnel {
  if (tunnel.name !== change.tunnel || tunnel.server.host !== change.host) return tunnel;
  const fact = proposed(`iroute for ${change.commonName}`);
  const isThere = (c: TunnelClient): boolean => c.iroutes.some((r) => samePrefix(r.prefix, change.prefix));
  const clients = tunnel.clients.map((c) =>
    c.commonName !== change.commonName || isThere(c)
      ? c
      : { ...c, iroutes: [...c.iroutes, { prefix: change.prefix, fact }] },
  );
  return { ...tunnel, clients };
}

/**
 * What lies behind a client is no longer pushed to it: the server leaves out exactly equal networks
 * (remove_iroutes_from_push_route_list in OpenVPN's multi.c).
 */
function withoutOwnPush(
  hosts: ReadonlyMap<string, Host>,
  tunnels: readonly Tunnel[],
  { host, tunnel: name, commonName, prefix }: AddIroute,
): readonly (readonly [string, Host])[] {
  const tunnel = tunnels.find((t) => t.name === name && t.server.host === host);
  const process = tunnel && hosts.get(host)?.openvpn[tunnel.process];
  const client = tunnel?.clients.find((c) => c.commonName === commonName);
  const there = client?.host === undefined ? undefined : hosts.get(client.host);
  if (!client || !there || !process?.pushedRoutes.some((r) => samePrefix(r.prefix, prefix))) return [];
  const isPushed = (r: Route): boolean =>
    samePrefix(r.prefix, prefix) && r.protocol !== 'kernel' && r.nexthops[0]?.dev === client.interface;
  return [[there.name, { ...there, routes: there.routes.filter((r) => !isPushed(r)) }]];
}

function withRule(
  tables: readonly FilterTable[],
  change: Extract<Change, { kind: 'add-rule' }>,
): readonly FilterTable[] {
  const { place, rule } = change;
  const isTarget = (t: FilterTable): boolean => t.family === place.family && t.name === place.table;
  const all = tables.some(isTarget) || !change.newTable ? tables : [...tables, change.newTable];
  return all.map((t) => {
    const chain = isTarget(t) ? t.chains.get(place.chain) : undefined;
    if (!chain) return t;
    const rules = [...chain.rules.slice(0, place.index), rule, ...chain.rules.slice(place.index)];
    const changed: Chain = { ...chain, rules };
    return { ...t, chains: new Map(t.chains).set(place.chain, changed) };
  });
}
