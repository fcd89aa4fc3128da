import type { Fact } from '../ip/index.ts';
import { interfaceNamed, type Attachment, type Tunnel } from '../model/index.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { Packet } from './packet.ts';
import type { Action } from './step.ts';
import type { Arrival } from './arrival.ts';
import { clientOwns, ownerInTunnel, type TunnelOwner } from './tunnel-owner.ts';
import { hostIn, type OuterWay, type World } from './world.ts';

/** One end of a tunnel. */
export interface TunnelEnd {
  readonly tunnel: Tunnel;
  readonly isServer: boolean;
  readonly at: Attachment;
}

type Refusal = Extract<Action, { kind: 'tunnel-refused' }>['why'];

/**
 * What OpenVPN does with a packet read from its interface. The kernel's next hop plays no part: the server looks the
 * destination up in a table of its own, clients hand everything to the server (OpenVPN's multi.c and mroute.c).
 */
export function tunnelTransmit(world: World, hop: HopBuilder, end: TunnelEnd, packet: Packet): Arrival {
  // what carries a tunnel may not enter it: OpenVPN drops it (openvpn(8), --allow-recursive-routing)
  if (world.carrying.some((c) => c.host === end.at.host && c.interface === end.at.interface))
    return refused(hop, end.tunnel, 'recursive', []);
  return end.isServer ? fromServer(world, hop, end, packet) : fromClient(world, hop, end, packet);
}

function fromServer(world: World, hop: HopBuilder, { tunnel }: TunnelEnd, packet: Packet): Arrival {
  const owner = ownerInTunnel(tunnel, packet.destination);
  if (!owner) return refused(hop, tunnel, 'no-client', [tunnel.fact]);
  return toClient(world, hop, { tunnel, owner }, packet, owner.by);
}

function fromClient(world: World, hop: HopBuilder, { tunnel, at }: TunnelEnd, packet: Packet): Arrival {
  const self = tunnel.clients.find((c) => c.host === at.host && c.interface === at.interface)!;
  const server = hostIn(world.network, tunnel.server.host);
  if (!self.connected || !interfaceNamed(server, tunnel.server.interface)?.up) {
    return refused(hop, tunnel, 'down', [self.fact]);
  }
  if (!clientOwns(self, packet.source)) return refused(hop, tunnel, 'bad-source', [self.fact]);
  const peer = tunnel.clientToClient ? ownerInTunnel(tunnel, packet.destination) : null;
  if (peer && peer.client !== self) return toClient(world, hop, { tunnel, owner: peer }, packet, 'client-to-client');
  const outer = world.outer(world, { tunnel, client: self, from: 'client' });
  if (outer && isRecursive(outer)) return recursive(hop, tunnel, outer);
  hop.record({
    stage: 'tunnel',
    action: { kind: 'tunnelled', tunnel: tunnel.name, to: server.name, by: 'server' },
    because: [self.fact],
  });
  carried(hop, tunnel, outer);
  return { kind: 'arrives', host: server, dev: tunnel.server.interface, packet, link: tunnel.name, tracked: null };
}

interface ToClient {
  readonly tunnel: Tunnel;
  readonly owner: TunnelOwner;
}

function toClient(
  world: World,
  hop: HopBuilder,
  { tunnel, owner }: ToClient,
  packet: Packet,
  by: 'client-address' | 'iroute' | 'client-to-client',
): Arrival {
  const { client } = owner;
  if (!client.connected) return refused(hop, tunnel, 'no-client', [client.fact]);
  const outer = by === 'client-to-client' ? null : world.outer(world, { tunnel, client, from: 'server' });
  if (outer && isRecursive(outer)) return recursive(hop, tunnel, outer);
  const because = client.iroutes.filter((r) => by === 'iroute' && r.prefix.length >= 0).map((r) => r.fact);
  const action = { kind: 'tunnelled', tunnel: tunnel.name, to: client.host ?? client.commonName, by } as const;
  hop.record({ stage: 'tunnel', action, because: [client.fact, ...because] });
  carried(hop, tunnel, outer);
  if (client.host === undefined || client.interface === undefined) {
    const ask = `collect the facts of the client ${client.commonName}`;
    hop.record({
      stage: 'link',
      action: { kind: 'left', link: tunnel.name, to: packet.destination, ask },
      because: [],
    });
    return { kind: 'lost', outcome: 'unknown', icmp: null, link: tunnel.name };
  }
  const host = hostIn(world.network, client.host);
  return { kind: 'arrives', host, dev: client.interface, packet, link: tunnel.name, tracked: null };
}

/** What carries a packet is told beside it; whether the tunnel is up is a fact, or assumed, whatever comes of it. */
function carried(hop: HopBuilder, tunnel: Tunnel, outer: OuterWay | null): void {
  if (outer) hop.record({ stage: 'tunnel', action: { kind: 'carried', tunnel: tunnel.name, ...outer }, because: [] });
}

/** Whether it was lost for being sent into the tunnel that it carries. */
function isRecursive({ trace }: OuterWay): boolean {
  const action = trace.hops.at(-1)?.steps.at(-1)?.action;
  return action?.kind === 'tunnel-refused' && action.why === 'recursive';
}

function recursive(hop: HopBuilder, tunnel: Tunnel, outer: OuterWay): Arrival {
  carried(hop, tunnel, outer);
  const routed = outer.trace.hops.at(-1)?.steps.findLast((s) => s.action.kind === 'routed');
  return refused(hop, tunnel, 'recursive', routed?.because ?? []);
}

function refused(hop: HopBuilder, tunnel: Tunnel, why: Refusal, because: readonly Fact[]): Arrival {
  hop.record({ stage: 'tunnel', action: { kind: 'tunnel-refused', tunnel: tunnel.name, why }, because });
  const outcome = why === 'no-client' ? 'tunnel-no-client' : why === 'bad-source' ? 'tunnel-bad-source' : 'tunnel-down';
  return { kind: 'lost', outcome, icmp: null, link: tunnel.name };
}
