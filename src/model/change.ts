import type { Host, Setting } from './host.ts';
import type { Network } from './network.ts';
import type { Route } from './route.ts';
import type { Chain, FilterRule, FilterTable } from './ruleset.ts';

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
  | { readonly kind: 'add-route'; readonly host: string; readonly route: Route; readonly by: 'hand' | 'dhcp' | 'push' }
  | { readonly kind: 'remove-route'; readonly host: string; readonly route: Route }
  | { readonly kind: 'set'; readonly host: string; readonly key: string; readonly value: string }
  | {
      readonly kind: 'add-rule';
      readonly host: string;
      readonly place: RulePlace;
      readonly rule: FilterRule;
      readonly newTable?: FilterTable;
    };

/** The network after the changes. Hosts that do not exist are our bug, so it throws. */
export function applyChanges(network: Network, changes: readonly Change[]): Network {
  const hosts = new Map(network.hosts);
  for (const change of changes) {
    const host = hosts.get(change.host);
    if (!host) throw new Error(`bug: change at unknown host ${change.host}`);
    hosts.set(change.host, applyToHost(host, change));
  }
  return { ...network, hosts };
}

function applyToHost(host: Host, change: Change): Host {
  switch (change.kind) {
    case 'add-route':
      return { ...host, routes: [...host.routes, change.route] };
    case 'remove-route':
      return { ...host, routes: host.routes.filter((r) => r !== change.route) };
    case 'set':
      return { ...host, settings: withSetting(host, change.key, change.value) };
    case 'add-rule':
      return { ...host, ruleset: { ...host.ruleset, tables: withRule(host.ruleset.tables, change) } };
  }
}

/** Writing ip_forward writes every interface's `forwarding` too (net/ipv4/devinet.c, inet_forward_change). */
function withSetting(host: Host, key: string, value: string): ReadonlyMap<string, Setting> {
  const settings = new Map(host.settings);
  const put = (k: string): Map<string, Setting> =>
    settings.set(k, { value, fact: { source: 'proposed change', line: 0, text: `${k} = ${value}` } });
  put(key);
  const spread = key === 'ipv4/ip_forward' ? 'ipv4' : key === 'ipv6/conf/all/forwarding' ? 'ipv6' : null;
  if (spread)
    for (const i of [{ name: 'all' }, { name: 'default' }, ...host.interfaces])
      put(`${spread}/conf/${i.name}/forwarding`);
  return settings;
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
