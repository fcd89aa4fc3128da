import { defaultPrefix, sameAddress, type Address } from '../../ip/index.ts';
import { TABLE, type Change, type Host, type Network, type Route } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { lastRoute } from '../last-route.ts';
import { forwards } from '../right-way.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** The default gateway that the others on the link use, for a host that has none, or one that nobody answers for. */
export function gatewayRemedies({ network, trace, hop, packet }: Failure): Remedy[] {
  const isWithout = trace.outcome === 'no-route';
  const routed = lastRoute(hop);
  const dead = trace.outcome === 'neighbour-unreachable' && routed?.route.prefix.length === 0 ? routed.route : null;
  if (!isWithout && !dead) return [];
  const host = network.hosts.get(hop.host)!;
  const gateway = usualGateway(network, host, packet.family);
  if (!gateway || (dead && dead.nexthops.some((n) => n.via && sameAddress(n.via, gateway.via)))) return [];
  const added: Change = {
    kind: 'add-route',
    host: host.name,
    route: newRoute(defaultPrefix(packet.family), gateway),
    by: 'hand',
  };
  const removed: Change[] = dead ? [{ kind: 'remove-route', host: host.name, route: dead }] : [];
  return [{ kind: 'default-gateway', host: host.name, changes: [...removed, added] }];
}

interface Gateway {
  readonly dev: string;
  readonly via: Address;
}

/** The box on one of the host's links that forwards and most others there have as their default gateway. */
function usualGateway(network: Network, host: Host, family: 4 | 6): Gateway | null {
  const found = host.interfaces.flatMap((dev) => {
    const link = dev.link === undefined ? undefined : network.links.get(dev.link);
    if (!link || link.kind !== 'lan') return [];
    const others = link.attachments.filter((end) => end.host !== host.name).map((end) => network.hosts.get(end.host)!);
    const used = others.flatMap((o) => defaultsOf(o, family));
    return others.flatMap((router): (Gateway & { votes: number })[] => {
      const end = link.attachments.find((a) => a.host === router.name)!;
      const own = router.interfaces.find((i) => i.name === end.interface)?.addresses ?? [];
      const via = own.find((a) => a.address.family === family && used.some((u) => sameAddress(u, a.address)))?.address;
      if (!via || !forwards(router, family)) return [];
      return [{ dev: dev.name, via, votes: used.filter((u) => sameAddress(u, via)).length }];
    });
  });
  return found.sort((a, b) => b.votes - a.votes)[0] ?? null;
}

const defaultsOf = (host: Host, family: 4 | 6): Address[] =>
  host.routes.filter((r) => isDefault(r, family)).flatMap((r) => r.nexthops.flatMap((n) => (n.via ? [n.via] : [])));

const isDefault = (r: Route, family: 4 | 6): boolean =>
  r.table === TABLE.main && r.prefix.length === 0 && r.prefix.address.family === family;
