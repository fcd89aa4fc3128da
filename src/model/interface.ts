import type { Address, Fact } from '../ip/index.ts';

/** What an interface is, as far as it matters to a packet. */
export type InterfaceKind = 'ethernet' | 'loopback' | 'tun' | 'wireguard' | 'ipip' | 'bridge' | 'other';

/** An address that an interface has. */
export interface InterfaceAddress {
  readonly address: Address;
  /** Length of the network it was configured in. */
  readonly length: number;
  /** The other end, on point-to-point interfaces. */
  readonly peer?: Address;
  readonly scope: 'global' | 'link' | 'host';
  /** Linux never picks a secondary address as a source by itself. */
  readonly secondary: boolean;
  readonly deprecated: boolean;
  readonly fact: Fact;
}

/** One network interface of a host. */
export interface Interface {
  readonly name: string;
  /** The kernel's number for it; 0 when not known. */
  readonly index: number;
  readonly kind: InterfaceKind;
  readonly mac?: string;
  readonly mtu: number;
  /** Administratively up. */
  readonly up: boolean;
  /** Has carrier. */
  readonly carrier: boolean;
  readonly addresses: readonly InterfaceAddress[];
  /** The bridge this interface is a port of. */
  readonly master?: string;
  /** The other end of a veth: its index, and the namespace id or name it lies in, where known. */
  readonly peer?: { readonly index: number; readonly namespace?: string };
  /** Name of the link it is attached to, once linked. */
  readonly link?: string;
  readonly fact: Fact;
}
