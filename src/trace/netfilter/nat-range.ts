import { compareAddress, sameAddress, type Address, type NumberRange } from '../../ip/index.ts';
import type { Connection, ConnectionTable, Tuple } from '../connection.ts';
import { findConnection, isIcmpProtocol, mirrored } from './tuple.ts';

/** Which half of a packet's addresses a translation writes. */
export type Half = 'source' | 'destination';

/** What a translation may write; null leaves that part as it is. */
export interface NatRange {
  readonly addresses: { readonly from: Address; readonly to: Address } | null;
  readonly ports: NumberRange | null;
}

const inAddresses = (range: NatRange, a: Address): boolean =>
  !range.addresses || (compareAddress(range.addresses.from, a) <= 0 && compareAddress(a, range.addresses.to) <= 0);

const inPorts = (range: NatRange, port: number): boolean =>
  !range.ports || (port >= range.ports.from && port <= range.ports.to);

/** Whether another connection's answers look like this one's would (nf_nat_used_tuple). */
function isTaken(table: ConnectionTable, tuple: Tuple, own: Connection): boolean {
  const found = findConnection(table, mirrored(tuple));
  return found !== null && found.connection !== own;
}

const withAddress = (t: Tuple, half: Half, address: Address): Tuple =>
  half === 'source' ? { ...t, source: address } : { ...t, destination: address };

// The echo identifier is the same in both directions, so both halves write it
const portIsSource = (t: Tuple, half: Half): boolean => half === 'source' || isIcmpProtocol(t.protocol);
const portOf = (t: Tuple, half: Half): number => (portIsSource(t, half) ? t.sourcePort : t.destinationPort);
const withPort = (t: Tuple, half: Half, port: number): Tuple =>
  portIsSource(t, half) ? { ...t, sourcePort: port } : { ...t, destinationPort: port };

/**
 * The tuple that a translation makes of `original` (get_unique_tuple of nf_nat_core.c): the own address and port
 * stay where the range allows them and nobody else has them. Where the kernel picks an address by hash, the first.
 */
export function uniqueTuple(
  table: ConnectionTable,
  connection: Connection,
  original: Tuple,
  half: Half,
  range: NatRange,
): Tuple {
  const keeps = inAddresses(range, half === 'source' ? original.source : original.destination);
  const portFits = inPorts(range, portOf(original, half));
  if (half === 'source' && keeps && portFits && !isTaken(table, original, connection)) return original;
  const tuple = range.addresses ? withAddress(original, half, range.addresses.from) : original;
  if (portFits && ((range.ports?.from === range.ports?.to && range.ports) || !isTaken(table, tuple, connection)))
    return tuple;
  return freePort(table, connection, tuple, half, range);
}

/**
 * nf_nat_l4proto_unique_tuple: sources begin anywhere in the range at random, destinations with its first port. The middle
 * stands for anywhere: rules name ports at the ends. Where all are taken, the last one stays, and the packet fails at the end.
 */
function freePort(table: ConnectionTable, connection: Connection, tuple: Tuple, half: Half, range: NatRange): Tuple {
  const from = range.ports ?? defaultPorts(tuple, half);
  if (!from) return tuple;
  const count = from.to - from.from + 1;
  const start = half === 'source' ? count >>> 1 : 0;
  let candidate = tuple;
  for (let i = 0; i < count; i++) {
    candidate = withPort(tuple, half, from.from + ((start + i) % count));
    if (!isTaken(table, candidate, connection)) break;
  }
  return candidate;
}

function defaultPorts(tuple: Tuple, half: Half): NumberRange | null {
  if (isIcmpProtocol(tuple.protocol)) return { from: 0, to: 65535 };
  if (half === 'destination') return null;
  const port = tuple.sourcePort;
  if (port >= 1024) return { from: 1024, to: 65535 };
  return port < 512 ? { from: 1, to: 511 } : { from: 600, to: 1023 };
}

/** Whether the range leaves a choice of addresses that the kernel makes by a hash. */
export function isSpread(range: NatRange, original: Address, half: Half): boolean {
  if (!range.addresses || sameAddress(range.addresses.from, range.addresses.to)) return false;
  return half === 'destination' || !inAddresses(range, original);
}
