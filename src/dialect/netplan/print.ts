import { stringify } from 'yaml';
import { formatAddress, formatPrefix } from '../../ip/index.ts';
import { TABLE, type Route } from '../../model/index.ts';
import { typedScope } from '../iproute2/route-defaults.ts';
import { hasMetric, lacking, routeSlug, unsayable, type PersistedRoute, type RouteTrait } from '../persist.ts';

/** Where an interface stands in netplan's YAML (netplan(5)). */
export type NetplanSection = 'ethernets' | 'wifis' | 'bridges' | 'bonds' | 'vlans' | 'tunnels';

/**
 * A file of its own in /etc/netplan, which netplan joins with the others; `id` is the interface's name there. Routes that
 * refuse packets need the networkd renderer: netplan's NetworkManager renderer takes unicast routes only. The file
 * belongs to root with mode 600. Source: netplan(5), tried with `netplan generate` 0.106.
 */
export function persistWithNetplan(route: Route, id: string, section: NetplanSection = 'ethernets'): PersistedRoute {
  const { cannot, useless } = lacking(route, NETPLAN_LACKS);
  if (useless) return unsayable(cannot);
  return {
    file: `/etc/netplan/90-waymark-${routeSlug(route)}.yaml`,
    content: netplanText(section, new Map([[id, [route]]])),
    commands: [['netplan', 'apply']],
    cannot,
  };
}

/** What netplan has no words for (netplan(5)). */
export const NETPLAN_LACKS: readonly RouteTrait[] = ['several-hops', 'other-family', 'tos'];

/** A whole file with the routes of some interfaces. */
export function netplanText(section: NetplanSection, routes: ReadonlyMap<string, readonly Route[]>): string {
  const interfaces = Object.fromEntries([...routes].map(([id, own]) => [id, { routes: own.map(entry) }]));
  return stringify({ network: { version: 2, [section]: interfaces } });
}

/** netplan asks for a `via` unless the scope is narrower than global. */
function entry(route: Route): Readonly<Record<string, string | number | boolean>> {
  const hop = route.nexthops[0];
  const { family } = route.prefix.address;
  const isOther = route.type !== 'unicast' && route.scope !== typedScope(family, route.type, hop?.via !== undefined);
  const scope = isOther || route.scope === 'link' || route.scope === 'host' ? route.scope : undefined;
  return {
    to: formatPrefix(route.prefix),
    ...(hop?.via && { via: formatAddress(hop.via) }),
    ...(hop?.onlink && { 'on-link': true }),
    ...(hasMetric(route) && { metric: route.metric }),
    ...(route.table !== TABLE.main && { table: route.table }),
    ...(route.mtu !== undefined && { mtu: route.mtu }),
    ...(route.source && { from: formatAddress(route.source) }),
    ...(route.type !== 'unicast' && { type: route.type }),
    ...(scope ? { scope } : hop && !hop.via && { scope: 'link' }),
  };
}
