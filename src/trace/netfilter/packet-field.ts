import type { Address } from '../../ip/index.ts';
import type { Field } from '../../model/index.ts';
import { PROTOCOL, type Packet } from '../packet.ts';
import type { Datum, Reader } from './run.ts';

const SCTP = 132;
const DCCP = 33;

const hasPorts = (p: Packet): boolean =>
  p.protocol === PROTOCOL.tcp || p.protocol === PROTOCOL.udp || p.protocol === SCTP || p.protocol === DCCP;

const isTcp = (p: Packet): boolean => p.protocol === PROTOCOL.tcp;
const isUdp = (p: Packet): boolean => p.protocol === PROTOCOL.udp;
const isIcmp = (p: Packet): boolean => p.family === 4 && p.protocol === PROTOCOL.icmp;
const isIcmp6 = (p: Packet): boolean => p.family === 6 && p.protocol === PROTOCOL.icmpv6;

/** Which packets have the field. `ip.ttl` and its like are hop limit and traffic class in tables of family ip6. */
const PRESENT: Readonly<Partial<Record<Field, (p: Packet) => boolean>>> = {
  'tcp.sport': isTcp,
  'tcp.dport': isTcp,
  'tcp.flags': isTcp,
  'udp.sport': isUdp,
  'udp.dport': isUdp,
  'th.sport': hasPorts,
  'th.dport': hasPorts,
  'icmp.type': isIcmp,
  'icmp.code': isIcmp,
  'icmp.id': isIcmp,
  'icmpv6.type': isIcmp6,
  'icmpv6.code': isIcmp6,
  'icmpv6.id': isIcmp6,
  'ip6.saddr': (p) => p.family === 6,
  'ip6.daddr': (p) => p.family === 6,
  'ip6.hoplimit': (p) => p.family === 6,
};

/** Whether the packet has the field, in a table of that family. */
export function presence(field: Field, tableFamily: string): (packet: Packet) => boolean {
  const known = PRESENT[field];
  if (known) return known;
  const family = tableFamily === 'ip6' && field !== 'ip.saddr' && field !== 'ip.daddr' ? 6 : 4;
  return (p) => p.family === family;
}

const READ: Readonly<Record<Field, (p: Packet) => number | Address>> = {
  'ip.saddr': (p) => p.source,
  'ip.daddr': (p) => p.destination,
  'ip6.saddr': (p) => p.source,
  'ip6.daddr': (p) => p.destination,
  'ip6.hoplimit': (p) => p.ttl,
  'ip.ttl': (p) => p.ttl,
  'ip.dscp': (p) => p.tos >>> 2,
  'ip.length': (p) => p.length,
  'ip.fragment': () => 0,
  'ip.protocol': (p) => p.protocol,
  'tcp.sport': (p) => p.sourcePort,
  'tcp.dport': (p) => p.destinationPort,
  'tcp.flags': (p) => p.tcpFlags,
  'udp.sport': (p) => p.sourcePort,
  'udp.dport': (p) => p.destinationPort,
  'th.sport': (p) => p.sourcePort,
  'th.dport': (p) => p.destinationPort,
  'icmp.type': (p) => p.icmpType,
  'icmp.code': (p) => p.icmpCode,
  'icmp.id': (p) => p.sourcePort,
  'icmpv6.type': (p) => p.icmpType,
  'icmpv6.code': (p) => p.icmpCode,
  'icmpv6.id': (p) => p.sourcePort,
};

/** Reads a header field; undefined when the packet has none of that name. */
export function fieldReader(field: Field, tableFamily: string): Reader {
  const has = presence(field, tableFamily);
  const read = READ[field];
  return (run) => (has(run.packet) ? read(run.packet) : undefined);
}

/** The packet with the field overwritten, or null when the field cannot hold such a value. */
export function withField(packet: Packet, field: Field, value: Datum): Packet | null {
  if (Array.isArray(value) || typeof value === 'string') return null;
  if (typeof value === 'object') return withAddress(packet, field, value as Address);
  switch (field) {
    case 'ip.ttl':
    case 'ip6.hoplimit':
      return { ...packet, ttl: value & 255 };
    case 'ip.dscp':
      return { ...packet, tos: ((value & 63) << 2) | (packet.tos & 3) };
    case 'tcp.sport':
    case 'udp.sport':
    case 'th.sport':
    case 'icmp.id':
    case 'icmpv6.id':
      return { ...packet, sourcePort: value & 0xffff };
    case 'tcp.dport':
    case 'udp.dport':
    case 'th.dport':
      return { ...packet, destinationPort: value & 0xffff };
    case 'tcp.flags':
      return { ...packet, tcpFlags: value & 255 };
    case 'icmp.type':
    case 'icmpv6.type':
      return { ...packet, icmpType: value & 255 };
    case 'icmp.code':
    case 'icmpv6.code':
      return { ...packet, icmpCode: value & 255 };
    default:
      return null;
  }
}

function withAddress(packet: Packet, field: Field, address: Address): Packet | null {
  if (address.family !== packet.family) return null;
  if (field === 'ip.saddr' || field === 'ip6.saddr') return { ...packet, source: address };
  if (field === 'ip.daddr' || field === 'ip6.daddr') return { ...packet, destination: address };
  return null;
}
