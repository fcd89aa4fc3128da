import { contains, isPrivate, sameAddress, type Address } from '../ip/index.ts';
import { interfaceKey, settingNumber, type Host, type Link, type Network, type Tunnel } from '../model/index.ts';

/** The neighbour to hand a packet to, and how. */
export interface NextStep {
  readonly host: string;
  readonly dev: string;
  /** Null when the destination itself is on the link, or a tunnel needs none. */
  readonly via: Address | null;
}

interface Edge extends NextStep {
  readonly cost: number;
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
  const best = new Map<string, { cost: number; first: NextStep | null }>([[from, { cost: 0, first: null }]]);
  const done = new Set<string>();
  for (;;) {
    const open = [...best].filter(([name]) => !done.has(name)).sort((a, b) => a[1].cost - b[1].cost)[0];
    if (!open) return null;
    const [name, { cost, first }] = open;
    done.add(name);
    const host = network.hosts.get(name)!;
    if (owns(host, destination)) return first;
    if (name !== from && host.interfaces.filter((i) => i.link !== undefined || i.kind === 'tun').length < 2) continue;
    const toll = name === from ? 0 : tollOf(host, destination, preferred);
    for (const edge of edgesOf(network, host, destination)) {
      const total = cost + toll + edge.cost;
      const known = best.get(edge.host);
      if (!known || total < known.cost) best.set(edge.host, { cost: total, first: first ?? edge });
    }
  }
}

const owns = (host: Host, address: Address): boolean =>
  host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, address)));

function tollOf(host: Host, destination: Address, preferred: ReadonlySet<string>): number {
  const key = destination.family === 4 ? 'ipv4/ip_forward' : interfaceKey(6, 'all', 'forwarding');
  return (settingNumber(host, key) > 0 ? 0 : 0.5) + (preferred.has(host.name) ? 0 : 0.25);
}

function edgesOf(network: Network, host: Host, destination: Address): Edge[] {
  return host.interfaces.flatMap((dev) => {
    const link = dev.link === undefined ? undefined : network.links.get(dev.link);
    const overLink = link && dev.up ? linkEdges(network, host, { dev: dev.name, link }, destination) : [];
    return [
      ...overLink,
      ...network.tunnels.flatMap((t) => tunnelEdges(network, host, { dev: dev.name, tunnel: t }, destination)),
    ];
  });
}

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
      const addresses = network.hosts.get(end.host)?.interfaces.find((i) => i.name === end.interface)?.addresses ?? [];
      if (addresses.some((a) => sameAddress(a.address, destination)))
        return [{ host: end.host, dev, via: null, cost: 1 }];
      const near = addresses.find(
        (a) =>
          own.some((o) => contains({ address: o.address, length: o.length }, a.address)) &&
          a.address.family === destination.family,
      );
      return near ? [{ host: end.host, dev, via: near.address, cost: 1 }] : [];
    });
}

function tunnelEdges(
  network: Network,
  host: Host,
  { dev, tunnel }: { dev: string; tunnel: Tunnel },
  destination: Address,
): Edge[] {
  if (tunnel.server.host === host.name && tunnel.server.interface === dev) {
    return tunnel.clients
      .filter((c) => c.host !== undefined && c.connected)
      .filter(
        (c) =>
          c.addresses.some((a) => sameAddress(a, destination)) ||
          c.iroutes.some((r) => contains(r.prefix, destination)),
      )
      .map((c) => ({ host: c.host!, dev, via: null, cost: 1 }));
  }
  const self = tunnel.clients.find((c) => c.host === host.name && c.interface === dev);
  if (!self?.connected) return [];
  const server = network.hosts.get(tunnel.server.host)?.interfaces.find((i) => i.name === tunnel.server.interface);
  const via = server?.addresses.find((a) => a.address.family === destination.family)?.address ?? null;
  return [{ host: tunnel.server.host, dev, via, cost: 1 }];
}
