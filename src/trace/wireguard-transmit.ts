import type { Fact } from '../ip/index.ts';
import { type WireGuard, type WireGuardEnd, type WireGuardTunnel } from '../model/index.ts';
import type { Arrival } from './arrival.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { Packet } from './packet.ts';
import { ends, type Entry, type Passage } from './place.ts';
import type { Action, LocalError } from './step.ts';
import { peerFor, wireGuardEnd, type PeerFor } from './wireguard-peer.ts';
import { endKey, hostIn, type Carriage, type World } from './world.ts';
import { wireGuardAt } from '../model/index.ts';

type Refusal = Extract<Action, { kind: 'tunnel-refused' }>['why'];

/** One end, as its own kernel has it. */
export interface WireGuardHere {
  readonly tunnel: WireGuardTunnel;
  readonly end: WireGuardEnd;
  readonly wireguard: WireGuard;
}

/**
 * wg_xmit: the peer with the longest allowed IP for the destination gets it; the kernel's next hop plays no part. Without
 * such a peer, or where that has no endpoint, the sender is told, by an error of its own and an ICMP message
 * (drivers/net/wireguard/device.c). Without a handshake it waits, and is thrown away in the end.
 */
export function wireGuardTransmit(world: World, hop: HopBuilder, here: WireGuardHere, packet: Packet): Arrival {
  const { tunnel, end, wireguard } = here;
  if (world.carrying.some((c) => c.host === end.host && c.interface === end.interface))
    return refused(hop, tunnel, { why: 'recursive', because: [] });
  const found = peerFor(wireguard, packet.destination);
  if (!found) return refused(hop, tunnel, { why: 'no-peer', because: [wireguard.fact] }, packet);
  const { peer, allowed } = found;
  const carriage = world.carry(world, { from: end, peer });
  const name = 'far' in carriage && carriage.far ? carriage.far.host : nameOf(world, found);
  switch (carriage.kind) {
    case 'no-endpoint':
      return refused(hop, tunnel, { why: 'no-endpoint', peer: name, because: [peer.fact] }, packet);
    case 'recursive':
      tell(hop, tunnel, carriage);
      return refused(hop, tunnel, { why: 'recursive', peer: name, because: routeOf(carriage) });
    case 'no-session':
      tell(hop, tunnel, carriage);
      return refused(hop, tunnel, {
        why: carriage.stranger ? 'stranger' : 'no-session',
        peer: name,
        because: [peer.fact],
      });
    case 'carried': {
      const action = { kind: 'tunnelled', tunnel: tunnel.name, to: name, by: 'allowed-ip' } as const;
      hop.record({ stage: 'tunnel', action, because: [allowed.fact] });
      tell(hop, tunnel, carriage);
      return arrives(world, hop, here, { packet, carriage, name });
    }
  }
}

const nameOf = ({ network }: World, { peer }: PeerFor): string =>
  (network.wireguard ?? []).flatMap((t) => t.ends).find((e) => e.publicKey === peer.publicKey)?.host ??
  `peer ${peer.publicKey.slice(0, 8)}...`;

interface Going {
  readonly packet: Packet;
  readonly carriage: Extract<Carriage, { kind: 'carried' }>;
  readonly name: string;
}

function arrives(
  world: World,
  hop: HopBuilder,
  { tunnel, end }: WireGuardHere,
  { packet, carriage, name }: Going,
): Arrival {
  const { far } = carriage;
  if (!far) {
    const ask = `collect the facts of ${name}, as root, with its wg`;
    hop.record({
      stage: 'link',
      action: { kind: 'left', link: tunnel.name, to: packet.destination, ask },
      because: [],
    });
    return { kind: 'lost', outcome: 'unknown', icmp: null, link: tunnel.name };
  }
  const key = end.publicKey;
  if (key !== undefined) world.heard.add(endKey(far, key));
  const host = hostIn(world.network, far.host);
  const peer = key === undefined ? {} : { peer: key };
  return { kind: 'arrives', host, dev: far.interface, packet, link: tunnel.name, tracked: null, ...peer };
}

function tell(hop: HopBuilder, tunnel: WireGuardTunnel, { way }: Extract<Carriage, { way: unknown }>): void {
  if (way) hop.record({ stage: 'tunnel', action: { kind: 'carried', tunnel: tunnel.name, ...way }, because: [] });
}

function routeOf({ way }: Extract<Carriage, { way: unknown }>): readonly Fact[] {
  return way?.trace.hops.at(-1)?.steps.findLast((s) => s.action.kind === 'routed')?.because ?? [];
}

const ERRORS: Partial<Readonly<Record<Refusal, LocalError>>> = { 'no-peer': 'ENOKEY', 'no-endpoint': 'EDESTADDRREQ' };

const OUTCOMES = { 'no-peer': 'tunnel-no-peer', 'no-endpoint': 'tunnel-no-endpoint' } as const;

interface Why {
  readonly why: Refusal;
  readonly peer?: string;
  readonly because: readonly Fact[];
}

/** `told`: the packet whose sender is told. */
function refused(hop: HopBuilder, { name }: WireGuardTunnel, { why, peer, because }: Why, told?: Packet): Arrival {
  const action = { kind: 'tunnel-refused', tunnel: name, why, ...(peer === undefined ? {} : { peer }) } as const;
  hop.record({ stage: 'tunnel', action, because });
  const outcome = why === 'no-peer' || why === 'no-endpoint' ? OUTCOMES[why] : 'tunnel-down';
  const error = ERRORS[why];
  const icmp = told ? (told.family === 4 ? { type: 3, code: 1 } : { type: 1, code: 3 }) : null;
  return { kind: 'lost', outcome, icmp, link: name, ...(error === undefined ? {} : { localError: error }) };
}

/**
 * What comes out of a tunnel must have a source that the interface would send to the very peer that it came from; all
 * else is dropped without a word (drivers/net/wireguard/receive.c, wg_packet_consume_data_done). Null: it goes on.
 */
export function wireGuardReceive(world: World, { host, dev, packet, peer: key, hop }: Entry): Passage | null {
  const wireguard = key === undefined ? undefined : wireGuardAt(host, dev);
  if (!wireguard) return null;
  const owner = peerFor(wireguard, packet.source);
  if (owner?.peer.publicKey === key) return null;
  const sender = wireguard.peers.find((p) => p.publicKey === key);
  const tunnel = wireGuardEnd(world.network, { host: host.name, interface: dev })!.tunnel.name;
  const from = (world.network.wireguard ?? []).flatMap((t) => t.ends).find((e) => e.publicKey === key)?.host;
  const because = [owner?.allowed.fact ?? sender?.fact ?? wireguard.fact];
  const action = {
    kind: 'tunnel-refused',
    tunnel,
    why: 'not-allowed',
    ...(from === undefined ? {} : { peer: from }),
  } as const;
  hop.record({ stage: 'tunnel', action, because });
  return ends('tunnel-bad-source', packet);
}
