import type { Diagnostic, DiagnosticCode, Parsed } from '../../ip/index.ts';
import { clip } from './names.ts';

/** One object of a JSON list, its members not looked at yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The objects that `ip -j` printed. An empty text is an empty list; so are the empty objects that `ip` leaves for what
 * it filtered out. Codes: `json-invalid`, `input-cut-off`.
 */
export function readJsonList(text: string, source: string): Parsed<readonly JsonRecord[]> {
  if (text.trim() === '') return { value: [], diagnostics: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { value: [], diagnostics: [notJson(text, source, error instanceof Error ? error.message : '')] };
  }
  if (!Array.isArray(value)) {
    return {
      value: [],
      diagnostics: [{ ...notJson(text, source, ''), message: 'this is not the list that ip -j prints' }],
    };
  }
  return { value: value.filter(isRecord).filter((record) => Object.keys(record).length > 0), diagnostics: [] };
}

function notJson(text: string, source: string, why: string): Diagnostic {
  const cutOff = text.trimStart().startsWith('[') && !text.trimEnd().endsWith(']');
  const at = cutOff ? text.trimEnd().length : Number(/position (\d+)/.exec(why)?.[1] ?? 0);
  const before = text.slice(0, at).split('\n');
  const line = text.split('\n')[before.length - 1] ?? '';
  const place = { source, line: before.length, column: before.at(-1)!.length + 1, length: 1 };
  return {
    code: cutOff ? 'input-cut-off' : 'json-invalid',
    severity: 'error',
    message: cutOff ? 'the list is cut off before its end' : 'this is not JSON',
    hint: `take the whole output of ${clip(source)} again`,
    span: line.length > 200 ? place : { ...place, text: line },
  };
}

/** A warning about one object of the list, with its plain members as the text. */
export function aboutRecord(source: string, record: JsonRecord, code: DiagnosticCode, message: string): Diagnostic {
  const plain = Object.entries(record).filter(([, value]) => typeof value !== 'object');
  const text = plain
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ')
    .slice(0, 200);
  return {
    code,
    severity: 'warning',
    message,
    span: { source, line: 1, column: 1, length: Math.max(1, text.length), text },
  };
}

/** A member as text; numbers are written out, anything else is undefined. */
export function textOf(record: JsonRecord, key: string): string | undefined {
  const value = record[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** A member as a whole number from 0 to 4294967295. */
export function numberOf(record: JsonRecord, key: string): number | undefined {
  const text = textOf(record, key);
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff ? Number(text) : undefined;
}

/** A member that is an object. */
export function recordOf(record: JsonRecord, key: string): JsonRecord | undefined {
  const value = record[key];
  return isRecord(value) ? value : undefined;
}

/** A member's objects when it is a list; else none. */
export function recordsOf(record: JsonRecord, key: string): readonly JsonRecord[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** A member's words when it is a list; else none. */
export function wordsOf(record: JsonRecord, key: string): readonly string[] {
  const value = record[key];
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}
