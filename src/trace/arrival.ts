import type { Address } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import type { Tracked } from './hook-context.ts';
import type { IcmpError } from './input-route.ts';
import type { Outcome } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { LocalError } from './step.ts';

/** Where a packet comes out after it left a host. */
export type Arrival =
  | {
      readonly kind: 'arrives';
      readonly host: Host;
      readonly dev: string;
      readonly packet: Packet;
      readonly link: string;
      readonly tracked: Tracked | null;
      /** It was routed to this very host and comes back over `lo`. */
      readonly local?: boolean;
      /** The key of the WireGuard peer that it came from. */
      readonly peer?: string;
    }
  | {
      readonly kind: 'lost';
      readonly outcome: Outcome;
      readonly icmp: IcmpError | null;
      readonly link: string | null;
      /** What a program on the very host is told. */
      readonly localError?: LocalError;
    };

/** What is handed to the interface. */
export interface Departure {
  readonly packet: Packet;
  readonly dev: string;
  readonly via: Address | null;
  readonly tracked: Tracked | null;
  /** It was routed to this very host. */
  readonly local: boolean;
}
