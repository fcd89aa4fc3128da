import { samePrefix, type Prefix } from '../../ip/index.ts';
import { TABLE, type Change, type Host, type Network, type Tunnel } from '../../model/index.ts';
import { pushedRoute } from '../pushed-route.ts';
import type { NextStep } from '../right-way.ts';
import { isRouter } from '../router.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** The same route for every host of the target's link that is no router: what DHCP's option 121 does (RFC 3442). */
export function byDhcp(network: Network, target: Host, next: NextStep, prefix: Prefix): Remedy[] {
  const linkName = target.interfaces.find((i) => i.name === next.dev)?.link;
  const link = linkName === undefined ? undefined : network.links.get(linkName);
  if (!link || next.via?.family !== 4 || next.tunnel !== null) return [];
  const ends = link.attachments.filter((end) => {
    const host = network.hosts.get(end.host)!;
    return end.host !== next.host && !isRouter(network, host) && !hasRoute(host, prefix);
  });
  const changes = ends.map((end): Change => ({
    kind: 'add-route',
    host: end.host,
    route: newRoute(prefix, { dev: end.interface, via: next.via }),
    by: 'dhcp',
  }));
  return changes.length > 0 ? [{ kind: 'dhcp-option-121', host: target.name, changes }] : [];
}

/**
 * A route into the tunnel for every client of the server, as `push "route …"` makes it; null when the host is no client
 * or the way does not lead to the server, or the server pushes it already. A client behind which the very network lies is left out (OpenVPN's multi.c,
 * remove_iroutes_from_push_route_list), one that is not connected or refuses pushed routes too.
 */
export function byPush(network: Network, host: Host, next: NextStep, prefix: Prefix): Remedy | null {
  const tunnel = network.tunnels.find(
    (t) => t.name === next.tunnel && t.server.host === next.host && t.clients.some((c) => c.host === host.name),
  );
  if (!tunnel || pushedRoute(network, tunnel, host.name, prefix.address)) return null;
  const changes = tunnel.clients.flatMap((c) => {
    const client = c.host === undefined ? undefined : network.hosts.get(c.host);
    if (!client || c.interface === undefined || !c.connected) return [];
    if (c.iroutes.some((r) => samePrefix(r.prefix, prefix))) return [];
    if (client.openvpn.some((p) => p.refusesRoutes && p.dev === c.interface)) return [];
    return [pushed(tunnel, client.name, newRoute(prefix, { dev: c.interface, via: next.via }))];
  });
  return changes.some((c) => c.host === host.name) ? { kind: 'push-route', host: tunnel.server.host, changes } : null;
}

const pushed = (tunnel: Tunnel, host: string, route: ReturnType<typeof newRoute>): Change => ({
  kind: 'add-route',
  host,
  route,
  by: 'push',
  server: tunnel.server.host,
});

const hasRoute = (host: Host, prefix: Prefix): boolean =>
  host.routes.some((r) => r.table === TABLE.main && r.type === 'unicast' && samePrefix(r.prefix, prefix));
