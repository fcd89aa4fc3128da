import { eachLine } from './lines.ts';
import type { ListCollector } from './list-collector.ts';
import type { ListRemark } from './list-entry.ts';
import { readWords } from './plain.ts';

const REASON = 'listed by Spamhaus DROP';

/** Reads Spamhaus's drop.txt: `1.10.16.0/20 ; SBL256894`. */
export function readSpamhaus(text: string, into: ListCollector): void {
  readWords(text, into, (remark) => remarkOf(/^SBL\d+/.exec(remark)?.[0]));
}

const remarkOf = (reference: string | undefined): ListRemark =>
  reference === undefined ? { reason: REASON } : { reason: REASON, reference };

/** Reads Spamhaus's drop_v4.json and drop_v6.json: an object a line, the last one about the list itself. */
export function readSpamhausJson(text: string, into: ListCollector): void {
  eachLine(text, (line, at) => {
    if (line.trim() === '') return;
    const piece = { at, length: line.length };
    const row = objectOf(line);
    if (row === null) {
      into.fault({ code: 'json-invalid', severity: 'error', message: 'this line is no JSON object' }, piece);
    } else if (typeof row.cidr === 'string') {
      const column = Math.max(0, line.indexOf(row.cidr));
      into.add(row.cidr, at + column, remarkOf(typeof row.sblid === 'string' ? row.sblid : undefined));
    } else if (row.type !== 'metadata') {
      into.leaveOut('it names no prefix', piece);
    }
  });
}

function objectOf(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
