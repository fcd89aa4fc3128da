import type { Address } from '../ip/index.ts';
import type { LearntRedirect } from './learnt-redirect.ts';

/** What is asked: whether `from` reaches `destination`. */
export interface Question {
  /** Name of the host that asks. */
  readonly from: string;
  /** The address it speaks from; absent: the kernel picks. */
  readonly source?: Address;
  readonly destination: Address;
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  /** ICMP: 0. */
  readonly destinationPort: number;
  /** ICMP: the echo identifier. */
  readonly sourcePort: number;
  readonly tos?: number;
  /** Bytes of the whole IP packet; absent: what ping or a first TCP packet has. */
  readonly length?: number;
  /** Redirects that hosts believed earlier. */
  readonly redirects?: readonly LearntRedirect[];
}
