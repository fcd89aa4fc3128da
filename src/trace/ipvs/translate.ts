import type { Fact } from '../../ip/index.ts';
import type { Tracked } from '../hook-context.ts';
import { record, type Run } from '../netfilter/run.ts';
import type { Packet } from '../packet.ts';
import { isNat, type Endpoint, type VirtualConnection } from './connection.ts';

/** Writes the real server into a packet from the client (the dnat_handler of ip_vs_proto_tcp.c). */
export function toRealServer(run: Run, { real, server }: VirtualConnection): void {
  const before = run.packet;
  run.packet = { ...before, destination: real.address, destinationPort: real.port };
  const from = { address: before.destination, port: before.destinationPort };
  tell(run, { what: 'destination', from, to: real, undone: false, fact: server.fact });
}

/** Writes the virtual server back into an answer (the snat_handler). */
export function toVirtualServer(run: Run, { virtual, service }: VirtualConnection): void {
  const before = run.packet;
  run.packet = { ...before, source: virtual.address, sourcePort: virtual.port };
  const from = { address: before.source, port: before.sourcePort };
  tell(run, { what: 'source', from, to: virtual, undone: true, fact: service.fact });
}

/** An ICMP error about the client's packet, on its way to the client (ip_vs_nat_icmp, inout). */
export function errorToClient(run: Run, inner: Packet, { virtual, service }: VirtualConnection): void {
  const from = { address: run.packet.source, port: 0 };
  const about = { ...inner, destination: virtual.address, destinationPort: virtual.port };
  run.packet = { ...run.packet, source: virtual.address, inner: about };
  tell(run, { what: 'source', from, to: { ...virtual, port: 0 }, undone: true, fact: service.fact });
}

/** An ICMP error about an answer, on its way to the real server (ip_vs_nat_icmp). */
export function errorToRealServer(run: Run, inner: Packet, { real, server }: VirtualConnection): void {
  const from = { address: run.packet.destination, port: 0 };
  const about = { ...inner, source: real.address, sourcePort: real.port };
  run.packet = { ...run.packet, destination: real.address, inner: about };
  tell(run, { what: 'destination', from, to: { ...real, port: 0 }, undone: false, fact: server.fact });
}

interface Told {
  readonly what: 'source' | 'destination';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly undone: boolean;
  readonly fact: Fact;
}

function tell(run: Run, { what, from, to, undone, fact }: Told): void {
  const addresses = { from: from.address, to: to.address, fromPort: from.port, toPort: to.port };
  record(run, 'ipvs', { kind: 'translated', what, ...addresses, undone }, [fact]);
}

const UNTRACKED: Tracked = { state: 'untracked', direction: 'original', connection: null };

/**
 * What becomes of netfilter's own connection (ip_vs_notrack, ip_vs_update_conntrack): without vs.conntrack it is let go
 * of before it comes into the table; with it, it learns who will answer.
 */
export function followConnection(run: Run, connection: VirtualConnection, to: 'real' | 'client'): void {
  const tracked = run.tracked ?? UNTRACKED;
  const own = tracked.connection;
  if (!connection.tracked) {
    run.tracked = { ...(own ? UNTRACKED : tracked), ipvs: true };
    return;
  }
  run.tracked = { ...tracked, ipvs: true };
  if (!own || own.confirmed || !isNat(connection) || tracked.direction !== 'original') return;
  const { real, virtual } = connection;
  own.reply =
    to === 'real'
      ? { ...own.reply, source: real.address, sourcePort: real.port }
      : { ...own.reply, destination: virtual.address, destinationPort: virtual.port };
}
