import type { Address, Diagnostic, Prefix } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';

/** A server of the page, on this machine or another. */
export interface PageServer {
  readonly address: Address;
  /** How much of the visitors it gets, beside the others'; from 1. */
  readonly weight: number;
}

/**
 * How a blocked visitor gets to the page. `here`: redirected to this machine's own ports; `servers`: new connections spread
 * over page servers; `mark`: the packets get exactly this mark, and Keepalived's virtual server of that mark does the rest.
 */
export type Way =
  | { readonly kind: 'here' }
  | { readonly kind: 'servers'; readonly servers: readonly PageServer[] }
  | { readonly kind: 'mark'; readonly mark: number };

/** Which traffic is led to the page, and where that is. */
export interface Delivery {
  /** The site's ports, and the port of the page server that stands in for each. TCP. */
  readonly ports: readonly { readonly site: number; readonly page: number }[];
  /** Never led there, whatever the decisions say. */
  readonly allowed: readonly Prefix[];
  readonly way: Way;
  /** What blocked visitors get where no page server answers: the site (`open`), or a refused connection (`polite`). */
  readonly gone: 'open' | 'polite';
}

/**
 * What carries decisions out in a firewall. Every verb says what went wrong: codes `privilege-missing`,
 * `component-missing`, `command-failed`, `rules-differ`. None when all is done.
 */
export interface Engine {
  /** The longest that the kernel keeps an end, in milliseconds: what is longer has to be loaded again before. */
  readonly longestMs?: number;
  /** Puts the rules there, without any decision. Those of an earlier run are replaced at once. */
  prepare(): Promise<readonly Diagnostic[]>;
  /** Carries out many decisions. `now`, here and below: milliseconds since 1970. */
  load(decisions: Iterable<Decision>, now: number): Promise<readonly Diagnostic[]>;
  /** Carries out one, in place of an earlier one of the same prefix. */
  block(decision: Decision, now: number): Promise<readonly Diagnostic[]>;
  /** Takes one back; nothing happens where there is none. */
  lift(prefix: Prefix): Promise<readonly Diagnostic[]>;
  /** Whether the rules still are as they should be. */
  verify(): Promise<readonly Diagnostic[]>;
  /** Takes all rules away; nothing of them is left. */
  remove(): Promise<readonly Diagnostic[]>;
  /**
   * Leads to these page servers, those that answer: at once, for new connections. Until it is told so nobody is led
   * anywhere by the way `servers` and `mark`; the way `here` needs no word.
   */
  lead(alive: readonly PageServer[]): Promise<readonly Diagnostic[]>;
  /** From now on these are never led there, instead of those of `Delivery.allowed`; decisions stay as they are. */
  allow(allowed: readonly Prefix[]): Promise<readonly Diagnostic[]>;
}
