import type { Happening } from '../source/log-line.ts';

/** Which lines count; all that is said must hold. */
export interface Counts {
  readonly happenings: readonly Happening[];
  readonly statuses?: readonly number[];
  readonly methods?: readonly string[];
  /**
   * Pieces of a path, between slashes: `.env` is found in `/shop/.env?x`, `vendor/phpunit` in `/vendor/phpunit/a.php`. Lower case; found
   * in any case, and percent-encoded.
   */
  readonly paths?: readonly string[];
  /** Words of attacks in path and query, see `attackIn`. */
  readonly attacks?: boolean;
  /** Requests that take the server for a proxy: `CONNECT`, or a whole URL for a path. */
  readonly proxying?: boolean;
  /** Words in the name of the program that asks. Lower case, found in any case. */
  readonly agents?: readonly string[];
}

/** How often is too often. */
export type Measure =
  /** `most` within `windowMs` (a window that slides); of `distinct` values only the different ones count. */
  | { readonly kind: 'window'; readonly most: number; readonly windowMs: number; readonly distinct?: 'path' | 'user' }
  /** A bucket that holds `most` and loses `perSecond` all the time. */
  | { readonly kind: 'bucket'; readonly most: number; readonly perSecond: number };

/**
 * How long a block is, in milliseconds: for those who come back `factor` times as long as the last time, up to `longest`. With `warnFirst`
 * the first time is only told.
 */
export interface Sentence {
  readonly first: number;
  readonly factor: number;
  readonly longest: number;
  readonly warnFirst?: boolean;
}

/** Tells abuse from what is written in logs: which lines count, for whom, and how many are too many. */
export interface Detector {
  readonly name: string;
  /** Plain words for the visitor. */
  readonly reason: string;
  readonly counts: Counts;
  /** Whose lines are counted together: a visitor is an IPv4 address or an IPv6 /64, a network a /24 or /64. */
  readonly per: 'visitor' | 'network';
  readonly measure: Measure;
  /** What one line counts; 1 when not said. */
  readonly weight?: number;
  readonly sentence: Sentence;
}
