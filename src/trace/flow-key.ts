import type { Address } from '../ip/index.ts';

/** What a routing decision is made from (struct flowi4, flowi6). */
export interface FlowKey {
  readonly destination: Address;
  /** Null before a source was chosen. */
  readonly source: Address | null;
  /** `lo` for traffic of this machine's own. */
  readonly iif: string;
  /** Set when the sender is bound to an interface. */
  readonly oif?: string;
  /** Only rules look at it: the interface that an IPv6 echo reply would like to leave by. */
  readonly towards?: string;
  /** IPv6: preferred among routes of one prefix and metric: where the packet, or the echo request, came in. */
  readonly near?: string;
  readonly mark: number;
  readonly tos: number;
  /** 0 where the kernel does not look at the transport header. */
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}
