import { stringify } from 'yaml';
import { formatAddress, formatPrefix } from '../../ip/index.ts';
import { TABLE, type Route } from '../../model/index.ts';
import { hasMetric, lacking, routeSlug, unsayable, type PersistedRoute } from '../persist.ts';

/** Where an interface stands in netplan's YAML (netplan(5)). */
export type NetplanSection = 'ethernets' | 'wifis' | 'bridges' | 'bonds' | 'vlans' | 'tunnels';

/**
 * A file of its own in /etc/netplan, which netplan joins with the others; `id` is the interface's name there. Routes that
 * refuse packets need the networkd renderer: netplan's NetworkManager renderer takes unicast routes only. The file
 * belongs to root with mode 600. Source: netplan(5), tried with `netplan generate` 0.106.
 */
export function persistWithNetplan(route: Route, id: string, section: NetplanSection = 'ethernets'): PersistedRoute {
  const { cannot, useless } = lacking(route, ['several-hops', 'other-family', 'tos']);
  if (useless) return unsayable(cannot);
  const document = { network: { version: 2, [section]: { [id]: { routes: [entry(route)] } } } };
  return {
    file: `/etc/netplan/90-waymark-${routeSlug(route)}.yaml`,
    content: stringify(document),
    commands: [['netplan', 'apply']],
    cannot,
  };
}

/** netplan asks for a `via` unless the scope is narrower than global. */
function entry(route: Route): Readonly<Record<string, string | number | boolean>> {
  const hop = route.nexthops[0];
  const scope = route.scope === 'link' || route.scope === 'host' ? route.scope : undefined;
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
