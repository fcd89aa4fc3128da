import type { Prefix } from '../../../ip/index.ts';

/** The kinds of lists that are understood. */
export const LIST_FORMATS = [
  'plain',
  'csv',
  'json',
  'crowdsec',
  'fail2ban-banned',
  'fail2ban-status',
  'fail2ban-times',
  'spamhaus',
  'spamhaus-json',
  'firehol',
] as const;

export type ListFormat = (typeof LIST_FORMATS)[number];

/** What a list says of one prefix besides the prefix. */
export interface ListRemark {
  /** Why, in the list's own words: up to 200 characters, no control characters. */
  readonly reason?: string;
  /** Milliseconds since 1970; null when the list says that it has no end. */
  readonly until?: number | null;
  /** How much longer, seen from when the list was made; above 0. Never together with `until`. */
  readonly seconds?: number;
  /** What the list's owner knows it by. */
  readonly reference?: string;
}

/** One prefix of a block list. */
export interface ListEntry extends ListRemark {
  readonly prefix: Prefix;
}

/** What a block list says. */
export interface BlockList {
  readonly format: ListFormat;
  /** In the list's order, each prefix once. */
  readonly entries: readonly ListEntry[];
}
