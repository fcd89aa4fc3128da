import { parseAddress, type Address } from '../ip/index.ts';
import {
  interfaceNamed,
  wireGuardAt,
  type Network,
  type WireGuard,
  type WireGuardEnd,
  type WireGuardPeer,
} from '../model/index.ts';
import { Choices } from './choice.ts';
import { answerTo, firstPacket } from './first-packet.ts';
import { walk, type Walk } from './walk.ts';
import { endOfKey } from './wireguard-peer.ts';
import { endKey, hostIn, newWorld, type Carriage, type OuterWay, type WireGuardLeg, type World } from './world.ts';

/** What carries a tunnel from one end to the other, and what the other answers. */
interface Leg {
  readonly there: Walk;
  readonly back: Walk | null;
  /** `yes`: both arrive. `unknown`: they leave what was collected. */
  readonly works: 'yes' | 'no' | 'unknown' | 'recursive';
}

interface Side {
  readonly end: WireGuardEnd;
  readonly wireguard: WireGuard;
}

const known = new WeakMap<Network, Map<string, Leg | null>>();

/**
 * How what carries a WireGuard tunnel gets from an interface to one of its peers: to where it last heard from it, to the
 * endpoint that is set, or back to a peer that keeps the way open. A handshake needs both ways, and both ends to know
 * each other's key (drivers/net/wireguard/noise.c). What the kernel says of a handshake counts more than a walk.
 */
export function carryWireGuard(world: World, { from, peer }: WireGuardLeg): Carriage {
  const here = sideOf(world.network, from)!;
  const there = endOfKey(world.network, peer.publicKey);
  const far = there && sideOf(world.network, there);
  const out = legOf(world, here, far, peer);
  if (out?.works === 'recursive') return { kind: 'recursive', way: wayOf(out.there, false) };
  const mine = from.publicKey;
  const entry = mine === undefined ? undefined : far?.wireguard.peers.find((p) => p.publicKey === mine);
  const heard = mine !== undefined && world.heard.has(endKey(from, peer.publicKey));
  const back = far && entry && (heard || entry.keepalive > 0) ? legOf(world, far, here, entry) : null;
  if (back?.back && (heard || (out?.works !== 'yes' && back.works === 'yes')))
    return { kind: 'carried', way: wayOf(back.back, back.works === 'yes'), far: there };
  const isUp = (peer.latestHandshake ?? 0) > 0;
  if (!out) return isUp ? { kind: 'carried', way: null, far: there } : { kind: 'no-endpoint' };
  const works = isUp || out.works === 'unknown' || (out.works === 'yes' && (entry !== undefined || !far));
  return works
    ? { kind: 'carried', way: wayOf(out.there, out.works === 'yes'), far: there }
    : { kind: 'no-session', way: wayOf(out.there, out.works === 'yes'), stranger: out.works === 'yes' };
}

const wayOf = (way: Walk | null, arrives: boolean): OuterWay | null => way && { trace: way.trace, arrives };

function sideOf(network: Network, end: WireGuardEnd): Side | null {
  const wireguard = wireGuardAt(hostIn(network, end.host), end.interface);
  return wireguard ? { end, wireguard } : null;
}

/** Null without an endpoint. */
function legOf(world: World, here: Side, far: Side | null, peer: WireGuardPeer): Leg | null {
  if (!peer.endpoint) return null;
  const legs = known.get(world.network) ?? new Map<string, Leg | null>();
  known.set(world.network, legs);
  const key = [endKey(here.end, peer.publicKey), ...world.carrying.map((c) => `${c.host} ${c.interface}`)].join('\n');
  const found = legs.get(key);
  if (found !== undefined) return found;
  const address = addressOf(world.network, peer.endpoint.host);
  const leg = address ? walkLeg(world, here, far, { address, port: peer.endpoint.port }) : null;
  legs.set(key, leg);
  return leg;
}

/** An address as written, or that of a host of that name. */
function addressOf(network: Network, name: string): Address | null {
  const read = parseAddress(name);
  if (read.ok) return read.value;
  const host = network.hosts.get(name);
  const addresses = host?.interfaces.filter((i) => i.kind === 'ethernet').flatMap((i) => i.addresses) ?? [];
  return addresses.find((a) => a.address.family === 4)?.address ?? addresses[0]?.address ?? null;
}

function walkLeg(
  { network, outer, carry, carrying }: World,
  { end, wireguard }: Side,
  far: Side | null,
  to: { readonly address: Address; readonly port: number },
): Leg {
  const ends = far ? [end, far.end] : [end];
  const around = { network, outer, carry, carrying: [...carrying, ...ends] };
  const world = newWorld({ ...around, choices: new Choices(), redirects: [] });
  const host = hostIn(network, end.host);
  const ports = { sourcePort: wireguard.listenPort ?? 0, destinationPort: to.port };
  const first = firstPacket(host, { from: end.host, destination: to.address, protocol: 'udp', ...ports });
  const there = walk(world, { ...SOCKET, host, packet: { ...first, mark: wireguard.fwmark }, hasSource: false });
  if (isRecursive(there)) return { there, back: null, works: 'recursive' };
  if (!there.delivered) return { there, back: null, works: there.trace.outcome === 'unknown' ? 'unknown' : 'no' };
  if (!far) return { there, back: null, works: 'unknown' };
  if (!listens(network, far, there)) return { there, back: null, works: 'no' };
  const server = hostIn(network, far.end.host);
  const packet = { ...answerTo(server, there.delivered), mark: far.wireguard.fwmark };
  const back = walk(world, { ...SOCKET, host: server, packet, hasSource: true }, true);
  const isBack = back.delivered !== null && back.trace.host === end.host;
  return { there, back, works: isBack ? 'yes' : back.trace.outcome === 'unknown' ? 'unknown' : 'no' };
}

const SOCKET = { askTwice: false, anySource: false, tracked: null };

/** Whether it came to the peer's own port. */
function listens(network: Network, { end, wireguard }: Side, { trace, delivered }: Walk): boolean {
  if (trace.host !== end.host || !interfaceNamed(hostIn(network, end.host), end.interface)?.up) return false;
  return wireguard.listenPort === undefined || delivered?.destinationPort === wireguard.listenPort;
}

function isRecursive({ trace }: Walk): boolean {
  const action = trace.hops.at(-1)?.steps.at(-1)?.action;
  return action?.kind === 'tunnel-refused' && action.why === 'recursive';
}
