import { isLoopback } from '../../ip/index.ts';
import { interfaceNamed } from '../../model/index.ts';
import type { HookResult } from '../hook-context.ts';
import { record, type Run } from '../netfilter/run.ts';
import { PROTOCOL, type Packet } from '../packet.ts';
import type { Way } from '../way.ts';
import type { VirtualConnection } from './connection.ts';
import { notModelled } from './not-modelled.ts';
import { followConnection, toRealServer } from './translate.ts';

/**
 * Sends a packet to the real server of its connection (ip_vs_xmit.c of Linux 6.1). Null: the real server is this machine,
 * and the packet goes on here. `translate` writes the addresses where the method is NAT.
 */
export function toServer(run: Run, connection: VirtualConnection, translate = toRealServer): HookResult | null {
  const { method, tunnelType } = connection.server;
  const found = run.context.ipvs!.routeTo(connection.real.address);
  if (!found.way) return unreachable(run, connection);
  if (found.way.local === true) return stay(run, connection, translate);
  if (isLoopback(run.packet.source)) return barred(run, connection, 'loopback');
  if (method === 'tunnel' && tunnelType !== 'ipip')
    return notModelled(run, {
      what: `a ${tunnelType.toUpperCase()} tunnel to a real server`,
      fact: connection.server.fact,
    });
  const expired = withoutTtl(run);
  if (expired) return expired;
  run.packet = { ...run.packet, ttl: run.packet.ttl - 1 };
  const tooBig = overSize(run, connection, found.way);
  if (tooBig) return tooBig;
  if (method === 'nat') translate(run, connection);
  followConnection(run, connection, 'real');
  if (method === 'tunnel') return packed(run, connection, found.way);
  const via = method === 'direct' ? (found.way.via ?? connection.real.address) : found.way.via;
  return { kind: 'relayed', packet: run.packet, tracked: run.tracked, way: { ...found.way, via } };
}

/** The real server is this machine: NAT sends to another address or port of it, else nothing changes. */
function stay(run: Run, connection: VirtualConnection, translate: typeof toRealServer): HookResult | null {
  const isNat = connection.server.method === 'nat';
  const isFromOutside = run.context.in !== null && run.context.in !== 'lo';
  if (isNat && isFromOutside && isLoopback(connection.real.address)) return barred(run, connection, 'loopback');
  if (isNat) translate(run, connection);
  followConnection(run, connection, 'real');
  return null;
}

/** dst_link_failure: the client hears that the host can't be reached. */
function unreachable(run: Run, connection: VirtualConnection): HookResult {
  tellBarred(run, connection, 'no-route');
  const icmp = run.packet.family === 4 ? { type: 3, code: 1 } : { type: 1, code: 3 };
  return { kind: 'ended', outcome: 'no-route', icmp, packet: run.packet, tracked: run.tracked };
}

function barred(run: Run, connection: VirtualConnection, why: 'loopback'): HookResult {
  tellBarred(run, connection, why);
  return { kind: 'ended', outcome: 'martian', icmp: null, packet: run.packet, tracked: run.tracked };
}

function tellBarred(run: Run, { service, server }: VirtualConnection, why: 'no-route' | 'loopback' | 'too-big'): void {
  record(run, 'ipvs', { kind: 'real-server-barred', service, server, why }, [server.fact]);
}

/** decrement_ttl. */
function withoutTtl(run: Run): HookResult | null {
  const { packet, tracked } = run;
  if (packet.ttl > 1) return null;
  record(run, 'ttl', { kind: 'ttl', ttl: packet.ttl, expired: true }, []);
  return {
    kind: 'ended',
    outcome: 'ttl-expired',
    icmp: { type: packet.family === 4 ? 11 : 3, code: 0 },
    packet,
    tracked,
  };
}

/** ensure_mtu_is_adequate: IPv4 asks for pieces in a tunnel only where vs.pmtu_disc says so, which it does by itself. */
function overSize(run: Run, connection: VirtualConnection, way: Way): HookResult | null {
  const { packet, tracked, context } = run;
  const link = Math.min(way.mtu ?? Infinity, interfaceNamed(context.host, way.dev)?.mtu ?? Infinity);
  const mtu = connection.server.method === 'tunnel' ? link - headerOf(connection) : link;
  if (packet.length <= mtu) return null;
  tellBarred(run, connection, 'too-big');
  const icmp = packet.family === 4 ? { type: 3, code: 4 } : { type: 2, code: 0 };
  return { kind: 'ended', outcome: 'too-big', icmp, packet, tracked };
}

const headerOf = ({ real }: VirtualConnection): number => (real.address.family === 4 ? 20 : 40);

/** ip_vs_tunnel_xmit: a packet of the director's own around the client's; netfilter sees it as a new one. */
function packed(run: Run, connection: VirtualConnection, way: Way): HookResult {
  const { packet } = run;
  const to = connection.real.address;
  const outer: Packet = {
    ...packet,
    family: to.family,
    protocol: packet.family === 4 ? PROTOCOL.ipip : PROTOCOL.ipv6,
    source: way.source ?? packet.source,
    destination: to,
    sourcePort: 0,
    destinationPort: 0,
    icmpType: -1,
    icmpCode: -1,
    tcpFlags: 0,
    length: packet.length + headerOf(connection),
    payload: packet,
  };
  record(run, 'ipvs', { kind: 'packed', from: outer.source, to }, [connection.server.fact]);
  return { kind: 'relayed', packet: outer, tracked: null, way };
}
