import { sameAddress, type Address } from '../../ip/index.ts';
import type { RealServer, VirtualServer } from '../../model/index.ts';
import type { Packet } from '../packet.ts';

/** An address with a port. */
export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

/** A connection as one director's IPVS holds it (struct ip_vs_conn). */
export interface VirtualConnection {
  readonly protocol: number;
  readonly client: Endpoint;
  readonly virtual: Endpoint;
  readonly real: Endpoint;
  readonly service: VirtualServer;
  readonly server: RealServer;
  /** Netfilter's connection tracking stays with it: vs.conntrack was on (IP_VS_CONN_F_NFCT). */
  readonly tracked: boolean;
}

/** Where a packet comes from and where it goes. */
interface Ends {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** A packet's own ends. */
export const endsOf = (p: Packet): Ends => ({
  from: { address: p.source, port: p.sourcePort },
  to: { address: p.destination, port: p.destinationPort },
});

/** The ends turned around, as an ICMP error has those of the packet inside. */
export const turned = ({ from, to }: Ends): Ends => ({ from: to, to: from });

const isAt = (a: Endpoint, b: Endpoint): boolean => a.port === b.port && sameAddress(a.address, b.address);

/** The connection of a packet from the client (ip_vs_conn_in_get). */
export const inbound = (
  list: readonly VirtualConnection[],
  protocol: number,
  { from, to }: Ends,
): VirtualConnection | undefined =>
  list.find((c) => c.protocol === protocol && isAt(c.client, from) && isAt(c.virtual, to));

/**
 * The connection of a packet to the client (ip_vs_conn_out_get): it comes from the real server, or where addresses stay as
 * they are, from the virtual one.
 */
export const outbound = (
  list: readonly VirtualConnection[],
  protocol: number,
  { from, to }: Ends,
): VirtualConnection | undefined =>
  list.find((c) => c.protocol === protocol && isAt(c.client, to) && isAt(isNat(c) ? c.real : c.virtual, from));

/** Whether the connection's packets get another address. */
export const isNat = (c: VirtualConnection): boolean => c.server.method === 'nat';
