import { stringify } from 'yaml';
import { formatAddress, formatPrefix, isLoopback, parseAddress } from '../ip/index.ts';
import type { Expectation, Host, Interface, Link, Network, Route, Rule } from '../model/index.ts';
import { formatRoute, formatRule, ruleAddCommand } from '../dialect/index.ts';
import { settingName } from '../dialect/sysctl/index.ts';
import { formatExpectation } from './expectation.ts';
import { madeByKernel } from './network-file-host.ts';
import { routeKey, startingRules } from './network-file-routes.ts';
import type { AttachmentShape, HostShape, LooseShape, NetworkFileShape, NetworkShape, OpenVpnShape } from './schema.ts';

/** Texts of a host that the model does not keep, as a network file takes them. */
export interface HostTexts {
  /** Outputs of iptables-save, ip6tables-save and `nft -j list ruleset`. */
  readonly filter?: readonly string[];
  /** Output of `ipset save`. */
  readonly ipset?: string;
  readonly openvpn?: readonly OpenVpnShape[];
}

/**
 * The network as a network file that reads back as the same: links, addresses, routes and rules beyond the kernel's own,
 * settings, expectations, and the texts given by host name (a bridge as an ordinary interface). A filter or an OpenVPN process without its text, neighbours,
 * and kernel routes or rules that somebody took away can't be written; what of the first two is missing is said in
 * a comment on top.
 */
export function formatNetworkFile(network: Network, texts: ReadonlyMap<string, HostTexts> = new Map()): string {
  const names = linkNames(network);
  const hosts = [...network.hosts.values()];
  const file: NetworkFileShape = {
    networks: Object.fromEntries([...network.links.values()].map((l) => [names.get(l.name)!, networkShape(l)])),
    hosts: Object.fromEntries(hosts.map((h) => [h.name, hostShape(h, names, texts.get(h.name) ?? {})])),
    ...(network.expectations.length > 0 && {
      expect: network.expectations.map((e) => formatExpectation(renamed(e, names))),
    }),
  };
  const missing = hosts.flatMap((h) => missingTexts(h, texts.get(h.name) ?? {}));
  return missing.map((m) => `# not in this file: ${m}\n`).join('') + stringify(file, { lineWidth: 0 });
}

function missingTexts(host: Host, texts: HostTexts): readonly string[] {
  return [
    ...(host.ruleset.tables.length > 0 && !texts.filter ? [`the packet filter of ${host.name}`] : []),
    ...(host.openvpn.length > 0 && !texts.openvpn ? [`OpenVPN of ${host.name}`] : []),
    ...(host.wireguard ? [`WireGuard of ${host.name}`] : []),
    ...(host.virtualServers.length > 0 ? [`the virtual servers of ${host.name}`] : []),
  ];
}

/** Names of links as a network file takes them, each its own. */
function linkNames(network: Network): ReadonlyMap<string, string> {
  const taken = new Set(network.hosts.keys());
  const names = new Map<string, string>();
  for (const link of network.links.keys()) {
    const base =
      link
        .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
        .slice(0, 50)
        .replace(/^[^\p{L}\p{N}]/u, 'n') || 'n';
    let name = base;
    for (let n = 2; taken.has(name) || parseAddress(name).ok; n++) name = `${base}-${n}`;
    taken.add(name);
    names.set(link, name);
  }
  return names;
}

const renamed = (e: Expectation, names: ReadonlyMap<string, string>): Expectation => ({
  ...e,
  from: names.get(e.from) ?? e.from,
  to: names.get(e.to) ?? e.to,
});

function networkShape({ kind, prefixes, complete, unchecked }: Link): string | NetworkShape {
  const texts = prefixes.map(formatPrefix);
  if (kind === 'lan' && complete && texts.length === 1 && !unchecked) return texts[0]!;
  if (kind === 'internet' && !complete && texts.length === 0) return 'internet';
  return {
    ...(kind === 'internet' && { kind }),
    prefixes: texts,
    complete,
    ...(unchecked && { unchecked: [...unchecked] }),
  };
}

function hostShape(host: Host, names: ReadonlyMap<string, string>, texts: HostTexts): HostShape {
  const isMade = (i: Interface): boolean => texts.openvpn !== undefined && host.openvpn.some((p) => p.dev === i.name);
  const wired = host.interfaces.filter((i) => i.link !== undefined);
  const loose = host.interfaces.filter((i) => i.link === undefined && !isMade(i));
  const rules = writtenRules(host);
  const interfaces = loose.flatMap((i) => looseShape(i));
  const filter = texts.filter ?? (host.ruleset.known && host.ruleset.tables.length === 0 ? 'none' : undefined);
  return {
    ...(wired.length > 0 && { on: onShape(wired, names) }),
    ...(interfaces.length > 0 && { interfaces: Object.fromEntries(interfaces) }),
    routes: writtenRoutes(host),
    ...(rules.length > 0 && { rules }),
    ...(host.settings.size > 0 && { settings: settingsShape(host) }),
    ...(filter !== undefined && { filter: typeof filter === 'string' ? filter : [...filter] }),
    ...(texts.ipset !== undefined && { ipset: texts.ipset }),
    ...(texts.openvpn && { openvpn: [...texts.openvpn] }),
    ...(host.manager !== 'unknown' && { manager: host.manager }),
    ...(host.system && { system: host.system }),
  };
}

function onShape(wired: readonly Interface[], names: ReadonlyMap<string, string>): NonNullable<HostShape['on']> {
  const on: Record<string, AttachmentShape[]> = {};
  for (const dev of wired)
    (on[names.get(dev.link!) ?? dev.link!] ??= []).push({ interface: dev.name, ...interfaceShape(dev) });
  return Object.fromEntries(Object.entries(on).map(([name, all]) => [name, all.length === 1 ? all[0]! : all]));
}

function interfaceShape(dev: Interface): AttachmentShape {
  return {
    addresses: addressTexts(dev),
    ...(dev.mtu !== 1500 && { mtu: dev.mtu }),
    ...(!dev.up && { up: false }),
    ...(dev.mac !== undefined && { mac: dev.mac }),
  };
}

const addressTexts = (dev: Interface): string[] => dev.addresses.map((a) => `${formatAddress(a.address)}/${a.length}`);

function looseShape(dev: Interface): [string, LooseShape][] {
  if (dev.kind !== 'loopback') return [[dev.name, interfaceShape(dev)]];
  const own = dev.addresses.filter((a) => !isLoopback(a.address));
  return own.length === 0 ? [] : [[dev.name, { addresses: addressTexts({ ...dev, addresses: own }) }]];
}

/** The routes that the kernel would not make by itself, in an order and with verbs that give the same tables. */
function writtenRoutes(host: Host): string[] {
  const forwards6 = host.settings.get('ipv6/conf/all/forwarding')?.value === '1';
  const kernel = new Map(madeByKernel(host.interfaces, forwards6).map((r) => [formatRoute(r), routeKey(r)]));
  const written = host.routes.filter((r) => !kernel.has(formatRoute(r)));
  const behind = (r: Route): boolean =>
    host.routes.slice(host.routes.indexOf(r)).some((o) => kernel.get(formatRoute(o)) === routeKey(r));
  const front = written.filter(behind);
  const seen = new Set([...kernel.values(), ...front.map(routeKey)]);
  const rest = written
    .filter((r) => !front.includes(r))
    .map((r) => {
      const isSecond = seen.has(routeKey(r));
      seen.add(routeKey(r));
      return isSecond ? command(r, 'append') : formatRoute(r);
    });
  return [...front.toReversed().map((r) => command(r, 'prepend')), ...rest];
}

const command = (route: Route, verb: string): string =>
  `ip ${route.prefix.address.family === 6 ? '-6 ' : ''}route ${verb} ${formatRoute(route)}`;

function writtenRules(host: Host): string[] {
  const text = (r: Rule): string => (r.family === 4 ? formatRule(r) : ruleAddCommand(r).join(' '));
  const starting = new Set(startingRules().map(text));
  return host.rules.map(text).filter((t) => !starting.has(t));
}

/** A switch for forwarding is read before all others, whatever its place. */
const settingsShape = (host: Host): Record<string, string> =>
  Object.fromEntries([...host.settings].map(([key, { value }]) => [settingName(key), value]));
