import type { Address, Family } from '../ip/index.ts';

/** IP protocol numbers that are traced. */
export const PROTOCOL = { icmp: 1, ipip: 4, tcp: 6, udp: 17, ipv6: 41, icmpv6: 58 } as const;

/** What a person asks about. */
export interface Flow {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly source: Address;
  readonly destination: Address;
  /** ICMP: the echo identifier. */
  readonly sourcePort: number;
  /** ICMP: 0. */
  readonly destinationPort: number;
}

/** A flow's header at one place. */
export interface Packet {
  readonly family: Family;
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  /** TCP and UDP port, or the ICMP echo identifier. */
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** -1 when it is no ICMP packet. */
  readonly icmpType: number;
  readonly icmpCode: number;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16; 0 when it is no TCP packet. */
  readonly tcpFlags: number;
  readonly ttl: number;
  readonly tos: number;
  /** The firewall mark; it lives inside one host and is 0 on the wire. */
  readonly mark: number;
  /** Bytes, IP header included. */
  readonly length: number;
  /** The packet that an ICMP error speaks of, as it looks at this place. */
  readonly inner?: Packet;
  /** The packet that it carries (IP in IP). */
  readonly payload?: Packet;
}

/** What routes are asked with where no packet is meant: two addresses, no protocol, no mark. */
export const bareHeader = (source: Address, destination: Address): Packet => ({
  family: destination.family,
  protocol: 0,
  source,
  destination,
  sourcePort: 0,
  destinationPort: 0,
  icmpType: -1,
  icmpCode: -1,
  tcpFlags: 0,
  ttl: 64,
  tos: 0,
  mark: 0,
  length: 0,
});

/** TCP flag bits. */
export const TCP = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16 } as const;
