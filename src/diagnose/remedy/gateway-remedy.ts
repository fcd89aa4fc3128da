import { defaultPrefix, sameAddress, type Address } from '../../ip/index.ts';
import { TABLE, type Change, type Host, type Network, type Route } from '../../model/index.ts';
import type { Failure } from '../failure.ts';
import { lastRoute } from '../last-route.ts';
import { forwards, hasTwoSides } from '../right-way.ts';
import { newRoute } from './new-route.ts';
import type { Remedy } from './remedy.ts';

/** The default gateway that the others on the link use, for a host that has none, or one that is no good. */
export function gatewayRemedies(failure: Failure): Remedy[] {
  const { network, packet } = failure;
  const lost = lostGateway(failure);
  if (!lost) return [];
  const host = network.hosts.get(lost.host)!;
  const { bad } = lost;
  const gateway = usualGateway(network, host, packet.family, bad);
  if (!gateway) return [];
  const route = newRoute(defaultPrefix(packet.family), gateway);
  const added: Change = { kind: 'add-route', host: host.name, route, by: 'hand' };
  const removed: Change[] = bad ? [{ kind: 'remove-route', host: host.name, route: bad }] : [];
  return [{ kind: 'default-gateway', host: host.name, changes: [...removed, added] }];
}

interface LostGateway {
  readonly host: string;
  /** Its default route, which leads nowhere. */
  readonly bad: Route | null;
}

/** A host without any route, with a dead default gateway, or with one that passes nothing on. */
function lostGateway({ network, trace, hop }: Failure): LostGateway | null {
  if (trace.outcome === 'no-route' || trace.outcome === 'reverse-path') return { host: hop.host, bad: null };
  const isStuck = trace.outcome === 'forwarding-off' && !hasTwoSides(network.hosts.get(hop.host)!);
  const at = isStuck ? trace.hops.at(-2) : trace.outcome === 'neighbour-unreachable' ? hop : undefined;
  const route = at ? lastRoute(at)?.route : undefined;
  return at && route?.prefix.length === 0 ? { host: at.host, bad: route } : null;
}

interface Gateway {
  readonly dev: string;
  readonly via: Address;
}

/** The box on one of the host's links that forwards and most others there have as their default gateway. */
function usualGateway(network: Network, host: Host, family: 4 | 6, bad: Route | null): Gateway | null {
  const found = host.interfaces.flatMap((dev) => {
    const link = dev.link === undefined ? undefined : network.links.get(dev.link);
    if (!link || link.kind !== 'lan') return [];
    const others = link.attachments.filter((end) => end.host !== host.name).map((end) => network.hosts.get(end.host)!);
    const used = others.flatMap((o) => defaultsOf(o, family));
    return others.flatMap((router): (Gateway & { votes: number })[] => {
      const end = link.attachments.find((a) => a.host === router.name)!;
      const own = router.interfaces.find((i) => i.name === end.interface)?.addresses ?? [];
      const via = own.find((a) => a.address.family === family && used.some((u) => sameAddress(u, a.address)))?.address;
      const isBad = bad?.nexthops.some((n) => n.via && via && sameAddress(n.via, via));
      if (!via || isBad || !forwards(router, family)) return [];
      return [{ dev: dev.name, via, votes: used.filter((u) => sameAddress(u, via)).length }];
    });
  });
  return found.sort((a, b) => b.votes - a.votes)[0] ?? null;
}

const defaultsOf = (host: Host, family: 4 | 6): Address[] =>
  host.routes.filter((r) => isDefault(r, family)).flatMap((r) => r.nexthops.flatMap((n) => (n.via ? [n.via] : [])));

const isDefault = (r: Route, family: 4 | 6): boolean =>
  r.table === TABLE.main && r.prefix.length === 0 && r.prefix.address.family === family;
