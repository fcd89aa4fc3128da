import type { Address } from '../ip/index.ts';

/** A hint that a host believed: packets to `destination` go to `gateway` from now on, for 300 seconds. */
export interface LearntRedirect {
  readonly host: string;
  readonly destination: Address;
  readonly gateway: Address;
}
