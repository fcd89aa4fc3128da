import { sameAddress, type Address, type Fact, type Family } from '../ip/index.ts';

/** How IPVS hands a packet to a real server: with another destination, as it is on the link, or inside another packet. */
export type ForwardingMethod = 'nat' | 'direct' | 'tunnel';

/** What a tunnelled packet is packed in; `ipip` unless said otherwise (ipvsadm(8), --tun-type). */
export type TunnelType = 'ipip' | 'gue' | 'gre';

/** One server behind a virtual server. */
export interface RealServer {
  readonly address: Address;
  /** 0 keeps the port that the packet was sent to. */
  readonly port: number;
  readonly method: ForwardingMethod;
  readonly tunnelType: TunnelType;
  /** 0: quiesced, it gets no new connections. */
  readonly weight: number;
  readonly fact: Fact;
}

/** Which packets a virtual server takes. */
export type VirtualMatch =
  /** The packet's whole firewall mark. */
  | { readonly kind: 'mark'; readonly mark: number }
  /** `port` 0: all ports (persistent services only). */
  | { readonly kind: 'address'; readonly protocol: number; readonly address: Address; readonly port: number };

/** One virtual server of IPVS (ipvsadm(8), keepalived.conf(5)). */
export interface VirtualServer {
  readonly family: Family;
  readonly match: VirtualMatch;
  /** `wlc`, `rr`, `sh` and so on. */
  readonly scheduler: string;
  /** A client stays with its server for a while. */
  readonly persistent: boolean;
  /** UDP: each packet is given out by itself, and nothing remembers it (ipvsadm(8), --ops). */
  readonly onePacket?: boolean;
  /** `sh`: a client of a quiesced server goes to the next (ipvsadm(8), sh-fallback). */
  readonly fallback?: boolean;
  readonly realServers: readonly RealServer[];
  readonly fact: Fact;
}

/** Whether both take the same packets. */
export function sameVirtualMatch(a: VirtualServer, b: VirtualServer): boolean {
  if (a.family !== b.family) return false;
  if (a.match.kind === 'mark' || b.match.kind === 'mark')
    return a.match.kind === 'mark' && b.match.kind === 'mark' && a.match.mark === b.match.mark;
  return (
    a.match.protocol === b.match.protocol &&
    a.match.port === b.match.port &&
    sameAddress(a.match.address, b.match.address)
  );
}
