import { ipv4, isUnspecified, sameAddress, unspecified, type Address } from '../ip/index.ts';
import { interfaceNamed, type Host } from '../model/index.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { Relayed, Tracked } from './hook-context.ts';
import { outputRoute } from './output-route.ts';
import { openSocket } from './own-socket.ts';
import type { Packet } from './packet.ts';
import { passHook } from './pass-hook.ts';
import { ends, noWay, type Passage } from './place.ts';
import { ipv6Source } from './source-address.ts';
import type { Way } from './way.ts';
import type { World } from './world.ts';

/** A packet that a host sends of its own. */
export interface Sending {
  readonly host: Host;
  /** Its source counts only when `hasSource`. */
  readonly packet: Packet;
  readonly hasSource: boolean;
  /** connect(2) asks for the route a second time, with the source that the first answer gave. */
  readonly askTwice: boolean;
  /** A connected socket sends it, which takes the answers. */
  readonly connected?: boolean;
  /** Sources of others are allowed: a firewall's reset speaks in the target's name. */
  readonly anySource: boolean;
  readonly tracked: Tracked | null;
  /** The way that the socket remembers; absent: the tables are asked. */
  readonly way?: Pick<Way, 'dev' | 'via' | 'local'>;
  /** See `OutputLookup`. */
  readonly towards?: string;
}

/** Local output: route, source address, OUTPUT, a second look at the route where OUTPUT changed the packet, POSTROUTING. */
export function send(world: World, hop: HopBuilder, asked: Sending): Passage {
  const { family, destination } = asked.packet;
  const sending = family === 4 && isUnspecified(destination) ? toItself(asked) : asked;
  const routed = firstRoute(world, hop, sending);
  if ('kind' in routed) return routed;
  const { packet, way } = routed;
  if (sending.connected) openSocket(world, sending.host, packet);
  const out = passHook(world, hop, {
    hook: 'output',
    in: null,
    out: way.dev,
    nextHop: way.via,
    packet,
    tracked: sending.tracked,
    relay: (relayed) => relay(world, hop, relayed, null),
  });
  if (out.kind !== 'accept') return out;
  return leave(world, hop, { packet: out.packet, way: out.way ?? way, tracked: out.tracked, dev: null });
}

/** What IPVS sends to a real server: OUTPUT, then POSTROUTING. `dev` is where the packet came in; null for the host's own. */
export function relay(world: World, hop: HopBuilder, relayed: Relayed, dev: string | null): Passage {
  const { packet, tracked, way } = relayed;
  const at = { hook: 'output', in: null, out: way.dev, nextHop: way.via } as const;
  const out = passHook(world, hop, { ...at, packet, tracked });
  // nobody here sent it: no program is told
  if (out.kind === 'ends') return dev === null ? out : { ...out, localError: null };
  if (out.kind !== 'accept') return out;
  return leave(world, hop, { packet: out.packet, way: out.way ?? way, tracked: out.tracked, dev });
}

/** ip_route_output_key_hash_rcu: what goes to 0.0.0.0 goes to its own source, without one to 127.0.0.1. */
function toItself(sending: Sending): Sending {
  const { packet, hasSource } = sending;
  const self = hasSource ? packet.source : ipv4(0x7f000001);
  return { ...sending, packet: { ...packet, source: self, destination: self }, hasSource: true };
}

function firstRoute(world: World, hop: HopBuilder, sending: Sending): { packet: Packet; way: Way } | Passage {
  const { host, anySource, askTwice, way: known } = sending;
  const { record } = hop;
  if (known) return { packet: sending.packet, way: { ...known, source: sending.packet.source, mtu: null } };
  const { towards } = sending;
  const ask = { anySource, record, ...(towards === undefined ? {} : { towards }) };
  const source = sending.hasSource ? sending.packet.source : null;
  const first = outputRoute(world, host, { ...ask, packet: sending.packet, source });
  if (!first.way) return sourceFirst(world, hop, sending) ?? noWay(sending.packet, first.error);
  const chosen = first.way.source ?? instead(sending.packet);
  if (!chosen) return ends('no-source-address', sending.packet, { localError: 'EINVAL' });
  const packet = { ...sending.packet, source: chosen };
  if (source) return { packet, way: first.way };
  record({ stage: 'source-address', action: { kind: 'source-chosen', address: chosen, why: 'route' }, because: [] });
  // IPv6 keeps the route that it took the source from (ip6_dst_lookup_tail)
  if (!askTwice || packet.family === 6 || !first.way.source) return { packet, way: first.way };
  const silent = { ...ask, record: () => undefined };
  const second = outputRoute(world, host, { ...silent, packet, source: chosen });
  if (!second.way) return noWay(packet, second.error);
  if (second.way.dev !== first.way.dev || !sameVia(second.way.via, first.way.via)) {
    outputRoute(world, host, { ...ask, packet, source: chosen });
  }
  return { packet, way: second.way };
}

/** 192.0.0.8, with which ICMP errors speak that have no address (RFC 7600 section 4.8, __icmp_send). */
const DUMMY = ipv4(0xc0000008);

/** IPv4 sends without an address, which nobody takes; IPv6 does not. */
function instead({ family, inner }: Packet): Address | null {
  if (family === 6) return null;
  return inner ? DUMMY : unspecified(4);
}

/** IPv6 that finds no route picks a source all the same and asks again with it: a rule may look at it. */
function sourceFirst(world: World, hop: HopBuilder, sending: Sending): { packet: Packet; way: Way } | Passage | null {
  const { host, anySource } = sending;
  if (sending.hasSource || sending.packet.family === 4) return null;
  const source = ipv6Source(host, null, sending.packet.destination);
  if (!source) return null;
  const packet = { ...sending.packet, source };
  const { record } = hop;
  const found = outputRoute(world, host, { packet, source, anySource, record });
  if (!found.way) return noWay(packet, found.error);
  record({
    stage: 'source-address',
    action: { kind: 'source-chosen', address: source, why: 'interface' },
    because: [],
  });
  return { packet, way: found.way };
}

const sameVia = (a: Address | null, b: Address | null): boolean => (a && b ? sameAddress(a, b) : a === b);

/** A packet with its way, after routing. */
export interface Leaving {
  readonly packet: Packet;
  readonly way: Pick<Way, 'dev' | 'via' | 'local'>;
  readonly tracked: Tracked | null;
  /** Where it came in; null for the host's own. */
  readonly dev: string | null;
}

/** POSTROUTING, shared by the host's own and by forwarded packets. */
export function leave(world: World, hop: HopBuilder, leaving: Leaving): Passage {
  const { packet, way, tracked, dev } = leaving;
  const out = way.dev;
  const nextHop = way.via;
  const result = passHook(world, hop, { hook: 'postrouting', in: dev, out, nextHop, packet, tracked });
  if (result.kind !== 'accept') return result;
  const local = way.local === true;
  const departure = { packet: result.packet, dev: out, via: nextHop, tracked: result.tracked, local };
  const mtu = interfaceNamed(hop.host, out)?.mtu ?? 65536;
  if (dev === null && packet.length > mtu) return ends('too-big', packet, { localError: 'EMSGSIZE' });
  return { kind: 'departs', departure };
}
