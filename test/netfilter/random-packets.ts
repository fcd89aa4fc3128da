import { sameAddress } from '../../src/ip/index.ts';
import { PROTOCOL, TCP, type Packet } from '../../src/trace/packet.ts';
import { isOwn, packet } from '../../src/trace/netfilter/testing/hook-world.ts';
import type { Extras } from './packet-bytes.ts';
import type { RandomSource } from './random-source.ts';
import { FAR, OWN, PORTS } from './random-values.ts';

/** A packet and where it is put in; -1: the machine sends it itself. */
export interface Injection {
  readonly device: -1 | 0 | 1;
  readonly packet: Packet;
  readonly extras: Extras;
}

/** Where a client's ports begin; there are few, so that connections meet. */
const CLIENT = 1000;
export const CLIENT_PORTS = [0, 1, 2, 3, 4, 5].map((n) => CLIENT + n);
const FLAGS = [2, 2, 18, 16, 16, 24, 17, 4, 20, 0, 3];

/** Sequence numbers that fit whatever came before: each end has its own start. */
export function extrasOf(p: Packet, id: number): Extras {
  // Each end has its own; ports tell the ends apart, since translations change addresses
  const isClient = (port: number): boolean => port >= 1000 && port < 2000;
  const mine = isClient(p.sourcePort) ? 500_000 : 9_000_000;
  const theirs = isClient(p.destinationPort) ? 500_000 : 9_000_000;
  return { id, sequence: p.tcpFlags & 2 ? mine : mine + 1, acknowledged: theirs + 1 };
}

function fresh(r: RandomSource, family: 4 | 6): Packet {
  const protocol = r.pick([6, 6, 6, 17, family === 4 ? 1 : 58]);
  const icmp = protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;
  const source = r.pick(FAR[family]);
  const destination = r.pick([...FAR[family], ...OWN[family]]);
  const size = (family === 4 ? 20 : 40) + (protocol === 6 ? 20 : 8);
  return packet({
    source,
    destination,
    protocol,
    sourcePort: r.pick(CLIENT_PORTS),
    destinationPort: icmp ? 0 : r.pick(PORTS.slice(0, 3)),
    tcpFlags: protocol === 6 ? r.pick(FLAGS) : 0,
    icmpType: icmp ? r.pick(family === 4 ? [8, 8, 8, 0, 13] : [128, 128, 128, 129]) : -1,
    length: size,
  });
}

const SIDE = (p: Packet): 0 | 1 =>
  (p.family === 4 ? p.source.w3 >>> 8 === 0x0a0000 : p.source.w0 === 0xfd000000 && p.source.w1 === 0) ? 0 : 1;

/** The answer to a packet as the other end saw it. */
function answerTo(r: RandomSource, p: Packet): Packet | null {
  const turned = {
    ...p,
    source: p.destination,
    destination: p.source,
    sourcePort: p.destinationPort,
    destinationPort: p.sourcePort,
    ttl: 64,
    mark: 0,
    tos: 0,
  };
  if (p.protocol === 6) return { ...turned, tcpFlags: r.pick(p.tcpFlags === 2 ? [18, 18, 18, 4, 16] : [16, 17, 4]) };
  if (p.protocol === 17) return turned;
  const type = p.icmpType === 8 ? 0 : p.icmpType === 128 ? 129 : null;
  return type === null ? null : { ...turned, icmpType: type, sourcePort: p.sourcePort, destinationPort: 0 };
}

/** An ICMP error about a packet, from somewhere beyond. */
function errorAbout(r: RandomSource, p: Packet): Packet {
  const six = p.family === 6;
  const source = packet({ source: r.pick(FAR[p.family]) }).source;
  const [icmpType, icmpCode] = six
    ? [1, 3]
    : r.pick([
        [3, 1],
        [11, 0],
        [3, 3],
      ] as const);
  return {
    ...p,
    protocol: six ? 58 : 1,
    source,
    destination: p.source,
    sourcePort: 0,
    destinationPort: 0,
    icmpType,
    icmpCode,
    tcpFlags: 0,
    ttl: 64,
    tos: 0,
    length: p.length + (six ? 48 : 28),
    inner: p,
  };
}

/** The client's port of a TCP packet; null for others. */
const clientOf = (p: Packet): number | null =>
  p.protocol !== 6 ? null : CLIENT_PORTS.includes(p.sourcePort) ? p.sourcePort : p.destinationPort;

/** What comes after a reset depends on sequence numbers, which a trace does not have. */
function isOver(p: Packet, seen: readonly Packet[]): boolean {
  const client = clientOf(p);
  const old = client === null ? [] : seen.filter((s) => clientOf(s) === client);
  return (
    old.some((s) => s.tcpFlags & TCP.rst) ||
    (old.length > 0 && (p.tcpFlags & (TCP.rst | TCP.ack)) === (TCP.rst | TCP.ack))
  );
}

/** The next packet: a new one, or one that follows from what left the machine before. */
export function nextPacket(r: RandomSource, family: 4 | 6, seen: readonly Packet[], id: number): Injection {
  const last = seen.length > 0 && r.chance(65) ? seen[Math.max(0, seen.length - 1 - r.int(3))]! : null;
  const follow =
    last && !last.inner
      ? r.chance(15)
        ? errorAbout(r, last)
        : r.chance(65)
          ? answerTo(r, last)
          : { ...last, tcpFlags: last.tcpFlags ? r.pick([16, 2, 4]) : 0 }
      : null;
  const over = (q: Packet): boolean => sameAddress(q.source, q.destination) || isOver(q, seen);
  const usable = follow && !over(follow) && !isOwn(follow.source) ? follow : null;
  let p = usable ?? fresh(r, family);
  for (let tries = 0; over(p); tries++)
    p = tries < 50 ? fresh(r, family) : { ...fresh(r, family), protocol: 17, tcpFlags: 0, icmpType: -1 };
  if (!usable && r.chance(15)) {
    const own = OWN[family][p.destination.w0 === 0xfd000000 && p.destination.w1 === 0 ? 0 : 1]!;
    const from = packet({ source: own }).source;
    if (!isOwn(p.destination)) return { device: -1, packet: { ...p, source: from }, extras: extrasOf(p, id) };
  }
  return { device: SIDE(p), packet: p, extras: extrasOf(p, id) };
}
