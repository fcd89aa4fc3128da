import { formatAddress, formatPrefix } from '../../ip/index.ts';
import { TABLE, type NextHop, type Route } from '../../model/index.ts';
import { hasMetric, lacking, routeSlug, unsayable, type PersistedRoute } from '../persist.ts';

/**
 * A drop-in with one `[Route]` section for the `.network` file that configures the interface: `unit` is that file's name
 * (`10-eth0.network`), which `networkctl status DEV` tells; null when it is not known, and then there is no file name.
 * Source: systemd.network(5).
 */
export function persistWithNetworkd(route: Route, unit: string | null): PersistedRoute {
  const { cannot, useless } = lacking(route, ['tos']);
  const hops = route.nexthops.length > 1 ? several(route.nexthops) : { lines: single(route.nexthops[0]), cannot: [] };
  if (useless || hops.cannot.length > 0) return unsayable([...cannot, ...hops.cannot]);
  const lines = ['[Route]', `Destination=${formatPrefix(route.prefix)}`, ...hops.lines, ...settings(route)];
  return {
    file: unit === null ? null : `/etc/systemd/network/${unit}.d/50-waymark-${routeSlug(route)}.conf`,
    content: `${lines.join('\n')}\n`,
    commands: [['networkctl', 'reload']],
    cannot,
  };
}

function single(hop: NextHop | undefined): readonly string[] {
  return [...(hop?.via ? [`Gateway=${formatAddress(hop.via)}`] : []), ...(hop?.onlink ? ['GatewayOnLink=yes'] : [])];
}

function several(hops: readonly NextHop[]): { lines: readonly string[]; cannot: readonly string[] } {
  const gap = hops.some((hop) => !hop.via) ? ['a next hop without a gateway among several'] : [];
  const onlink = hops.some((hop) => hop.onlink) ? ['onlink of one next hop among several'] : [];
  const lines = hops.map(({ via, dev, weight }) => {
    const gateway = via ? formatAddress(via) : '';
    return `MultiPathRoute=${gateway}${dev === undefined ? '' : `@${dev}`} ${weight}`;
  });
  return { lines, cannot: [...gap, ...onlink] };
}

function settings(route: Route): readonly string[] {
  return [
    ...(route.type === 'unicast' ? [] : [`Type=${route.type}`]),
    ...(hasMetric(route) ? [`Metric=${route.metric}`] : []),
    ...(route.table === TABLE.main ? [] : [`Table=${route.table}`]),
    ...(route.source ? [`PreferredSource=${formatAddress(route.source)}`] : []),
    ...(route.scope === 'global' ? [] : [`Scope=${route.scope}`]),
    ...(route.mtu === undefined ? [] : [`MTUBytes=${route.mtu}`]),
  ];
}
