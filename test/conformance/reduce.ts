import type { HostSpec, IptablesSpec, NetworkSpec, NftTable } from './spec.ts';

/** Smaller networks, the boldest first. Each leaves something out and stays well-formed. */
export function* reductionsOf(spec: NetworkSpec): Generator<NetworkSpec> {
  for (const probes of without(spec.probes)) if (probes.length > 0) yield { ...spec, probes };
  for (const host of spec.hosts) {
    if (spec.hosts.length > 1 && !spec.probes.some((p) => p.from === host.name)) yield withoutHost(spec, host.name);
  }
  for (const link of spec.links) yield withoutLink(spec, link.name);
  for (const [i, host] of spec.hosts.entries()) {
    for (const smaller of smallerHosts(host))
      yield { ...spec, hosts: spec.hosts.map((h, k) => (k === i ? smaller : h)) };
  }
  for (const [i, { source, tos, ...probe }] of spec.probes.entries()) {
    const swap = (p: NetworkSpec['probes'][number]): NetworkSpec => ({
      ...spec,
      probes: spec.probes.map((q, k) => (k === i ? p : q)),
    });
    if (source !== undefined) yield swap({ ...probe, ...(tos === undefined ? {} : { tos }) });
    if (tos !== undefined) yield swap({ ...probe, ...(source === undefined ? {} : { source }) });
    if (probe.protocol === 'tcp')
      yield swap({
        ...probe,
        protocol: 'udp',
        ...(source === undefined ? {} : { source }),
        ...(tos === undefined ? {} : { tos }),
      });
  }
}

/** The list without everything, without either half, without quarters, and without each member. */
function* without<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let size = list.length; size >= 1; size = Math.floor(size / 2)) {
    for (let from = 0; from < list.length; from += size) yield [...list.slice(0, from), ...list.slice(from + size)];
  }
}

function* smallerHosts(host: HostSpec): Generator<HostSpec> {
  for (const nft of smallerNft(host.nft)) yield { ...host, nft };
  if (host.iptables) yield* smallerIptables(host.iptables).map((iptables) => ({ ...host, iptables }));
  for (const rules of without(host.rules)) yield { ...host, rules };
  for (const routes of without(host.routes)) yield { ...host, routes };
  for (const settings of without(host.settings)) yield { ...host, settings };
  for (const addresses of without(host.addresses)) yield { ...host, addresses };
  for (const down of without(host.down)) yield { ...host, down };
  for (const neighbours of without(host.neighbours)) yield { ...host, neighbours };
  for (const [i, rule] of host.rules.entries()) {
    for (const key of [
      'not',
      'from',
      'to',
      'iif',
      'oif',
      'mark',
      'mask',
      'tos',
      'protocol',
      'sport',
      'dport',
      'suppress',
    ] as const) {
      if (rule[key] === undefined) continue;
      const rest = Object.fromEntries(Object.entries(rule).filter(([k]) => k !== key)) as unknown as typeof rule;
      yield { ...host, rules: host.rules.map((r, k) => (k === i ? rest : r)) };
    }
  }
  for (const [i, route] of host.routes.entries()) {
    for (const key of ['metric', 'tos', 'source', 'onlink', 'mtu', 'operation'] as const) {
      if (route[key] === undefined) continue;
      const rest = Object.fromEntries(Object.entries(route).filter(([k]) => k !== key)) as unknown as typeof route;
      yield { ...host, routes: host.routes.map((r, k) => (k === i ? rest : r)) };
    }
  }
}

function* smallerNft(tables: readonly NftTable[]): Generator<readonly NftTable[]> {
  yield* without(tables);
  for (const [i, table] of tables.entries()) {
    const swap = (t: NftTable): readonly NftTable[] => tables.map((o, k) => (k === i ? t : o));
    for (const chains of without(table.chains)) yield swap({ ...table, chains });
    for (const [c, chain] of table.chains.entries()) {
      for (const rules of without(chain.rules))
        yield swap({ ...table, chains: table.chains.map((o, k) => (k === c ? { ...chain, rules } : o)) });
    }
    for (const sets of without(table.sets)) yield swap({ ...table, sets });
  }
}

function smallerIptables(spec: IptablesSpec): (IptablesSpec | null)[] {
  const found: (IptablesSpec | null)[] = [null];
  for (const family of [4, 6] as const) {
    const tables = spec[family];
    for (const rest of without(tables)) found.push({ ...spec, [family]: rest });
    for (const [i, table] of tables.entries()) {
      for (const rules of without(table.rules)) {
        found.push({ ...spec, [family]: tables.map((o, k) => (k === i ? { ...table, rules } : o)) });
      }
    }
  }
  return found;
}

function withoutHost(spec: NetworkSpec, name: string): NetworkSpec {
  const gone = spec.links.filter(
    (l) => l.ends.some((e) => e.host === name) && (l.kind === 'pair' || l.ends.length <= 2),
  );
  const smaller = gone.reduce((s, l) => withoutLink(s, l.name), spec);
  return {
    ...smaller,
    hosts: smaller.hosts.filter((h) => h.name !== name),
    links: smaller.links.map((l) => ({ ...l, ends: l.ends.filter((e) => e.host !== name) })),
  };
}

/** Without a link and the devices on it, and everything that names those. */
function withoutLink(spec: NetworkSpec, name: string): NetworkSpec {
  const link = spec.links.find((l) => l.name === name)!;
  const devicesOf = (host: string): string[] => link.ends.filter((e) => e.host === host).map((e) => e.dev);
  return {
    ...spec,
    links: spec.links.filter((l) => l !== link),
    hosts: spec.hosts.map((h) => {
      const gone = devicesOf(h.name);
      return gone.length === 0 ? h : withoutDevices(h, gone);
    }),
  };
}

function withoutDevices(host: HostSpec, gone: readonly string[]): HostSpec {
  const stays = (x: { readonly dev?: string }): boolean => x.dev === undefined || !gone.includes(x.dev);
  return {
    ...host,
    devices: host.devices.filter((d) => !gone.includes(d.name)),
    settings: host.settings.filter(([key]) => !gone.some((d) => key.includes(`/${d}/`))),
    addresses: host.addresses.filter(stays),
    neighbours: host.neighbours.filter(stays),
    routes: host.routes.filter((r) => stays(r) && (r.nexthops ?? []).every(stays)),
    down: host.down.filter((d) => !gone.includes(d)),
  };
}
