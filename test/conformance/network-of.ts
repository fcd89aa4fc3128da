import { parseAddress, parsePrefix, type Address, type Fact, type Prefix } from '../../src/ip/index.ts';
import { hostFromBundle, parseBundle } from '../../src/facts/index.ts';
import { formatRoute, formatRule } from '../../src/dialect/iproute2/index.ts';
import { parseIpvsadmSave } from '../../src/dialect/ipvsadm/index.ts';
import type {
  Host,
  Interface,
  Link,
  Neighbour,
  Network,
  NextHop,
  Route,
  RouteType,
  Rule,
  RuleAction,
  Setting,
} from '../../src/model/index.ts';
import type { HostFacts, InterfaceFact, NetworkObservation, RouteFact, RuleFact } from './observation.ts';
import { rulesetOf } from './ruleset-of.ts';
import type { HostSpec, LinkSpec, NetworkSpec } from './spec.ts';

/** A network as the model knows it, and what its parsers did not understand. */
export interface Modelled {
  readonly network: Network;
  readonly problems: readonly string[];
}

type Pairs = readonly (readonly [key: string, value: string])[];

/** The model of a network from what its hosts' kernels hold. `base`: settings that every namespace starts with. */
export function networkOf(spec: NetworkSpec, observed: NetworkObservation, base: Pairs): Modelled {
  const problems: string[] = [];
  const hosts = spec.hosts.map((host) => {
    const { bundle } = observed.facts[host.name]!;
    if (bundle !== undefined) {
      const collected = collectedHost(spec, host.name, bundle);
      problems.push(...collected.problems);
      return collected.host;
    }
    const ruleset = rulesetOf(observed.facts[host.name]!);
    problems.push(...ruleset.problems.map((p) => `${host.name}: ${p}`));
    return hostOf(spec, host, observed.facts[host.name]!, { base, ruleset: ruleset.value });
  });
  const network: Network = {
    hosts: new Map(hosts.map((h) => [h.name, h])),
    links: new Map(spec.links.map((l) => [l.name, linkOf(l)])),
    tunnels: [],
    expectations: [],
  };
  return { network, problems };
}

const fact = (source: string, text: string): Fact => ({ source, line: 0, text });

function linkOf(link: LinkSpec): Link {
  return {
    name: link.name,
    kind: 'lan',
    prefixes: [],
    attachments: link.ends.map((e) => ({ host: e.host, interface: e.dev })),
    complete: true,
    fact: fact('spec', link.name),
  };
}

const linkOfDev = (spec: NetworkSpec, host: string, dev: string): string | undefined =>
  spec.links.find((l) => l.ends.some((e) => e.host === host && e.dev === dev))?.name;

/** A host as the collector saw it. Its links are told: finding them is tested elsewhere. */
function collectedHost(spec: NetworkSpec, name: string, text: string): { host: Host; problems: string[] } {
  const bundle = parseBundle(text, name);
  const { value, diagnostics } = hostFromBundle(bundle.value, { name });
  const interfaces = value.interfaces.map((i) => {
    const link = linkOfDev(spec, name, i.name);
    return link === undefined ? i : { ...i, link };
  });
  const problems = [...bundle.diagnostics, ...diagnostics]
    .filter((d) => d.severity !== 'note')
    .map((d) => `${d.code}: ${d.message} (${d.span?.text ?? ''})`);
  return { host: { ...value, interfaces }, problems };
}

function hostOf(
  spec: NetworkSpec,
  host: HostSpec,
  facts: HostFacts,
  known: { readonly base: Pairs; readonly ruleset: Host['ruleset'] },
): Host {
  return {
    name: host.name,
    interfaces: facts.interfaces.map((i) => interfaceOf(i, linkOfDev(spec, host.name, i.name))),
    routes: facts.routes.map(routeOf),
    rules: facts.rules.map(ruleOf),
    neighbours: host.neighbours.filter(isLast).map(neighbourOf),
    settings: settingsOf(host, known.base),
    ruleset: known.ruleset,
    openvpn: [],
    virtualServers: parseIpvsadmSave(facts.ipvs ?? '', 'ipvsadm-save -n').value,
    knowledge: 'collected',
    manager: 'unknown',
    fact: fact(host.name, host.name),
  };
}

/** The address that a text of our own stands for. */
export function addressOf(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`bug: ${text} is no address`);
  return parsed.value;
}

function blockOf(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(`bug: ${text} is no prefix`);
  return parsed.value;
}

function interfaceOf(i: InterfaceFact, link: string | undefined): Interface {
  return {
    name: i.name,
    index: i.index,
    kind: i.name === 'lo' ? 'loopback' : 'ethernet',
    mac: i.mac,
    mtu: i.mtu,
    up: i.up,
    carrier: i.carrier,
    addresses: i.addresses.map((a) => ({
      address: addressOf(a.address),
      length: a.length,
      scope: a.scope,
      secondary: a.secondary,
      deprecated: a.deprecated,
      fact: fact('ip addr', `inet ${a.address}/${a.length} dev ${i.name}`),
    })),
    ...(link === undefined ? {} : { link }),
    fact: fact('ip link', i.name),
  };
}

const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 2: 'kernel', 3: 'boot', 4: 'static', 9: 'ra' };

function routeOf(r: RouteFact): Route {
  const route: Route = {
    prefix: blockOf(r.prefix),
    type: r.type as RouteType,
    table: r.table,
    metric: r.metric,
    tos: r.tos,
    scope: r.scope,
    protocol: PROTOCOL_NAMES[r.protocol] ?? String(r.protocol),
    ...(r.source === undefined ? {} : { source: addressOf(r.source) }),
    ...(r.mtu === undefined ? {} : { mtu: r.mtu }),
    nexthops: r.nexthops.map(({ via, ...rest }): NextHop => ({
      ...rest,
      ...(via === undefined ? {} : { via: addressOf(via) }),
    })),
    fact: fact('ip route', ''),
  };
  return { ...route, fact: fact('ip route', formatRoute(route)) };
}

function ruleOf(r: RuleFact): Rule {
  const range = ([from, to]: readonly [number, number]): { from: number; to: number } => ({ from, to });
  const rule: Rule = {
    family: r.family,
    priority: r.priority,
    not: r.not,
    ...(r.from === undefined ? {} : { from: blockOf(r.from) }),
    ...(r.to === undefined ? {} : { to: blockOf(r.to) }),
    ...(r.iif === undefined ? {} : { iif: r.iif }),
    ...(r.oif === undefined ? {} : { oif: r.oif }),
    ...markOf(r),
    ...(r.tos === undefined ? {} : { tos: r.tos }),
    ...(r.protocol === undefined ? {} : { protocol: r.protocol }),
    ...(r.sport === undefined ? {} : { sport: range(r.sport) }),
    ...(r.dport === undefined ? {} : { dport: range(r.dport) }),
    action: actionOf(r),
    fact: fact('ip rule', ''),
  };
  return { ...rule, fact: fact('ip rule', formatRule(rule)) };
}

function markOf({ mark, mask }: RuleFact): Pick<Rule, 'mark'> | Record<string, never> {
  if (mark === undefined && mask === undefined) return {};
  const bits = mask ?? 0xffffffff;
  return { mark: { value: ((mark ?? 0) & bits) >>> 0, mask: bits } };
}

function actionOf(r: RuleFact): RuleAction {
  if (r.action === 'goto') return { kind: 'goto', priority: r.goto! };
  if (r.action !== 'table') return { kind: r.action as 'nop' | 'unreachable' | 'prohibit' | 'blackhole' };
  const suppress = r.suppress === undefined ? {} : { suppressPrefixLength: r.suppress };
  return { kind: 'table', table: r.table!, ...suppress };
}

/** The kernel replaces what it was told before. */
const isLast = (n: HostSpec['neighbours'][number], at: number, all: HostSpec['neighbours']): boolean =>
  !all.slice(at + 1).some((later) => later.dev === n.dev && later.address === n.address);

const neighbourOf = (n: HostSpec['neighbours'][number]): Neighbour => ({
  address: addressOf(n.address),
  dev: n.dev,
  state: 'permanent',
  mac: n.mac,
  fact: fact('ip neigh', `${n.address} dev ${n.dev} lladdr ${n.mac} PERMANENT`),
});

/** What the kernel holds after the writes in their order: new devices copy `default`, two keys spread over all devices. */
function settingsOf(host: HostSpec, base: Pairs): ReadonlyMap<string, Setting> {
  const values = new Map<string, string>();
  const devices = ['default', 'lo', ...host.devices.map((d) => d.name)];
  const write = (key: string, value: string): void => {
    values.set(key, value);
    const family =
      key === 'ipv4/ip_forward' || key === 'ipv4/conf/all/forwarding' ? 4 : key === 'ipv6/conf/all/forwarding' ? 6 : 0;
    if (family) for (const d of ['all', ...devices]) values.set(`ipv${family}/conf/${d}/forwarding`, value);
  };
  for (const [key, value] of base) write(key, value);
  for (const { name } of host.devices) {
    for (const [key, value] of [...values]) {
      if (key.includes('/conf/default/')) values.set(key.replace('/default/', `/${name}/`), value);
    }
  }
  for (const [key, value] of host.settings) write(key, value);
  return new Map([...values].map(([key, value]) => [key, { value, fact: fact('sysctl', `${key} = ${value}`) }]));
}
