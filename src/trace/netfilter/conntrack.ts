import { sameAddress } from '../../ip/index.ts';
import type { Connection, ConnectionTable, Tuple } from '../connection.ts';
import type { HookContext, Tracked } from '../hook-context.ts';
import { PROTOCOL, type Packet } from '../packet.ts';
import { trackTcp } from './conntrack-tcp.ts';
import { findConnection, forget, invertTuple, isIcmpProtocol, tupleOf } from './tuple.ts';

/** What connection tracking found, and why, for people. */
export interface TrackingResult {
  readonly tracked: Tracked;
  readonly why: string;
}

const without = (state: 'invalid' | 'untracked', why: string): TrackingResult => ({
  tracked: { state, direction: 'original', connection: null },
  why,
});

/** What connection tracking makes of a packet that it has not seen (nf_conntrack_in of nf_conntrack_core.c). */
export function trackPacket(context: HookContext, packet: Packet): TrackingResult {
  return special(context, packet) ?? trackOrdinary(context, packet);
}

/** ICMP messages that are not connections of their own. */
function special(context: HookContext, packet: Packet): TrackingResult | null {
  if (!isIcmpProtocol(packet.protocol)) return null;
  if (packet.protocol === PROTOCOL.icmpv6) {
    if (isNeighbourDiscovery(packet.icmpType)) return without('untracked', 'neighbour discovery is not tracked');
    return packet.icmpType < 128 ? trackError(context.connections, packet) : null;
  }
  if (packet.icmpType > 18) return without('invalid', 'an ICMP message of an unknown type');
  return ICMP_ERRORS.has(packet.icmpType) ? trackError(context.connections, packet) : null;
}

// Unreachable, source quench, redirect, time exceeded, parameter problem
const ICMP_ERRORS: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);

/** Multicast listener and neighbour discovery messages (nf_conntrack_proto_icmpv6.c, noct_valid_new). */
const isNeighbourDiscovery = (type: number): boolean => (type >= 130 && type <= 136) || type === 143;

/** nf_conntrack_inet_error: the packet that the error speaks of tells the connection. */
function trackError(table: ConnectionTable, packet: Packet): TrackingResult {
  const inner = packet.inner && invertTuple(tupleOf(packet.inner));
  const found = inner ? findConnection(table, inner) : null;
  if (!found) return without('invalid', 'an ICMP error about a connection that is not known');
  const { connection, reply } = found;
  const expected = (reply ? connection.reply : connection.original).destination;
  if (!sameAddress(expected, packet.destination)) {
    return without('invalid', 'an ICMP error that is not for the sender of the packet it speaks of');
  }
  return {
    tracked: { state: 'related', direction: reply ? 'reply' : 'original', connection },
    why: 'an ICMP error about a known connection',
  };
}

function trackOrdinary(context: HookContext, packet: Packet): TrackingResult {
  const tuple = tupleOf(packet);
  const table = context.connections;
  const found = findConnection(table, tuple);
  const connection = found?.connection ?? newConnection(tuple);
  if (!connection) return without('invalid', 'an ICMP message that no request went before');
  const reply = found?.reply ?? false;
  const tracked = { state: stateOf(connection, reply), direction: reply ? 'reply' : 'original', connection } as const;
  const effect = trackProtocol(context, connection, packet, reply);
  if (effect === 'again') {
    forget(table, connection);
    return trackOrdinary(context, packet);
  }
  if (effect === 'invalid') return without('invalid', whyInvalid(packet, found !== null));
  if (effect === 'forget') forget(table, connection);
  if (reply) connection.seenReply = true;
  return { tracked, why: whyState(tracked.state, reply) };
}

/** resolve_normal_ct. */
function stateOf(connection: Connection, reply: boolean): 'new' | 'established' {
  return reply || connection.seenReply ? 'established' : 'new';
}

function trackProtocol(
  context: HookContext,
  connection: Connection,
  packet: Packet,
  reply: boolean,
): ReturnType<typeof trackTcp> {
  if (packet.protocol === PROTOCOL.tcp) return trackTcp(context.host, connection, packet, reply);
  if (!isIcmpProtocol(packet.protocol)) return 'accept';
  const type = connection.original.destinationPort >>> 8;
  return REQUESTS[packet.family].has(type) ? 'accept' : 'invalid';
}

const REQUESTS: Readonly<Record<4 | 6, ReadonlySet<number>>> = { 4: new Set([8, 13, 15, 17]), 6: new Set([128, 139]) };

function newConnection(original: Tuple): Connection | null {
  const reply = invertTuple(original);
  if (!reply) return null;
  return {
    original,
    reply,
    mark: 0,
    confirmed: false,
    seenReply: false,
    assured: false,
    sourceNat: false,
    destinationNat: false,
    sourceDone: false,
    destinationDone: false,
    sourceFact: null,
    destinationFact: null,
    masqueradeOut: null,
    tcp: 'none',
    lastKind: 'none',
    lastReply: false,
  };
}

function whyState(state: 'new' | 'established', reply: boolean): string {
  if (state === 'new') return 'the first packet of a connection';
  return reply ? 'the answer to a known connection' : 'a later packet of a known connection';
}

function whyInvalid(packet: Packet, known: boolean): string {
  if (known) return 'a packet that cannot come at this point of its connection';
  if (packet.protocol === PROTOCOL.tcp) return 'no SYN of this connection was seen here';
  return 'an answer to a request that was not seen here';
}

/**
 * Puts the connection of a packet that got through into the table (__nf_conntrack_confirm). False when another connection
 * has its addresses and ports already: then the packet is dropped.
 */
export function confirm(table: ConnectionTable, tracked: Tracked | null): boolean {
  const connection = tracked?.connection;
  // A reset or an ICMP error made here carries the connection of the packet it refuses, but does not open it
  if (!connection || connection.confirmed || tracked.direction !== 'original') return true;
  if (findConnection(table, connection.original) || findConnection(table, connection.reply)) return false;
  connection.confirmed = true;
  table.connections.push(connection);
  return true;
}
