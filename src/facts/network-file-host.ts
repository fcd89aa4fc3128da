import { habitsOf, type Host, type Interface, type System, type WireGuard } from '../model/index.ts';
import type { DeclaredNetwork } from './link-declarations.ts';
import { readHostFacts } from './network-file-facts.ts';
import { buildInterfaces, nameLinks } from './network-file-build-interfaces.ts';
import { readInterfaces } from './network-file-interfaces.ts';
import { kernelRoutes } from './network-file-kernel-routes.ts';
import { readOpenVpn, type WrittenOpenVpn } from './network-file-openvpn.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import { readRoutes, readRules, startingRules } from './network-file-routes.ts';
import { readRuleset } from './network-file-ruleset.ts';
import { forwardsIpv6, readSettings } from './network-file-settings.ts';
import { readWireGuard, wireGuardInterfaces } from './network-file-wireguard.ts';
import type { WgQuick } from '../dialect/wireguard/index.ts';
import { readVirtualServers } from './network-file-virtual-servers.ts';
import type { HostShape } from './schema.ts';

/** A host while a network file is read. */
export interface HostDraft {
  readonly name: string;
  readonly shape: HostShape;
  readonly host: Host;
  /** Whether its interfaces and routes come from facts. */
  readonly collected: boolean;
  readonly written: readonly WrittenOpenVpn[];
  readonly quicks: readonly WgQuick[];
}

/** A host's interfaces, filter and processes; its routes and settings follow once all hosts and tunnels are known. */
export function draftHost(
  name: string,
  shape: HostShape,
  networks: ReadonlyMap<string, DeclaredNetwork>,
  reader: NetworkFileReader,
): HostDraft {
  const fact = reader.fact(['hosts', name], name, 'key');
  const written = readInterfaces(name, shape, networks, reader);
  const facts = readHostFacts(name, shape, written, reader);
  const system = shape.system ?? facts?.system ?? 'linux';
  const collected = facts?.interfaces !== undefined;
  const quicks = readWireGuard(name, shape, reader);
  const interfaces = facts?.interfaces
    ? nameLinks(facts.interfaces, written, reader)
    : withWireGuard(buildInterfaces(written, fact, reader), quicks);
  if (system !== 'linux') noteSystem(name, system, reader);
  const openvpn = readOpenVpn(name, shape, reader);
  const wireguard = [...(facts?.wireguard ?? []), ...quicks.map((q) => q.wireguard)];
  const host: Host = {
    name,
    interfaces,
    routes: [...(facts?.routes ?? []), ...(collected ? [] : madeByKernel(interfaces, forwardsIpv6(shape)))],
    rules: facts?.rules ?? startingRules(),
    neighbours: facts?.neighbours ?? [],
    settings: facts?.settings ?? new Map(),
    // what a person says of another system's filter counts instead of what nobody follows
    ruleset: readRuleset(name, shape, saysFilter(shape) && facts?.system ? undefined : facts?.ruleset, reader),
    openvpn: [
      ...(facts?.openvpn ?? []).filter((p) => !openvpn.some((o) => o.process.dev === p.dev)),
      ...openvpn.map((o) => o.process),
    ],
    ...(wireguard.length > 0 ? { wireguard: wireguard.filter((w, i) => firstOf(wireguard, w) === i) } : {}),
    ...readVirtualServers(name, shape, facts, reader),
    knowledge: facts ? 'collected' : 'declared',
    manager: shape.manager ?? facts?.manager ?? 'unknown',
    ...(system !== 'linux' && { system }),
    fact: facts?.fact ?? fact,
  };
  return { name, shape, host, collected, written: openvpn, quicks: collected ? [] : quicks };
}

const saysFilter = ({ filter, iptables, ip6tables, 'nft-json': nft }: HostShape): boolean =>
  [filter, iptables, ip6tables, nft].some((said) => said !== undefined);

function noteSystem(name: string, system: System, reader: NetworkFileReader): void {
  const message = `${name} runs ${habitsOf(system).title}: packets on it are followed by the rules of Linux, with that system's habits`;
  reader.note('line-limited', message, ['hosts', name], undefined, 'note');
}

const withWireGuard = (there: readonly Interface[], quicks: readonly WgQuick[]): readonly Interface[] => [
  ...there,
  ...wireGuardInterfaces(quicks, there),
];

/** What the host itself said of an interface counts before its file. */
const firstOf = (all: readonly WireGuard[], { dev }: WireGuard): number => all.findIndex((w) => w.dev === dev);

/** The kernel's routes of all interfaces: main, then local. */
export function madeByKernel(interfaces: readonly Interface[], forwards6: boolean): Host['routes'] {
  const routes = interfaces.flatMap((i) => kernelRoutes(i, forwards6));
  return [...routes].sort((a, b) => a.table - b.table);
}

/** The host with the routes, rules and settings that are written for it. */
export function finishHost({ name, shape, host }: HostDraft, reader: NetworkFileReader): Host {
  const routes = readRoutes(shape.routes ?? [], ['hosts', name, 'routes'], host, reader);
  const interfaces = host.interfaces.map((i) => i.name);
  return {
    ...host,
    routes,
    rules: readRules(shape.rules ?? [], ['hosts', name, 'rules'], host.rules, reader),
    settings: readSettings(name, shape, { settings: host.settings, interfaces }, reader),
  };
}
