import { formatAddress, isPrivate, sameAddress, type Address, type Fact } from '../ip/index.ts';
import { interfaceNamed, wireGuardAt, type Attachment, type Interface, type Link } from '../model/index.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { Packet } from './packet.ts';
import type { Arrival, Departure } from './arrival.ts';
import { tunnelTransmit } from './tunnel-transmit.ts';
import { wireGuardEnd } from './wireguard-peer.ts';
import { wireGuardTransmit } from './wireguard-transmit.ts';
import { answersOnLink } from './neighbour.ts';
import { checkedByFabric } from './fabric.ts';
import { discover } from './neighbour-discovery.ts';
import { hostIn, privateOnInternet, tunnelAt, type World } from './world.ts';

/** Puts a packet on the wire: loopback, tunnel or link; neighbour resolution included. */
export function transmit(world: World, hop: HopBuilder, departure: Departure): Arrival {
  const { dev } = departure;
  const device = interfaceNamed(hop.host, dev);
  if (dev === 'lo' || device?.kind === 'loopback') {
    const { packet, tracked } = departure;
    return { kind: 'arrives', host: hop.host, dev, packet, link: dev, tracked, local: departure.local };
  }
  if (device && !device.up) {
    hop.record({ stage: 'link', action: { kind: 'interface-down', dev }, because: [device.fact] });
    return { kind: 'lost', outcome: 'interface-down', icmp: null, link: null };
  }
  const at: Attachment = { host: hop.host.name, interface: dev };
  const onWire: Packet = departure.packet.mark === 0 ? departure.packet : { ...departure.packet, mark: 0 };
  const tunnel = tunnelAt(world.network, at);
  if (tunnel) return tunnelTransmit(world, hop, { ...tunnel, at }, onWire);
  const tunnelled = device?.kind === 'wireguard' ? intoWireGuard(world, hop, at, onWire) : null;
  if (tunnelled) return tunnelled;
  const link = device?.link === undefined ? undefined : world.network.links.get(device.link);
  if (!device || !link) return leaves(hop, dev, departure.via ?? onWire.destination, device?.fact);
  return link.kind === 'internet'
    ? overInternet(world, hop, link, at, { packet: onWire, via: departure.via })
    : overLink(world, hop, { link, at, device }, { packet: onWire, via: departure.via });
}

function intoWireGuard(world: World, hop: HopBuilder, at: Attachment, packet: Packet): Arrival {
  const wireguard = wireGuardAt(hop.host, at.interface);
  const end = wireGuardEnd(world.network, at);
  if (wireguard && end) return wireGuardTransmit(world, hop, { ...end, wireguard }, packet);
  const ask = `wg show ${at.interface}, as root on ${at.host}: it names the peers`;
  hop.record({ stage: 'link', action: { kind: 'left', link: at.interface, to: packet.destination, ask }, because: [] });
  return { kind: 'lost', outcome: 'unknown', icmp: null, link: at.interface };
}

function leaves(hop: HopBuilder, link: string, to: Address, fact?: Fact): Arrival {
  const ask = `collect the facts of the box that has ${formatAddress(to)}`;
  hop.record({ stage: 'link', action: { kind: 'left', link, to, ask }, because: fact ? [fact] : [] });
  return { kind: 'lost', outcome: 'unknown', icmp: null, link };
}

interface OnWire {
  readonly packet: Packet;
  readonly via: Address | null;
}

function overInternet(world: World, hop: HopBuilder, link: Link, at: Attachment, { packet, via }: OnWire): Arrival {
  const to = via ?? packet.destination;
  const isPrivateHop = via !== null && isPrivate(via);
  const direct = isPrivateHop || via === null ? answersOnLink(world, link, { at, source: packet.source }, to) : null;
  const which = privateOnInternet(packet);
  if (which && !direct) {
    const address = packet[which];
    hop.record({
      stage: 'link',
      action: { kind: 'internet-dropped', link: link.name, address, which },
      because: [link.fact],
    });
    return { kind: 'lost', outcome: 'private-on-internet', icmp: null, link: link.name };
  }
  const end = direct ?? answersOnLink(world, link, { at, source: packet.source }, packet.destination);
  if (!end) return leaves(hop, link.name, packet.destination, link.fact);
  return arrives(world, hop, { link, end, dev: at.interface, to }, packet);
}

interface Place {
  readonly link: Link;
  readonly at: Attachment;
  readonly device: Interface;
}

function overLink(world: World, hop: HopBuilder, { link, at, device }: Place, { packet, via }: OnWire): Arrival {
  const to = via ?? packet.destination;
  const entry = hop.host.neighbours.find((n) => n.dev === at.interface && sameAddress(n.address, to));
  const end =
    entry?.state === 'permanent'
      ? ownerOfMac(world, link, entry.mac)
      : answersOnLink(world, link, { at, source: packet.source }, to);
  const icmp = packet.family === 4 ? { type: 3, code: 1 } : { type: 1, code: 3 };
  if (end) {
    const isKnown = to.family === 4 || entry?.state === 'permanent' || entry?.state === 'reachable';
    const owner = { host: hostIn(world.network, end.host), dev: end.interface };
    const asker = { host: hop.host, dev: at.interface };
    const stopped = isKnown ? null : discover(world, asker, owner, { target: to, packet });
    if (!stopped) return overFabric(world, hop, { link, end, dev: at.interface, to }, packet);
    const { because, ...where } = stopped;
    const action = { kind: 'neighbour-filtered', dev: at.interface, link: link.name, to, ...where } as const;
    hop.record({ stage: 'neighbour', action, because });
    return { kind: 'lost', outcome: 'neighbour-unreachable', icmp, link: link.name };
  }
  const isKnownDead = entry?.state === 'failed' || entry?.state === 'incomplete';
  if (!link.complete && !isKnownDead) return leaves(hop, link.name, to, link.fact);
  // a fixed entry is not asked about: the packet goes out, and nobody takes it
  if (entry?.state === 'permanent')
    hop.record({
      stage: 'link',
      action: { kind: 'sent', dev: at.interface, link: link.name, to },
      because: [entry.fact],
    });
  const because = isKnownDead ? [entry.fact] : [device.fact];
  hop.record({ stage: 'neighbour', action: { kind: 'no-neighbour', dev: at.interface, link: link.name, to }, because });
  return {
    kind: 'lost',
    outcome: 'neighbour-unreachable',
    icmp: entry?.state === 'permanent' ? null : icmp,
    link: link.name,
  };
}

/** A cloud checks what its hosts send and get. */
function overFabric(world: World, hop: HopBuilder, handover: Handover, packet: Packet): Arrival {
  const { link, end, dev } = handover;
  const checked = checkedByFabric(world, link, { host: hop.host.name, interface: dev }, end, packet);
  if (!checked) return arrives(world, hop, handover, packet);
  hop.record({ stage: 'link', action: { kind: 'fabric-dropped', link: link.name, ...checked }, because: [link.fact] });
  return { kind: 'lost', outcome: 'fabric-dropped', icmp: null, link: link.name };
}

function ownerOfMac(world: World, link: Link, mac: string | undefined): Attachment | null {
  const deviceOf = (a: Attachment): Interface | undefined => interfaceNamed(hostIn(world.network, a.host), a.interface);
  const has = (dev: Interface | undefined): boolean => dev?.mac === mac && dev?.up === true;
  return mac === undefined ? null : (link.attachments.find((a) => has(deviceOf(a))) ?? null);
}

interface Handover {
  readonly link: Link;
  readonly end: Attachment;
  readonly dev: string;
  readonly to: Address;
}

function arrives(world: World, hop: HopBuilder, { link, end, dev, to }: Handover, packet: Packet): Arrival {
  hop.record({ stage: 'link', action: { kind: 'sent', dev, link: link.name, to }, because: [] });
  const host = hostIn(world.network, end.host);
  return { kind: 'arrives', host, dev: end.interface, packet, link: link.name, tracked: null };
}
