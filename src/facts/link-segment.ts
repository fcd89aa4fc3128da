import type { Host, Interface } from '../model/index.ts';

/** One end of a cable: an interface of a host. */
export interface End {
  readonly host: Host;
  readonly dev: Interface;
}

/** Interfaces that are wired together, as far as cables are known. */
export interface Segment {
  /** The interfaces that are an end of the link: no ports of a bridge. */
  readonly ends: readonly End[];
  /** Names that the network file or the facts give it. */
  readonly names: readonly string[];
  /** `cable`: every wire of it is known, nothing else can hang on it. `half`: some peers were not collected. */
  readonly wiring: 'cable' | 'half' | 'open';
}

/** A veth whose peer may be any of several interfaces. */
export interface UnclearPeer {
  readonly end: End;
  readonly others: readonly End[];
}

/** Tunnels and loopback share no link. */
const isWired = (dev: Interface): boolean => dev.kind !== 'loopback' && dev.kind !== 'tun' && dev.kind !== 'wireguard';

/**
 * Groups interfaces by their wires: a bridge with its ports, a veth with its peer in whatever namespace it lies. Also
 * gives the veths whose peer is not clear.
 */
export function segmentsOf(hosts: readonly Host[]): {
  readonly segments: readonly Segment[];
  readonly unclear: readonly UnclearPeer[];
} {
  const ends = hosts.flatMap((host) => host.interfaces.filter(isWired).map((dev) => ({ host, dev })));
  const group = new Grouping(ends);
  const unclear: UnclearPeer[] = [];
  const loose = new Set<End>();
  const byIndex = groupBy(
    ends.filter((e) => e.dev.peer),
    (e) => e.dev.index,
  );
  const named = new Map(ends.map((e) => [`${e.host.name}\0${e.dev.name}`, e]));
  for (const end of ends) {
    const bridge = end.dev.master === undefined ? undefined : named.get(`${end.host.name}\0${end.dev.master}`);
    if (bridge) group.join(end, bridge);
    const peers = peersOf(end, byIndex, hosts);
    if (peers.length === 1) group.join(end, peers[0]!);
    else loose.add(end);
    if (peers.length > 1) unclear.push({ end, others: peers });
  }
  return { segments: group.all().map((members) => segmentOf(members, loose)), unclear };
}

function segmentOf(members: readonly End[], loose: ReadonlySet<End>): Segment {
  const isBridge = (e: End): boolean => e.dev.kind === 'bridge';
  const attachable = members.filter(
    (e) => e.dev.master === undefined || !members.some((m) => isBridge(m) && m.host === e.host),
  );
  // a bridge without an address only switches
  const ends = attachable.filter(
    (e) => !isBridge(e) || e.dev.addresses.some((a) => a.scope !== 'link') || e.dev.link !== undefined,
  );
  const names = [...new Set(members.flatMap((e) => e.dev.link ?? []))];
  const wires = members.filter((e) => !isBridge(e));
  if (wires.every((e) => !loose.has(e))) return { ends, names, wiring: 'cable' };
  const open = wires.some((e) => e.dev.peer === undefined || !members.some(isBridge));
  return { ends, names, wiring: open ? 'open' : 'half' };
}

/** The interfaces that each point at the other: index and namespace on both sides. */
function peersOf(end: End, byIndex: ReadonlyMap<number, readonly End[]>, hosts: readonly Host[]): readonly End[] {
  const { peer } = end.dev;
  if (!peer) return [];
  const there = (byIndex.get(peer.index) ?? []).filter((e) => e !== end && e.dev.peer?.index === end.dev.index);
  return there.filter((e) => pointsAt(end, e, hosts) && pointsAt(e, end, hosts));
}

function pointsAt(from: End, to: End, hosts: readonly Host[]): boolean {
  const namespace = from.dev.peer?.namespace;
  if (namespace === undefined) return from.host === to.host;
  if (namespace === to.host.name) return true;
  // a number is what one namespace calls another: it names nobody
  return /^\d+$/.test(namespace) && !hosts.some((h) => h.name === namespace) && from.host !== to.host;
}

function groupBy<K, V>(values: readonly V[], key: (value: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}

/** Joins things into groups (union-find); groups come in the order of their first members. */
export class Grouping<T> {
  readonly #parent = new Map<T, T>();

  constructor(things: readonly T[]) {
    for (const thing of things) this.#parent.set(thing, thing);
  }

  /** Puts two things, and all that are with them, into one group. */
  join(a: T, b: T): void {
    this.#parent.set(this.#root(b), this.#root(a));
  }

  /** Every group with its members, in the order they were given. */
  all(): readonly (readonly T[])[] {
    return [...groupBy([...this.#parent.keys()], (thing) => this.#root(thing)).values()];
  }

  #root(thing: T): T {
    let at = thing;
    for (let up = this.#parent.get(at)!; up !== at; up = this.#parent.get(at)!) {
      this.#parent.set(at, this.#parent.get(up)!);
      at = up;
    }
    return at;
  }
}
