import { sameAddress } from '../../ip/index.ts';
import type { Connection, ConnectionTable, Tuple } from '../connection.ts';
import { PROTOCOL, type Packet } from '../packet.ts';

// Which ICMP message answers which (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c)
const ANSWER4: ReadonlyMap<number, number> = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [17, 18],
  [18, 17],
]);
const ANSWER6: ReadonlyMap<number, number> = new Map([
  [128, 129],
  [129, 128],
  [139, 140],
  [140, 139],
]);

/** Whether the protocol is ICMP of either family. */
export const isIcmpProtocol = (protocol: number): boolean => protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6;

/** What connection tracking knows a packet by. */
export function tupleOf(p: Packet): Tuple {
  const icmp = isIcmpProtocol(p.protocol);
  return {
    protocol: p.protocol,
    source: p.source,
    destination: p.destination,
    sourcePort: p.sourcePort,
    destinationPort: icmp ? p.icmpType * 256 + p.icmpCode : p.destinationPort,
  };
}

/** The tuple of the answer; null for an ICMP message that has none. */
export function invertTuple(t: Tuple): Tuple | null {
  const turned = { protocol: t.protocol, source: t.destination, destination: t.source };
  if (!isIcmpProtocol(t.protocol)) return { ...turned, sourcePort: t.destinationPort, destinationPort: t.sourcePort };
  const answers = t.protocol === PROTOCOL.icmp ? ANSWER4 : ANSWER6;
  const type = answers.get(t.destinationPort >>> 8);
  if (type === undefined) return null;
  return { ...turned, sourcePort: t.sourcePort, destinationPort: type * 256 + (t.destinationPort & 255) };
}

/** The inverse of a tuple that is known to have one, because it lies in a connection. */
export function mirrored(t: Tuple): Tuple {
  const inverse = invertTuple(t);
  if (!inverse) throw new Error('bug: a tracked connection without an answer');
  return inverse;
}

/** Whether two tuples are the same. */
export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.protocol === b.protocol &&
    a.sourcePort === b.sourcePort &&
    a.destinationPort === b.destinationPort &&
    sameAddress(a.source, b.source) &&
    sameAddress(a.destination, b.destination)
  );
}

/** The connection that has the tuple in one of its directions. */
export function findConnection(
  table: ConnectionTable,
  tuple: Tuple,
): { readonly connection: Connection; readonly reply: boolean } | null {
  for (const connection of table.connections) {
    if (sameTuple(connection.original, tuple)) return { connection, reply: false };
    if (sameTuple(connection.reply, tuple)) return { connection, reply: true };
  }
  return null;
}

/** Takes a connection out of the table. */
export function forget(table: ConnectionTable, connection: Connection): void {
  const at = table.connections.indexOf(connection);
  if (at >= 0) table.connections.splice(at, 1);
}
