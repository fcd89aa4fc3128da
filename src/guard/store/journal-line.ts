import { formatPrefix, parsePrefix, type Prefix } from '../../ip/index.ts';
import { REST, type Decision } from '../decide/decision.ts';
import { checkedLine, checkedText } from './checked-line.ts';

/** What a line of the journal says. */
export type JournalEntry =
  | { readonly kind: 'block'; readonly decision: Decision }
  /** `at`: milliseconds since 1970. */
  | { readonly kind: 'lift'; readonly prefix: Prefix; readonly at: number; readonly by: string };

/**
 * The entry as a line without its line feed: a checksum, then fields with tabs between them. A million such lines are read
 * when a guard starts; JSON takes three times as long.
 */
export function formatJournalLine(entry: JournalEntry): string {
  if (entry.kind === 'lift') return checkedLine(`-\t${formatPrefix(entry.prefix)}\t${entry.at}\t${escaped(entry.by)}`);
  const { prefix, since, until, rest, reference, by, reason, evidence } = entry.decision;
  const texts = [reference, by, reason, ...evidence].map(escaped).join('\t');
  return checkedLine(`+\t${formatPrefix(prefix)}\t${since}\t${until ?? ''}\t${rest}\t${texts}`);
}

/** The entry of a line; null when it is damaged or of a kind that is not known. */
export function parseJournalLine(line: string): JournalEntry | null {
  const text = checkedText(line);
  if (text === null) return null;
  const [kind, prefixText = '', ...fields] = text.split('\t');
  const prefix = parsePrefix(prefixText);
  if (!prefix.ok) return null;
  if (kind === '+') {
    const decision = decisionOf(prefix.value, fields);
    return decision && { kind: 'block', decision };
  }
  const [at, by] = fields;
  if (kind !== '-' || by === undefined || !isNumber(at)) return null;
  return { kind: 'lift', prefix: prefix.value, at: Number(at), by: plain(by) };
}

function decisionOf(prefix: Prefix, fields: readonly string[]): Decision | null {
  const [since, until, restName, reference, by, reason] = fields;
  const rest = REST.find((r) => r === restName);
  if (rest === undefined || reference === undefined || by === undefined || reason === undefined) return null;
  if (!isNumber(since) || !(until === '' || isNumber(until))) return null;
  return {
    prefix,
    reason: plain(reason),
    reference: plain(reference),
    since: Number(since),
    until: until === '' ? null : Number(until),
    by: plain(by),
    evidence: fields.length === 6 ? NO_LINES : fields.slice(6).map(plain),
    rest,
  };
}

const isNumber = (text: string | undefined): boolean => text !== undefined && text !== '' && !Number.isNaN(+text);

const NO_LINES: readonly string[] = [];

/** Without tabs, line feeds or half characters. */
const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

function plain(text: string): string {
  if (!text.includes('\\')) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
