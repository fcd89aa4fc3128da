import type { Address } from '../ip/index.ts';
import type { LookupError } from './fib-lookup.ts';

/** Where a packet goes from here: `dev` is `lo` for the host's own addresses. */
export interface Way {
  readonly dev: string;
  /** Null when the destination itself is on the link. */
  readonly via: Address | null;
  readonly source: Address | null;
  readonly mtu: number | null;
  /** The packet is for this host itself. */
  readonly local?: boolean;
}

/** A way, or the errno(3) that the sender gets. */
export type WayResult = { readonly way: Way } | { readonly way: null; readonly error: LookupError };
