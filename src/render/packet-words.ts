import { formatAddress, type Address } from '../ip/index.ts';
import { PROTOCOL, TCP, type Packet } from '../trace/index.ts';

const FLAGS = Object.entries(TCP);

/** A packet in one line: `icmp echo request 10.8.0.6 > 10.5.5.20 ttl 64`, `tcp syn 10.8.0.6:40000 > 10.5.5.20:22 ttl 64`. */
export function packetWords(packet: Packet): string {
  const mark = packet.mark === 0 ? '' : ` mark 0x${packet.mark.toString(16)}`;
  return `${kindWords(packet)} ${endpoints(packet)} ttl ${packet.ttl}${mark}`;
}

function endpoints(packet: Packet): string {
  const ports = packet.protocol === PROTOCOL.tcp || packet.protocol === PROTOCOL.udp;
  const end = (address: Address, port: number): string => {
    const text = formatAddress(address);
    if (!ports) return text;
    return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
  };
  return `${end(packet.source, packet.sourcePort)} > ${end(packet.destination, packet.destinationPort)}`;
}

function kindWords(packet: Packet): string {
  switch (packet.protocol) {
    case PROTOCOL.tcp:
      return `tcp ${flagWords(packet.tcpFlags)}`;
    case PROTOCOL.udp:
      return 'udp';
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6:
      return icmpWords(packet);
    default:
      return `protocol ${packet.protocol}`;
  }
}

function flagWords(flags: number): string {
  const names = FLAGS.filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
  return names.length === 0 ? 'no flags' : names.join('+');
}

function icmpWords(packet: Packet): string {
  const name = packet.protocol === PROTOCOL.icmp ? 'icmp' : 'icmpv6';
  if (packet.icmpType === 8 || packet.icmpType === 128) return `${name} echo request`;
  if (packet.icmpType === 0 || packet.icmpType === 129) return `${name} echo reply`;
  return `${name} type ${packet.icmpType} code ${packet.icmpCode}`;
}
