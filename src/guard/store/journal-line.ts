import { createHash } from 'node:crypto';
import { formatPrefix, parsePrefix, type Prefix } from '../../ip/index.ts';
import { decisionFromJson, decisionJson } from '../decide/decision-json.ts';
import type { Decision } from '../decide/decision.ts';

/** What a line of the journal says. */
export type JournalEntry =
  | { readonly kind: 'block'; readonly decision: Decision }
  /** `at`: milliseconds since 1970. */
  | { readonly kind: 'lift'; readonly prefix: Prefix; readonly at: number; readonly by: string };

/** The entry as a line without its line feed: a checksum, then JSON. */
export function formatJournalLine(entry: JournalEntry): string {
  const json = JSON.stringify(
    entry.kind === 'block'
      ? { block: decisionJson(entry.decision) }
      : { lift: formatPrefix(entry.prefix), at: entry.at, by: entry.by },
  );
  return `${checksum(json)} ${json}`;
}

/** The entry of a line; null when it is damaged or of a kind that is not known. */
export function parseJournalLine(line: string): JournalEntry | null {
  const json = line.slice(9);
  if (line[8] !== ' ' || checksum(json) !== line.slice(0, 8)) return null;
  try {
    return entryOf(JSON.parse(json) as Record<string, unknown>);
  } catch {
    return null;
  }
}

/** Tells a damaged line from a whole one; it protects against nobody. */
const checksum = (text: string): string => createHash('sha1').update(text).digest('hex').slice(0, 8);

function entryOf({ block, lift, at, by }: Record<string, unknown>): JournalEntry | null {
  if (block !== undefined) {
    const decision = decisionFromJson(block);
    return decision && { kind: 'block', decision };
  }
  const prefix = typeof lift === 'string' ? parsePrefix(lift) : null;
  return prefix?.ok && typeof at === 'number' && typeof by === 'string'
    ? { kind: 'lift', prefix: prefix.value, at, by }
    : null;
}
