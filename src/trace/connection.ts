import type { Address } from '../ip/index.ts';

/** Addresses and ports of one direction. */
export interface Tuple {
  readonly protocol: number;
  readonly source: Address;
  readonly destination: Address;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** A connection as one host's connection tracking holds it. */
export interface Connection {
  readonly original: Tuple;
  /** What the answer looks like on this host's wire: differs from the mirrored original by the translation. */
  reply: Tuple;
  mark: number;
  confirmed: boolean;
  seenReply: boolean;
  sourceNat: boolean;
  destinationNat: boolean;
  /** Which of the two translations was already decided. */
  sourceDone: boolean;
  destinationDone: boolean;
}

/** All connections of one host during one round trip. */
export interface ConnectionTable {
  readonly connections: Connection[];
}
