import { sameAddress } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import { PROTOCOL, type Packet } from './packet.ts';
import type { World } from './world.ts';

/** Notes the connected socket that a packet was sent by. */
export function openSocket(world: World, host: Host, sent: Packet): void {
  world.sockets.push({ host: host.name, sent });
}

/**
 * Whether a connected socket of the host waits for this packet. The kernel looks for it before it asks for a route
 * (tcp_v4_early_demux, udp_v4_early_demux and their IPv6 twins); what has a socket is never forwarded (ip_forward, ip6_forward).
 */
export function belongsToSocket({ sockets }: World, host: Host, packet: Packet): boolean {
  if (packet.protocol !== PROTOCOL.tcp && packet.protocol !== PROTOCOL.udp) return false;
  return sockets.some(
    ({ host: owner, sent }) =>
      owner === host.name &&
      sent.protocol === packet.protocol &&
      sent.sourcePort === packet.destinationPort &&
      sent.destinationPort === packet.sourcePort &&
      sameAddress(sent.source, packet.destination) &&
      sameAddress(sent.destination, packet.source),
  );
}
