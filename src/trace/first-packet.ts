import { unspecified } from '../ip/index.ts';
import { settingNumber, type Host } from '../model/index.ts';
import { PROTOCOL, TCP, type Packet } from './packet.ts';
import type { Question } from './question.ts';

const LENGTH = { icmp: 84, tcp: 60, udp: 60 } as const;

/** The packet that opens a conversation: an echo request, a SYN, a datagram. */
export function firstPacket(host: Host, question: Question): Packet {
  const { destination, protocol, sourcePort, destinationPort, source, tos = 0, length } = question;
  const family = destination.family;
  const isIcmp = protocol === 'icmp';
  return {
    family,
    protocol: isIcmp && family === 6 ? PROTOCOL.icmpv6 : PROTOCOL[protocol],
    source: source ?? unspecified(family),
    destination,
    sourcePort,
    destinationPort: isIcmp ? 0 : destinationPort,
    icmpType: isIcmp ? (family === 4 ? 8 : 128) : -1,
    icmpCode: isIcmp ? 0 : -1,
    tcpFlags: protocol === 'tcp' ? TCP.syn : 0,
    ttl: family === 4 ? settingNumber(host, 'ipv4/ip_default_ttl') || 64 : 64,
    tos,
    mark: 0,
    length: length ?? LENGTH[protocol],
  };
}

/** What the receiving host answers to the packet as it got it: a new packet of its own. */
export function answerTo(host: Host, packet: Packet): Packet {
  const reflect = settingNumber(host, `ipv${packet.family}/fwmark_reflect`) > 0;
  const isEcho = packet.protocol === PROTOCOL.icmp || packet.protocol === PROTOCOL.icmpv6;
  return {
    ...packet,
    source: packet.destination,
    destination: packet.source,
    sourcePort: isEcho ? packet.sourcePort : packet.destinationPort,
    destinationPort: isEcho ? 0 : packet.sourcePort,
    icmpType: isEcho ? (packet.family === 4 ? 0 : 129) : -1,
    tcpFlags: packet.protocol === PROTOCOL.tcp ? TCP.syn | TCP.ack : 0,
    ttl: packet.family === 4 ? settingNumber(host, 'ipv4/ip_default_ttl') || 64 : 64,
    // icmp_reply keeps the TOS of the request; sockets start with their own
    tos: isEcho ? packet.tos : 0,
    mark: reflect && isEcho ? packet.mark : 0,
  };
}

/** A later packet of the same direction of a TCP connection. */
export const laterPacket = (packet: Packet, flags: number): Packet => ({ ...packet, tcpFlags: flags, length: 52 });
