import type { Prefix } from '../../ip/index.ts';

/** What becomes of a blocked address's traffic that is not for the site's web ports. */
export const REST = ['through', 'reset', 'prohibit', 'drop'] as const;

/**
 * `through`: nothing is done to it; `reset`: a TCP reset, an ICMP error for the others; `prohibit`: the ICMP error
 * "administratively prohibited"; `drop`: silence.
 */
export type Rest = (typeof REST)[number];

/** That an address or prefix is shown the page instead of the site: why, from when, until when. */
export interface Decision {
  /** A single address has the full length. */
  readonly prefix: Prefix;
  /** Plain words for the visitor. */
  readonly reason: string;
  /** A short code that the visitor can name on the phone. */
  readonly reference: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Milliseconds since 1970, after which it counts no more; null until it is lifted. */
  readonly until: number | null;
  /** Who decided: a person's name, or the detector. */
  readonly by: string;
  /** The lines that led to it. Never shown to the visitor. */
  readonly evidence: readonly string[];
  readonly rest: Rest;
}

/** Whether it counts at a time, in milliseconds since 1970. */
export const counts = (decision: Decision, now: number): boolean => decision.until === null || decision.until > now;

/** Where decisions come from: one that a person named, one of a list. */
export const ORIGINS = ['hand', 'list'] as const;

/** Where a decision came from. */
export type Origin = (typeof ORIGINS)[number];

/** A list leaves its name, and what it says, as evidence. */
export const originOf = ({ evidence }: Decision): Origin => (evidence.length === 0 ? 'hand' : 'list');
