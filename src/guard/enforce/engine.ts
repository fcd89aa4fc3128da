import type { Diagnostic, Prefix } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';

/** Which traffic is led to the page, and where that is. */
export interface Delivery {
  /** The site's ports, and the port of the page on this machine that stands in for each. TCP. */
  readonly ports: readonly { readonly site: number; readonly page: number }[];
  /** Never led there, whatever the decisions say. */
  readonly allowed: readonly Prefix[];
}

/**
 * What carries decisions out in a firewall. Every verb says what went wrong: codes `privilege-missing`,
 * `component-missing`, `command-failed`, `rules-differ`. None when all is done.
 */
export interface Engine {
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
}
