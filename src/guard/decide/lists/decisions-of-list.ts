import { counts, type Decision } from '../decision.ts';
import type { BlockList, ListEntry } from './list-entry.ts';

/** What holds for all decisions that are made of a list. Times are milliseconds since 1970. */
export interface ListTerms extends Pick<Decision, 'by' | 'rest'> {
  /** Plain words for the visitors: what a list says itself is for people who run networks. */
  readonly reason: string;
  /** What the list is called in the evidence: its file's name. */
  readonly source: string;
  readonly now: number;
  /** The end for all of them, whatever the list says; null for none. */
  readonly until?: number | null;
  /** The end of those of which the list does not say one. */
  readonly untilOtherwise: number | null;
  /** Makes a reference for an entry that has none. */
  readonly newReference: () => string;
}

/** The decisions that a list asks for. Entries that ended before `now` are passed over. */
export function* decisionsOfList(list: BlockList, terms: ListTerms): Generator<Decision> {
  for (const entry of list.entries) {
    const until = terms.until === undefined ? endOf(entry, terms) : terms.until;
    const decision: Decision = {
      prefix: entry.prefix,
      reason: terms.reason,
      reference: entry.reference ?? terms.newReference(),
      since: terms.now,
      until,
      by: terms.by,
      evidence: [entry.reason === undefined ? terms.source : `${terms.source}: ${entry.reason}`],
      rest: terms.rest,
    };
    if (counts(decision, terms.now)) yield decision;
  }
}

function endOf({ until, seconds }: ListEntry, { now, untilOtherwise }: ListTerms): number | null {
  if (until !== undefined) return until;
  return seconds === undefined ? untilOtherwise : now + Math.ceil(seconds * 1000);
}
