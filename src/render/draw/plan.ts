import { formatAddress, formatPrefix, type Address } from '../../ip/index.ts';
import { interfaceNamed, type Attachment, type Network } from '../../model/index.ts';
import type { RoundTrip, Trace } from '../../trace/index.ts';
import type { BandKind, WayKind } from './scene.ts';

/** A host's end on a band: the interface and its addresses. */
export interface Member {
  readonly host: string;
  readonly interface: string;
  readonly addresses: readonly string[];
}

/** A link or tunnel with who is on it. */
export interface Band {
  readonly name: string;
  readonly kind: BandKind;
  readonly prefixes: readonly string[];
  readonly members: readonly Member[];
}

/** A host on a packet's way: the bands it came by and goes by, as indexes of the plan's bands. */
export interface Stop {
  readonly host: string;
  readonly in: number | null;
  readonly out: number | null;
}

/** A packet's way over the bands. */
export interface Way {
  readonly kind: WayKind;
  readonly stops: readonly Stop[];
  /** Dead inside the last stop, dead on the band behind it, or arrived. */
  readonly end: 'arrived' | 'inside' | 'outside';
  readonly unknown: boolean;
}

/** Everything that is to be drawn, before it has a place. */
export interface Plan {
  readonly hosts: readonly string[];
  readonly bands: readonly Band[];
  readonly ways: readonly Way[];
  /** The host asked for, when it is one of the hosts. */
  readonly target: string | null;
}

/** Hosts, bands and ways of a network; `trip` may be null. Names are in the network's order. */
export function planOf(network: Network, trip: RoundTrip | null): Plan {
  const bands = bandsOf(network);
  const hosts = [...network.hosts.keys()];
  const traces: [WayKind, Trace | null][] = trip ? [['there', trip.forward], ['back', trip.return]] : []; // prettier-ignore
  const ways = traces.flatMap(([kind, trace]) => {
    const way = trace ? wayOf(kind, trace, bands, new Set(hosts)) : null;
    return way ? [way] : [];
  });
  return { hosts, bands, ways, target: trip && hosts.includes(trip.to) ? trip.to : null };
}

function bandsOf(network: Network): Band[] {
  const member = (at: Attachment, known: readonly Address[] = []): Member[] => {
    const host = network.hosts.get(at.host);
    if (!host) return [];
    const own =
      interfaceNamed(host, at.interface)
        ?.addresses.filter((a) => a.scope === 'global')
        .map((a) => a.address) ?? [];
    return [{ host: at.host, interface: at.interface, addresses: (own.length > 0 ? own : known).map(formatAddress) }];
  };
  const tunnels = network.tunnels.map((t): Band => ({
    name: t.name,
    kind: 'tunnel',
    prefixes: t.prefixes.map(formatPrefix),
    members: [
      ...member(t.server),
      ...t.clients.flatMap((c) =>
        c.host && c.interface ? member({ host: c.host, interface: c.interface }, c.addresses) : [],
      ),
    ],
  }));
  const wireguard = (network.wireguard ?? []).map((t): Band => ({
    name: t.name,
    kind: 'tunnel',
    prefixes: t.prefixes.map(formatPrefix),
    members: t.ends.flatMap((end) => member(end)),
  }));
  const links = [...network.links.values()].map((l): Band => ({
    name: l.name,
    kind: l.kind,
    prefixes: l.kind === 'internet' ? [] : l.prefixes.map(formatPrefix),
    members: l.attachments.flatMap((a) => member(a)),
  }));
  return merged([...tunnels, ...wireguard, ...links]).filter((b) => b.members.length > 0);
}

/** A tunnel and a link of the same name are one band: the network file may name a tunnel among its networks. */
function merged(bands: readonly Band[]): Band[] {
  const byName = new Map<string, Band>();
  for (const band of bands) {
    const first = byName.get(band.name);
    if (!first) {
      byName.set(band.name, band);
      continue;
    }
    const isNew = (m: Member): boolean => !first.members.some((o) => o.host === m.host && o.interface === m.interface);
    byName.set(band.name, {
      ...first,
      prefixes: [...new Set([...first.prefixes, ...band.prefixes])],
      members: [...first.members, ...band.members.filter(isNew)],
    });
  }
  return [...byName.values()];
}

function wayOf(kind: WayKind, trace: Trace, bands: readonly Band[], hosts: ReadonlySet<string>): Way | null {
  const index = (name: string | null, host: string): number | null => {
    const i = bands.findIndex((b) => b.name === name && b.members.some((m) => m.host === host));
    return i < 0 ? null : i;
  };
  const stops: Stop[] = [];
  for (const hop of trace.hops) {
    const before = stops.at(-1);
    const arrivedBy =
      before && before.out !== null && index(bands[before.out]!.name, hop.host) !== null ? before.out : null;
    // Where the line would have to jump, it stops.
    if (!hosts.has(hop.host) || (before && arrivedBy === null)) break;
    stops.push({ host: hop.host, in: arrivedBy, out: index(hop.link, hop.host) });
  }
  const last = stops.at(-1);
  if (!last) return null;
  const whole = stops.length === trace.hops.length;
  const end = whole && trace.outcome === 'delivered' ? 'arrived' : last.out === null ? 'inside' : 'outside';
  return { kind, stops, end, unknown: !whole || trace.outcome === 'unknown' };
}
