import { contains, isPrivate, sameAddress, type Address } from '../ip/index.ts';
import {
  interfaceKey,
  settingNumber,
  wireGuardAt,
  type Host,
  type Link,
  type Network,
  type Tunnel,
} from '../model/index.ts';
import { endOfKey, wireGuardEnd } from '../trace/index.ts';

/** The neighbour to hand a packet to, and how. */
export interface NextStep {
  readonly host: string;
  readonly dev: string;
  /** Null when the destination itself is on the link, or a tunnel needs none. */
  readonly via: Address | null;
  /** The tunnel it goes through; null over a link. */
  readonly tunnel: string | null;
  /** The client, by its common name, that the tunnel's server would need an iroute for. */
  readonly lacksIroute: string | null;
}

/** Whether the step leads straight over an internet link, where two ends are never neighbours. */
export function isOverInternet(network: Network, host: Host, { dev, via, tunnel }: NextStep): boolean {
  const link = host.interfaces.find((i) => i.name === dev)?.link;
  return via === null && tunnel === null && link !== undefined && network.links.get(link)?.kind === 'internet';
}

interface Edge extends NextStep {
  readonly cost: number;
}

interface Reached {
  readonly host: Host;
  readonly cost: number;
  readonly first: NextStep | null;
}

/**
 * The neighbour by which a packet to the address would get there over the links and tunnels that exist, whatever the
 * routes say; null when there is no way, or the host has the address itself. Ways over hosts in `preferred` (those the
 * packet came by) win, and hosts that forward win over those that would have to be told to.
 */
export function rightWay(
  network: Network,
  from: string,
  destination: Address,
  preferred: ReadonlySet<string>,
): NextStep | null {
  const best = new Map<string, Reached>([[from, { host: network.hosts.get(from)!, cost: 0, first: null }]]);
  const done = new Set<string>();
  for (;;) {
    const at = nearest(best, done);
    if (!at) return null;
    const { host, cost, first } = at;
    done.add(host.name);
    if (owns(host, destination)) return first;
    const isStart = host.name === from;
    if (!isStart && !hasTwoSides(host)) continue;
    const toll = isStart ? 0 : tollOf(host, destination, preferred);
    for (const edge of edgesOf(network, host, destination)) {
      const total = cost + toll + edge.cost;
      const known = best.get(edge.host);
      if (known && total >= known.cost) continue;
      best.set(edge.host, { host: network.hosts.get(edge.host)!, cost: total, first: first ?? edge });
    }
  }
}

function nearest(best: ReadonlyMap<string, Reached>, done: ReadonlySet<string>): Reached | null {
  let found: Reached | null = null;
  for (const at of best.values()) if (!done.has(at.host.name) && (!found || at.cost < found.cost)) found = at;
  return found;
}

const owns = (host: Host, address: Address): boolean =>
  host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, address)));

/** Whether the host is on two links or tunnels, as a box that passes packets on has to be. */
export const hasTwoSides = (host: Host): boolean =>
  host.interfaces.filter((i) => i.link !== undefined || i.kind === 'tun' || i.kind === 'wireguard').length > 1;

/** Whether the host is told to forward packets of the family. */
export function forwards(host: Host, family: 4 | 6): boolean {
  const key = family === 4 ? 'ipv4/ip_forward' : interfaceKey(6, 'all', 'forwarding');
  return settingNumber(host, key) > 0;
}

function tollOf(host: Host, destination: Address, preferred: ReadonlySet<string>): number {
  return (forwards(host, destination.family) ? 0 : 0.5) + (preferred.has(host.name) ? 0 : 0.25);
}

function edgesOf(network: Network, host: Host, destination: Address): Edge[] {
  return host.interfaces
    .filter((dev) => dev.up)
    .flatMap((dev) => {
      const link = dev.link === undefined ? undefined : network.links.get(dev.link);
      const overLink = link ? linkEdges(network, host, { dev: dev.name, link }, destination) : [];
      const at = network.tunnels.map((tunnel) => ({ dev: dev.name, tunnel }));
      const peers = wireGuardEdges(network, host, dev.name, destination);
      return [...overLink, ...at.flatMap((end) => tunnelEdges(network, host, end, destination)), ...peers];
    });
}

const OVER_LINK = { tunnel: null, lacksIroute: null, cost: 1 } as const;

function linkEdges(
  network: Network,
  host: Host,
  { dev, link }: { dev: string; link: Link },
  destination: Address,
): Edge[] {
  // no provider carries a private destination
  if (link.kind === 'internet' && isPrivate(destination)) return [];
  const own = host.interfaces.find((i) => i.name === dev)!.addresses;
  return link.attachments
    .filter((end) => end.host !== host.name)
    .flatMap((end): Edge[] => {
      const there = network.hosts.get(end.host)?.interfaces.find((i) => i.name === end.interface);
      const addresses = there?.up ? there.addresses : [];
      if (addresses.some((a) => sameAddress(a.address, destination)))
        return [{ host: end.host, dev, via: null, ...OVER_LINK }];
      const near = addresses.find(
        (a) =>
          own.some((o) => contains({ address: o.address, length: o.length }, a.address)) &&
          a.address.family === destination.family,
      );
      return near ? [{ host: end.host, dev, via: near.address, ...OVER_LINK }] : [];
    });
}

/** To the peers of a WireGuard interface; what it does not allow yet comes after what it does. */
function wireGuardEdges(network: Network, host: Host, dev: string, destination: Address): Edge[] {
  const tunnel = wireGuardEnd(network, { host: host.name, interface: dev })?.tunnel;
  const peers = tunnel ? (wireGuardAt(host, dev)?.peers ?? []) : [];
  return peers.flatMap((peer): Edge[] => {
    const end = endOfKey(network, peer.publicKey);
    if (!tunnel || !end) return [];
    const cost = peer.allowedIps.some((a) => contains(a.prefix, destination)) ? 1 : 1.5;
    return [{ host: end.host, dev, via: null, tunnel: tunnel.name, lacksIroute: null, cost }];
  });
}

interface TunnelEnd {
  readonly dev: string;
  readonly tunnel: Tunnel;
}

function tunnelEdges(network: Network, host: Host, { dev, tunnel }: TunnelEnd, destination: Address): Edge[] {
  if (tunnel.server.host === host.name && tunnel.server.interface === dev) {
    const clients = tunnel.clients.filter((c) => c.host !== undefined && c.connected);
    return clients.map((c) => {
      const isKnown =
        c.addresses.some((a) => sameAddress(a, destination)) || c.iroutes.some((r) => contains(r.prefix, destination));
      const lacksIroute = isKnown ? null : c.commonName;
      // a network behind a client that the server does not know: the last resort
      return { host: c.host!, dev, via: null, tunnel: tunnel.name, lacksIroute, cost: isKnown ? 1 : 4 };
    });
  }
  const self = tunnel.clients.find((c) => c.host === host.name && c.interface === dev);
  if (!self?.connected) return [];
  const server = network.hosts.get(tunnel.server.host)?.interfaces.find((i) => i.name === tunnel.server.interface);
  if (!server?.up) return [];
  const via = server.addresses.find((a) => a.address.family === destination.family)?.address ?? null;
  return [{ host: tunnel.server.host, dev, via, tunnel: tunnel.name, lacksIroute: null, cost: 1 }];
}
