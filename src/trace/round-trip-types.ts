import type { Address, Fact } from '../ip/index.ts';
import type { Flow } from './packet.ts';
import type { LearntRedirect } from './learnt-redirect.ts';
import type { LocalError, Refusal, Trace } from './step.ts';

/** `answered`; `no-answer`: silence; `refused`: a reset or an ICMP error came back; `unknown`: it can't be said. */
export type Verdict = 'answered' | 'no-answer' | 'refused' | 'unknown';

/** What the person at the sender sees, as data. */
export type Sees =
  | { readonly kind: 'reply'; readonly from: Address }
  | { readonly kind: 'timeout' }
  /** TCP: the connection opens, then nothing comes. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The own machine says no at once: `Network is unreachable` and the like. */
  | {
      readonly kind: 'local-error';
      readonly error: LocalError;
    }
  | { readonly kind: 'unknown' };

/** What happened in one world: every packet of the conversation up to the one that failed. */
export interface Conversation {
  readonly flow: Flow;
  /** The host that received the first packet, or that has the address asked for; else that address. */
  readonly to: string;
  readonly verdict: Verdict;
  readonly sees: Sees;
  readonly forward: Trace;
  /** Null exactly when the forward trace was not delivered. */
  readonly return: Trace | null;
  /** TCP only: the third packet of the handshake, when the second arrived. */
  readonly third: Trace | null;
  /** TCP only: the target's first data, when the third packet arrived. */
  readonly fourth: Trace | null;
}

/** A way there and, if it was delivered, the way back. */
export interface RoundTrip extends Conversation {
  /** The host that asks. */
  readonly from: string;
  /** Redirects that hosts were sent and believed on the way. */
  readonly learnt: readonly LearntRedirect[];
  /** With the redirects that were learnt on the first try, when that changes the verdict. */
  readonly secondTry: RoundTrip | null;
  /** Other ways the packet may take (multipath, rules that are not modelled), when they end otherwise. */
  readonly otherwise: readonly RoundTrip[];
  /** There are more ways than were walked. */
  readonly unwalked: boolean;
  /** Input lines that are not modelled and make the verdict uncertain. */
  readonly uncertain: readonly Fact[];
}
