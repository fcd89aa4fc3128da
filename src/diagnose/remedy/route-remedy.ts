import { contains, formatAddress, formatPrefix, samePrefix, type Prefix } from '../../ip/index.ts';
import { TABLE, type Change, type Host, type Network, type Route } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { prefixAround } from '../network-prefix.ts';
import { rightWay, type NextStep } from '../right-way.ts';
import type { Remedy } from './remedy.ts';

/**
 * Routes that would bring the lost packet home: one on each host that it left in another direction than the links and
 * tunnels ask for.
 */
export function routeRemedies(failure: Failure): Remedy[] {
  const { network, trace, packet, passed } = failure;
  return trace.hops.flatMap((hop, i) => {
    const next = rightWay(network, hop.host, packet.destination, passed);
    if (!next || trace.hops[i + 1]?.host === next.host) return [];
    return remediesAt(failure, network.hosts.get(hop.host)!, next);
  });
}

function remediesAt(failure: Failure, host: Host, next: NextStep): Remedy[] {
  const { network, packet } = failure;
  const prefix = prefixAround(network, packet.destination);
  if (next.via === null && isConnected(host, prefix)) return [];
  const added: Change = { kind: 'add-route', host: host.name, route: newRoute(prefix, next), by: byOf(failure, host) };
  const standing = host.routes.filter(
    (r) => r.table === TABLE.main && contains(r.prefix, packet.destination) && r.prefix.length >= prefix.length,
  );
  const removed: Change[] = standing.map((route) => ({ kind: 'remove-route', host: host.name, route }));
  if (standing.length > 0) {
    const isWrongHop = standing.some((r) => r.type === 'unicast');
    const changes = isWrongHop || !coveredElse(host, prefix) ? [...removed, added] : removed;
    return [{ kind: isWrongHop ? 'fix-next-hop' : 'remove-route', host: host.name, changes }];
  }
  const kind = kindAt(failure, host);
  const own: Remedy = { kind, host: host.name, changes: [added] };
  return kind === 'route-on-target' ? [own, ...byDhcp(network, host, next, prefix)] : [own];
}

const isConnected = (host: Host, prefix: Prefix): boolean =>
  host.routes.some((r) => r.table === TABLE.main && samePrefix(r.prefix, prefix) && r.type === 'unicast');

const coveredElse = (host: Host, prefix: Prefix): boolean =>
  host.routes.some(
    (r) =>
      r.table === TABLE.main &&
      r.type === 'unicast' &&
      r.prefix.length < prefix.length &&
      r.prefix.length > 0 &&
      contains(r.prefix, prefix.address),
  );

function kindAt({ question, trip }: Failure, host: Host): 'client-route' | 'route-on-target' | 'route-on-router' {
  if (host.name === question.from) return 'client-route';
  return host.name === trip.to && trip.forward.outcome === 'delivered' ? 'route-on-target' : 'route-on-router';
}

/** A client's route through a tunnel is best pushed by its server. */
function byOf({ network, question }: Failure, host: Host): 'hand' | 'push' {
  const isClient = network.tunnels.some((t) => t.clients.some((c) => c.host === host.name));
  return host.name === question.from && isClient ? 'push' : 'hand';
}

/** The same route for every host of the target's link that does not forward itself. */
function byDhcp(network: Network, target: Host, next: NextStep, prefix: Prefix): Remedy[] {
  const linkName = target.interfaces.find((i) => i.name === next.dev)?.link;
  const link = linkName === undefined ? undefined : network.links.get(linkName);
  if (!link || next.via?.family !== 4) return [];
  const changes = link.attachments
    .filter((end) => end.host !== next.host && !forwards(network.hosts.get(end.host)!))
    .map((end): Change => {
      const route = newRoute(prefix, { ...next, dev: end.interface });
      return { kind: 'add-route', host: end.host, route, by: 'dhcp' };
    });
  return changes.length > 0 ? [{ kind: 'dhcp-option-121', host: target.name, changes }] : [];
}

const forwards = (host: Host): boolean => host.settings.get('ipv4/ip_forward')?.value === '1';

/** The route as it would be typed. */
export function newRoute(prefix: Prefix, { dev, via }: NextStep): Route {
  const text = `${formatPrefix(prefix)}${via ? ` via ${formatAddress(via)}` : ''} dev ${dev}`;
  return {
    prefix,
    type: 'unicast',
    table: TABLE.main,
    metric: prefix.address.family === 6 ? 1024 : 0,
    tos: 0,
    scope: via ? 'global' : 'link',
    protocol: 'static',
    nexthops: [{ ...(via ? { via } : {}), dev, weight: 1, onlink: false, dead: false, linkdown: false }],
    fact: { source: 'proposed change', line: 0, text },
  };
}
