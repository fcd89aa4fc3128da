import { formatPrefix, parsePrefix, type Prefix } from '../../ip/index.ts';
import { decisionFromJson, decisionJson } from '../decide/decision-json.ts';
import type { Decision } from '../decide/decision.ts';
import { checkedLine, checkedText } from './checked-line.ts';

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
  return checkedLine(json);
}

/** The entry of a line; null when it is damaged or of a kind that is not known. */
export function parseJournalLine(line: string): JournalEntry | null {
  const json = checkedText(line);
  if (json === null) return null;
  try {
    return entryOf(JSON.parse(json) as Record<string, unknown>);
  } catch {
    return null;
  }
}

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
