import type { Address, Fact } from '../ip/index.ts';

/**
 * Addresses and ports of one direction. ICMP: the echo identifier stands in `sourcePort`, and `destinationPort` is
 * `type * 256 + code`.
 */
export interface Tuple {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Where a TCP connection stands, as nf_conntrack_proto_tcp.c names it. */
export type TcpState =
  | 'none'
  | 'syn-sent'
  | 'syn-recv'
  | 'established'
  | 'fin-wait'
  | 'close-wait'
  | 'last-ack'
  | 'time-wait'
  | 'close'
  | 'syn-sent2';

/** What a TCP packet is to connection tracking. */
export type TcpKind = 'syn' | 'syn-ack' | 'fin' | 'ack' | 'rst' | 'none';

/** A connection as one host's connection tracking holds it. */
export interface Connection {
  readonly original: Tuple;
  /** What the answer looks like on this host's wire: differs from the mirrored original by the translation. */
  reply: Tuple;
  mark: number;
  /** Whether it lies in the table: only a packet that reached the end of input or postrouting leaves its connection there. */
  confirmed: boolean;
  seenReply: boolean;
  /** TCP: the handshake was seen to its end. */
  assured: boolean;
  sourceNat: boolean;
  destinationNat: boolean;
  /** Which of the two translations was already decided. */
  sourceDone: boolean;
  destinationDone: boolean;
  /** The rules that decided the translations. */
  sourceFact: Fact | null;
  destinationFact: Fact | null;
  /** The interface it was masqueraded for; a packet that leaves by another one ends the connection. */
  masqueradeOut: string | null;
  tcp: TcpState;
  /** The last TCP packet, and which way it went. */
  lastKind: TcpKind;
  lastReply: boolean;
}

/** All connections of one host during one round trip. */
export interface ConnectionTable {
  readonly connections: Connection[];
}
