import type { Host } from '../model/index.ts';
import type { Departure } from './arrival.ts';
import type { LookupError } from './fib-lookup.ts';
import type { HopBuilder } from './hop-builder.ts';
import type { Tracked } from './hook-context.ts';
import type { Outcome } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { Answer } from './refusal.ts';
import type { LocalError } from './step.ts';

/** What a host did with a packet. */
export type Passage =
  | { readonly kind: 'departs'; readonly departure: Departure }
  | { readonly kind: 'delivered'; readonly packet: Packet; readonly tracked: Tracked | null }
  | {
      readonly kind: 'ends';
      readonly outcome: Outcome;
      readonly packet: Packet;
      readonly tracked: Tracked | null;
      /** What is sent back, if anything. */
      readonly answer: Answer | null;
      readonly localError: LocalError | null;
    };

/** A packet that entered a host by an interface. */
export interface Entry {
  readonly host: Host;
  readonly dev: string;
  readonly packet: Packet;
  /** Its connection, when it comes from this very host over `lo`. */
  readonly tracked: Tracked | null;
  /** It was routed to this host when it was sent. */
  readonly local: boolean;
  /** See `Arrival`. */
  readonly peer?: string;
  readonly hop: HopBuilder;
}

/** A packet that ends here. */
export function ends(
  outcome: Outcome,
  packet: Packet,
  more: { answer?: Answer | null; localError?: LocalError | null; tracked?: Tracked | null } = {},
): Extract<Passage, { kind: 'ends' }> {
  const { answer = null, localError = null, tracked = null } = more;
  return { kind: 'ends', outcome, packet, answer, localError, tracked };
}

/** A packet of the host's own that no route takes. `told`: the program that sent it learns why. */
export function noWay(packet: Packet, error: LookupError, told = true): Extract<Passage, { kind: 'ends' }> {
  const outcome = {
    ENETUNREACH: 'no-route',
    EHOSTUNREACH: 'route-unreachable',
    EACCES: 'route-prohibited',
    EINVAL: 'route-blackhole',
  } as const;
  return ends(outcome[error], packet, { localError: told ? error : null });
}
