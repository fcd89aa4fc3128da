import { LONGEST_LINE } from './line-splitter.ts';

/** A message of systemd's journal. */
export interface JournalEntry {
  /** As syslog would have written it into a file; null when it says nothing, or too much. Characters are bytes (latin1). */
  readonly line: string | null;
  /** Where the journal goes on behind it. */
  readonly cursor: string;
}

/** The fields that are asked for; systemd adds time and cursor. */
export const JOURNAL_FIELDS = ['MESSAGE', 'SYSLOG_IDENTIFIER', 'SYSLOG_PID', '_PID', '_HOSTNAME'] as const;

/**
 * Reads an entry of `journalctl -o json` (systemd.journal-fields(7), "Journal JSON Format"). A message stays one line, whatever is in it.
 * Null when the text is no entry.
 */
export function journalEntry(json: string): JournalEntry | null {
  let fields: Readonly<Record<string, unknown>>;
  try {
    const read: unknown = JSON.parse(json);
    if (typeof read !== 'object' || read === null) return null;
    fields = read as Record<string, unknown>;
  } catch {
    return null;
  }
  const cursor = fields['__CURSOR'];
  return typeof cursor === 'string' ? { line: lineOf(fields), cursor } : null;
}

function lineOf(fields: Readonly<Record<string, unknown>>): string | null {
  const message = bytesOf(fields['MESSAGE']);
  const micros = Number(bytesOf(fields['__REALTIME_TIMESTAMP']));
  if (message === '' || message.length > LONGEST_LINE || !(micros > 0 && micros < 8e18)) return null;
  const pid = bytesOf(fields['SYSLOG_PID']) || bytesOf(fields['_PID']);
  const program = wordOf(fields['SYSLOG_IDENTIFIER']) + (pid === '' ? '' : `[${pid}]`);
  return `${new Date(micros / 1000).toISOString()} ${wordOf(fields['_HOSTNAME'])} ${program}: ${message}`;
}

/** Text as JSON has it, or bytes as numbers; of a field that is there several times the first. Neither line feeds nor zero bytes. */
function bytesOf(value: unknown): string {
  if (Array.isArray(value) && typeof value[0] !== 'number') return value.length > 0 ? bytesOf(value[0]) : '';
  const text = Array.isArray(value) ? Buffer.from(value as number[]).toString('latin1') : value;
  // journalctl writes UTF-8 as it is, read here as bytes; what is beyond a byte was written with \\u
  return typeof text === 'string' ? text.replaceAll(/[\n\r\0]/g, ' ').replaceAll(/[^\0-\xff]/g, '?') : '';
}

/** A program names itself: no text of its choice may end the name early. */
const wordOf = (value: unknown): string => bytesOf(value).replaceAll(/[^\w./@-]/g, '_') || '-';
