import { formatPrefix, parsePrefix, type Prefix } from '../../ip/index.ts';
import { REST, type Decision } from '../decide/decision.ts';
import { CHECKED_TEXT, checkedLine, isChecked } from './checked-line.ts';

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
  if (!isChecked(line)) return null;
  const fields = fieldsOf(line, CHECKED_TEXT);
  const prefix = parsePrefix(fields[1] ?? '');
  if (!prefix.ok) return null;
  if (fields[0] === '+') {
    const decision = decisionOf(prefix.value, fields);
    return decision && { kind: 'block', decision };
  }
  const [kind, , time, by] = fields;
  const at = numberOf(time);
  return kind !== '-' || by === undefined || at === null
    ? null
    : { kind: 'lift', prefix: prefix.value, at, by: plain(by) };
}

/** What stands between tabs, from a place on: `split`, which costs more. */
function fieldsOf(line: string, from: number): string[] {
  const fields: string[] = [];
  let begin = from;
  for (let end = line.indexOf('\t', begin); end !== -1; end = line.indexOf('\t', begin)) {
    fields.push(line.slice(begin, end));
    begin = end + 1;
  }
  fields.push(line.slice(begin));
  return fields;
}

/** The fields behind kind and prefix. */
function decisionOf(prefix: Prefix, fields: readonly string[]): Decision | null {
  const [, , sinceText, untilText, restName, reference, by, reason] = fields;
  const rest = REST.find((r) => r === restName);
  if (rest === undefined || reference === undefined || by === undefined || reason === undefined) return null;
  const since = numberOf(sinceText);
  const until = untilText === '' ? null : numberOf(untilText);
  if (since === null || (until === null && untilText !== '')) return null;
  return {
    prefix,
    reason: plain(reason),
    reference: plain(reference),
    since,
    until,
    by: plain(by),
    evidence: fields.length === 8 ? NO_LINES : fields.slice(8).map(plain),
    rest,
  };
}

/** The number that a text is; null when it is none. */
function numberOf(text = ''): number | null {
  let number = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    // a time is written in digits, and read so in a tenth of the time; more than 15 may be too many for exact sums
    if (digit < 0 || digit > 9 || i > 14) return Number.isNaN(+text) ? null : +text;
    number = number * 10 + digit;
  }
  return text === '' ? null : number;
}

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
