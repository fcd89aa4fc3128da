import {
  contains,
  covers,
  defaultPrefix,
  formatAddress,
  parseAddress,
  type Diagnostic,
  type Fact,
  type Family,
  type Prefix,
} from '../ip/index.ts';
import type { WgQuick } from '../dialect/wireguard/index.ts';
import { parseNftJson } from '../dialect/nftables/index.ts';
import {
  TABLE,
  type FilterTable,
  type Host,
  type Interface,
  type Route,
  type Rule,
  type Setting,
} from '../model/index.ts';
import { faultAt } from './link-fault.ts';
import { routeKey } from './network-file-routes.ts';

/**
 * The host with what wg-quick makes beside the interface: routes to the allowed IPs, longest first, and where one is
 * everything, a table of its own with two policy rules, a filter and `src_valid_mark`. Where a route is there already
 * wg-quick gives up and takes the interface away again. Code: `name-duplicate`. Source: wg-quick(8), linux.bash.
 */
export function addWireGuardRoutes(
  host: Host,
  quicks: readonly WgQuick[],
): { readonly host: Host; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  let made = host;
  for (const quick of quicks) made = bringUp(made, quick, diagnostics);
  return { host: made, diagnostics };
}

function bringUp(host: Host, quick: WgQuick, diagnostics: Diagnostic[]): Host {
  const { wireguard, table } = quick;
  let made = withMtu(host, quick);
  if (table === 'off') return made;
  const networks = wireguard.peers.flatMap((p) => p.allowedIps).sort((a, b) => b.prefix.length - a.prefix.length);
  for (const { prefix, fact } of networks) {
    if (table === 'auto' && prefix.length === 0) {
      made = withDefault(made, quick, prefix.address.family, fact);
      continue;
    }
    const route = routeTo(quick, prefix, table === 'auto' ? TABLE.main : table, fact);
    if (table === 'auto' && isCovered(made, route)) continue;
    const same = made.routes.find((r) => routeKey(r) === routeKey(route));
    if (same) {
      diagnostics.push(refused(wireguard.dev, same, fact));
      return withoutInterface(host, wireguard.dev);
    }
    made = { ...made, routes: [...made.routes, route] };
  }
  return made;
}

function refused(dev: string, same: Route, fact: Fact): Diagnostic {
  const there = same.nexthops[0]?.dev ?? same.type;
  const message = `wg-quick takes ${dev} away again: there is a route to this network already, on ${there} (RTNETLINK answers: File exists)`;
  return faultAt(fact, [
    'name-duplicate',
    'warning',
    message,
    'name another network here, or renumber the one on that side',
  ]);
}

function withoutInterface(host: Host, dev: string): Host {
  return {
    ...host,
    interfaces: host.interfaces.map((i) => (i.name === dev ? { ...i, up: false, carrier: false } : i)),
    routes: host.routes.filter((r) => r.nexthops[0]?.dev !== dev),
  };
}

const routeTo = ({ wireguard }: WgQuick, prefix: Prefix, table: number, fact: Fact): Route => ({
  prefix,
  type: 'unicast',
  table,
  metric: prefix.address.family === 6 ? 1024 : 0,
  tos: 0,
  scope: prefix.address.family === 6 ? 'global' : 'link',
  protocol: 'boot',
  nexthops: [{ dev: wireguard.dev, weight: 1, onlink: false, dead: false, linkdown: false }],
  fact,
});

/** `ip route show dev wg0 match NETWORK` names a route. */
const isCovered = (host: Host, { prefix, nexthops }: Route): boolean =>
  host.routes.some(
    (r) => r.table === TABLE.main && r.nexthops[0]?.dev === nexthops[0]!.dev && covers(r.prefix, prefix),
  );

/** add_default: everything goes by a table of its own, but for what carries it and what the main table has a real route for. */
function withDefault(host: Host, quick: WgQuick, family: Family, fact: Fact): Host {
  const { wireguard } = quick;
  const mark = ownMark(host, wireguard.dev) || freeTable(host);
  const settings = new Map<string, Setting>(host.settings);
  if (family === 4) settings.set('ipv4/conf/all/src_valid_mark', { value: '1', fact });
  return {
    ...host,
    settings,
    routes: [...host.routes, routeTo(quick, defaultPrefix(family), mark, fact)],
    rules: withRules(host.rules, family, mark, fact),
    wireguard: (host.wireguard ?? []).map((w) => (w.dev === wireguard.dev ? { ...w, fwmark: mark } : w)),
    ruleset: { ...host.ruleset, tables: [...host.ruleset.tables, ...filterOf(host, wireguard.dev, family, mark)] },
  };
}

const ownMark = (host: Host, dev: string): number => host.wireguard?.find((w) => w.dev === dev)?.fwmark ?? 0;

function freeTable(host: Host): number {
  let table = 51820;
  while (host.routes.some((r) => r.table === table)) table++;
  return table;
}

function withRules(rules: readonly Rule[], family: Family, mark: number, fact: Fact): readonly Rule[] {
  const others = rules.filter((r) => r.family === family && r.priority > 0).map((r) => r.priority);
  const lowest = Math.min(32766, ...others);
  const own: Rule = {
    family,
    priority: lowest - 1,
    not: true,
    mark: { value: mark, mask: 0xffffffff },
    action: { kind: 'table', table: mark },
    fact,
  };
  const main: Rule = {
    family,
    priority: lowest - 2,
    not: false,
    action: { kind: 'table', table: TABLE.main, suppressPrefixLength: 0 },
    fact,
  };
  return [...rules, own, main].sort((a, b) => a.priority - b.priority);
}

/** What wg-quick hands to nft: nobody outside speaks to the tunnel's own address, and answers find the mark again. */
function filterOf(host: Host, dev: string, family: Family, mark: number): readonly FilterTable[] {
  const own = host.interfaces.find((i) => i.name === dev)?.addresses.filter((a) => a.address.family === family) ?? [];
  const pf = family === 4 ? 'ip' : 'ip6';
  const table = `wg-quick-${dev}`;
  const chain = (name: string, hook: string, prio: number): unknown => ({
    chain: { family: pf, table, name, type: 'filter', hook, prio, policy: 'accept' },
  });
  const rule = (name: string, expr: readonly unknown[]): unknown => ({
    rule: { family: pf, table, chain: name, expr },
  });
  const udp = { match: { op: '==', left: { meta: { key: 'l4proto' } }, right: 'udp' } };
  const nftables = [
    { table: { family: pf, name: table } },
    chain('preraw', 'prerouting', -300),
    chain('premangle', 'prerouting', -150),
    chain('postmangle', 'postrouting', -150),
    ...own.map(({ address }) => rule('preraw', strangersTo(dev, pf, formatAddress(address)))),
    rule('postmangle', [
      udp,
      { match: { op: '==', left: { meta: { key: 'mark' } }, right: mark } },
      { mangle: { key: { ct: { key: 'mark' } }, value: { meta: { key: 'mark' } } } },
    ]),
    rule('premangle', [udp, { mangle: { key: { meta: { key: 'mark' } }, value: { ct: { key: 'mark' } } } }]),
  ];
  return parseNftJson(JSON.stringify({ nftables }), `wg-quick up ${dev}`).value;
}

const strangersTo = (dev: string, pf: string, address: string): readonly unknown[] => [
  { match: { op: '!=', left: { meta: { key: 'iifname' } }, right: dev } },
  { match: { op: '==', left: { payload: { protocol: pf, field: 'daddr' } }, right: address } },
  { match: { op: '!=', left: { fib: { result: 'type', flags: ['saddr'] } }, right: 'local' } },
  { drop: null },
];

/** set_mtu_up: 80 bytes less than the largest interface that leads to an endpoint, or than that of the default route. */
function withMtu(host: Host, { wireguard, mtu }: WgQuick): Host {
  if (mtu !== undefined) return host;
  const endpoints = wireguard.peers.flatMap((p) => {
    const address = parseAddress(p.endpoint?.host ?? '');
    return address.ok ? [address.value] : [];
  });
  const mtus = endpoints.flatMap((address) => mtuTo(host, (p) => contains(p, address), address.family));
  const instead = mtus.length > 0 ? mtus : mtuTo(host, (p) => p.length === 0, 4);
  const most = instead.length > 0 ? Math.max(...instead) : 1500;
  const set = (i: Interface): Interface => (i.name === wireguard.dev ? { ...i, mtu: most - 80 } : i);
  return { ...host, interfaces: host.interfaces.map(set) };
}

function mtuTo(host: Host, fits: (prefix: Prefix) => boolean, family: Family): number[] {
  const routes = host.routes.filter(
    (r) => r.table === TABLE.main && r.prefix.address.family === family && fits(r.prefix),
  );
  const best = routes.sort((a, b) => b.prefix.length - a.prefix.length || a.metric - b.metric)[0];
  const dev = host.interfaces.find((i) => i.name === best?.nexthops[0]?.dev);
  return dev ? [best?.mtu ?? dev.mtu] : [];
}
