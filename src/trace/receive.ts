import { sameAddress } from '../ip/index.ts';
import { interfaceNamed } from '../model/index.ts';
import { inputRoute, type InputDecision } from './input-route.ts';
import { belongsToSocket } from './own-socket.ts';
import type { Packet } from './packet.ts';
import { passHook } from './pass-hook.ts';
import { ends, type Entry, type Passage } from './place.ts';
import { sendRedirect } from './redirect.ts';
import { leave, relay } from './send.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { HookResult, Tracked } from './hook-context.ts';
import { wireGuardReceive } from './wireguard-transmit.ts';
import type { World } from './world.ts';

/** A packet comes in: PREROUTING, routing, then INPUT and delivery, or FORWARD and POSTROUTING. */
export function receive(world: World, entry: Entry): Passage {
  const { dev, packet, tracked, hop } = entry;
  const refused = wireGuardReceive(world, entry);
  if (refused) return refused;
  const pre = passHook(world, hop, { hook: 'prerouting', in: dev, out: null, nextHop: null, packet, tracked });
  if (pre.kind !== 'accept') return pre;
  const decision = decide(world, entry, pre);
  switch (decision.kind) {
    case 'drop':
      return ends(decision.outcome, pre.packet, {
        tracked: pre.tracked,
        answer: decision.icmp ? { kind: 'icmp', error: decision.icmp } : null,
      });
    case 'local':
      return deliver(world, entry, pre.packet, pre.tracked);
    case 'forward':
      return forward(world, entry, { decision, packet: pre.packet, tracked: pre.tracked });
  }
}

type Accepted = Extract<HookResult, { kind: 'accept' }>;

/** Packets that come over `lo` keep the route they were sent with, unless a translation sent them elsewhere. */
function decide(
  world: World,
  { hop, dev, local }: Entry,
  { packet, unrouted }: Pick<Accepted, 'packet' | 'unrouted'>,
): InputDecision {
  if (local && !unrouted) return { kind: 'local', address: packet.destination };
  return inputRoute(world, hop.host, dev, packet, hop.record);
}

function deliver(world: World, { hop, dev }: Entry, packet: Packet, tracked: Tracked | null): Passage {
  const into = passHook(world, hop, {
    hook: 'input',
    in: dev,
    out: null,
    nextHop: null,
    packet,
    tracked,
    relay: (relayed) => relay(world, hop, relayed, dev),
  });
  if (into.kind !== 'accept') return into;
  if (into.packet.payload) return unpack(world, hop, into.packet);
  const address = into.packet.destination;
  const owner = hop.host.interfaces.find((i) => i.addresses.some((a) => sameAddress(a.address, address)));
  const onOtherInterface = owner !== undefined && owner.name !== dev;
  hop.record({
    stage: 'deliver',
    action: { kind: 'delivered', address, dev, onOtherInterface },
    because: owner ? [owner.fact] : [],
  });
  return { kind: 'delivered', packet: into.packet, tracked: into.tracked };
}

/** What carries another packet ends at a tunnel interface (net/ipv4/ipip.c, net/ipv6/ip6_tunnel.c); the other goes on from there. */
function unpack(world: World, hop: HopBuilder, packet: Packet): Passage {
  const inner = packet.payload!;
  const { host, record } = hop;
  const dev = host.interfaces.find((i) => i.kind === 'ipip' && i.up)?.name ?? null;
  record({ stage: 'tunnel', action: { kind: 'unpacked', dev }, because: [] });
  if (dev !== null)
    return receive(world, { host, dev, packet: { ...inner, mark: 0 }, tracked: null, local: false, hop });
  // without the interface the port is unreachable, without the module the protocol (tunnel4_rcv, ip_protocol_deliver_rcu)
  const isLoaded = host.interfaces.some((i) => i.kind === 'ipip');
  const icmp = packet.family === 4 ? { type: 3, code: isLoaded ? 3 : 2 } : { type: 4, code: 1 };
  return ends('tunnel-down', packet, { answer: { kind: 'icmp', error: icmp } });
}

interface Forwarding {
  readonly decision: Extract<InputDecision, { kind: 'forward' }>;
  readonly packet: Packet;
  readonly tracked: Tracked | null;
}

/** ip_forward and ip6_forward, in their order: sockets of the host's own, TTL, size, redirect, then the hooks. */
function forward(world: World, { hop, dev }: Entry, { decision, packet, tracked }: Forwarding): Passage {
  const isV4 = packet.family === 4;
  if (belongsToSocket(world, hop.host, packet)) {
    const why = 'it answers a connection of this host, but routing would send it on';
    hop.record({ stage: 'forwarding', action: { kind: 'martian', why }, because: [] });
    return ends('martian', packet, { tracked });
  }
  if (packet.ttl <= 1) {
    hop.record({ stage: 'ttl', action: { kind: 'ttl', ttl: packet.ttl, expired: true }, because: [] });
    return ends('ttl-expired', packet, { tracked, answer: { kind: 'icmp', error: { type: isV4 ? 11 : 3, code: 0 } } });
  }
  const mtu = Math.min(decision.mtu ?? Infinity, interfaceNamed(hop.host, decision.dev)?.mtu ?? Infinity);
  if (packet.length > mtu) {
    hop.record({ stage: 'mtu', action: { kind: 'too-big', mtu, length: packet.length }, because: [] });
    return ends('too-big', packet, {
      tracked,
      answer: { kind: 'icmp', error: isV4 ? { type: 3, code: 4 } : { type: 2, code: 0 } },
    });
  }
  const onward: Packet = { ...packet, ttl: packet.ttl - 1 };
  if (decision.redirect) sendRedirect(world, { host: hop.host, dev, via: decision.via }, onward, hop.record);
  tellPassedBy(hop, onward);
  const at = { in: dev, out: decision.dev, nextHop: decision.via };
  const result = passHook(world, hop, {
    hook: 'forward',
    ...at,
    packet: onward,
    tracked,
    relay: (relayed) => relay(world, hop, relayed, dev),
  });
  if (result.kind !== 'accept') return result;
  return leave(world, hop, { packet: result.packet, way: result.way ?? decision, tracked: result.tracked, dev });
}

/** IPVS takes only what is for the machine itself: a marked packet that is sent on goes by its virtual server. */
function tellPassedBy({ host, record }: HopBuilder, { family, mark }: Packet): void {
  if (mark === 0) return;
  const service = host.virtualServers.find(
    (s) => s.family === family && s.match.kind === 'mark' && s.match.mark === mark,
  );
  if (service) record({ stage: 'ipvs', action: { kind: 'passed-by', service }, because: [service.fact] });
}
