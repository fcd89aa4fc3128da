import { createHash } from 'node:crypto';
import { formatPrefix, parsePrefix, type Prefix } from '../../ip/index.ts';
import { REST, type Decision } from '../decide/decision.ts';

/** What a line of the journal says. */
export type JournalEntry =
  | { readonly kind: 'block'; readonly decision: Decision }
  /** `at`: milliseconds since 1970. */
  | { readonly kind: 'lift'; readonly prefix: Prefix; readonly at: number; readonly by: string };

/** The entry as a line without its line feed: a checksum, then JSON. */
export function formatJournalLine(entry: JournalEntry): string {
  const json = JSON.stringify(entry.kind === 'block' ? blockJson(entry.decision) : liftJson(entry));
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

function blockJson({ prefix, ...decision }: Decision): unknown {
  return { block: formatPrefix(prefix), ...decision };
}

const liftJson = ({ prefix, at, by }: Extract<JournalEntry, { kind: 'lift' }>): unknown => ({
  lift: formatPrefix(prefix),
  at,
  by,
});

function entryOf(json: Record<string, unknown>): JournalEntry | null {
  const { block, lift, reason, reference, since, until, by, evidence, rest, at } = json;
  const prefix = parsePrefix(String(block ?? lift));
  if (!prefix.ok || typeof by !== 'string') return null;
  if (block === undefined) return typeof at === 'number' ? { kind: 'lift', prefix: prefix.value, at, by } : null;
  const known = REST.find((r) => r === rest);
  if (typeof reason !== 'string' || typeof reference !== 'string' || typeof since !== 'number' || !known) return null;
  if (typeof until !== 'number' && until !== null) return null;
  if (!Array.isArray(evidence) || !evidence.every((line) => typeof line === 'string')) return null;
  return {
    kind: 'block',
    decision: { prefix: prefix.value, reason, reference, since, until, by, evidence, rest: known },
  };
}
