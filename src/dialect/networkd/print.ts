import { formatAddress, formatPrefix } from '../../ip/index.ts';
import { TABLE, type NextHop, type Route } from '../../model/index.ts';
import { hasGateway, typedScope } from '../iproute2/route-defaults.ts';
import { hasMetric, lacking, routeSlug, unsayable, type PersistedRoute, type RouteTrait } from '../persist.ts';

/**
 * A drop-in with one `[Route]` section for the `.network` file that configures the interface: `unit` is that file's name
 * (`10-eth0.network`), which `networkctl status DEV` tells; null when it is not known, and then there is no file name.
 * Source: systemd.network(5).
 */
export function persistWithNetworkd(route: Route, unit: string | null): PersistedRoute {
  const { cannot, useless } = lacking(route, NETWORKD_LACKS);
  if (useless) return unsayable(cannot);
  return {
    file: unit === null ? null : `/etc/systemd/network/${unit}.d/50-waymark-${routeSlug(route)}.conf`,
    content: routeSection(route),
    commands: [['networkctl', 'reload']],
    cannot,
  };
}

/** What a `[Route]` section has no words for (systemd.network(5)). */
export const NETWORKD_LACKS: readonly RouteTrait[] = ['tos', 'bare-hop', 'hop-onlink'];

/** The route as a `[Route]` section. */
export function routeSection(route: Route): string {
  const hops = route.nexthops.length > 1 ? several(route.nexthops) : single(route.nexthops[0]);
  const lines = ['[Route]', `Destination=${formatPrefix(route.prefix)}`, ...hops, ...settings(route)];
  return `${lines.join('\n')}\n`;
}

function single(hop: NextHop | undefined): readonly string[] {
  return [...(hop?.via ? [`Gateway=${formatAddress(hop.via)}`] : []), ...(hop?.onlink ? ['GatewayOnLink=yes'] : [])];
}

const several = (hops: readonly NextHop[]): readonly string[] =>
  hops.map(
    ({ via, dev, weight }) => `MultiPathRoute=${formatAddress(via!)}${dev === undefined ? '' : `@${dev}`} ${weight}`,
  );

function settings(route: Route): readonly string[] {
  const usual = typedScope(route.prefix.address.family, route.type, hasGateway(route));
  return [
    ...(route.type === 'unicast' ? [] : [`Type=${route.type}`]),
    ...(hasMetric(route) ? [`Metric=${route.metric}`] : []),
    ...(route.table === TABLE.main ? [] : [`Table=${route.table}`]),
    ...(route.source ? [`PreferredSource=${formatAddress(route.source)}`] : []),
    ...(route.scope === 'global' && usual === 'global' ? [] : [`Scope=${route.scope}`]),
    ...(route.mtu === undefined ? [] : [`MTUBytes=${route.mtu}`]),
  ];
}
