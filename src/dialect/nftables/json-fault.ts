/** Where a text stops being JSON. `cutOff`: everything before the end is fine, but more must follow. */
export interface JsonFault {
  /** Index of the first character that is wrong; the text's length when it is cut off. */
  readonly position: number;
  readonly cutOff: boolean;
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = ['true', 'false', 'null'];

/** What may come next: a value, a value or `]`, a key, a key or `}`, a colon, a comma or the closing bracket. */
type Expect = 'value' | 'first-value' | 'key' | 'first-key' | 'colon' | 'after';

/** The next place and what is expected there, or where it went wrong. */
type Step = { readonly at: number; readonly expect: Expect } | { readonly fault: number };

/** The first place where the text breaks the grammar of RFC 8259; null when it is one whole JSON value. */
export function findJsonFault(text: string): JsonFault | null {
  const open: string[] = [];
  let expect: Expect = 'value';
  let at = skipSpace(text, 0);
  while (expect !== 'after' || open.length > 0) {
    const step: Step = at < text.length ? advance(text, at, expect, open) : { fault: at };
    if ('fault' in step) return { position: step.fault, cutOff: step.fault >= text.length };
    expect = step.expect;
    at = skipSpace(text, step.at);
  }
  return at < text.length ? { position: at, cutOff: false } : null;
}

function advance(text: string, at: number, expect: Expect, open: string[]): Step {
  const c = text[at]!;
  const inObject = open.at(-1) === '{';
  const mayClose = open.length > 0 && (expect === 'after' || expect === (inObject ? 'first-key' : 'first-value'));
  if (mayClose && c === (inObject ? '}' : ']')) {
    open.pop();
    return { at: at + 1, expect: 'after' };
  }
  if (expect === 'after') return c === ',' ? { at: at + 1, expect: inObject ? 'key' : 'value' } : { fault: at };
  if (expect === 'colon') return c === ':' ? { at: at + 1, expect: 'value' } : { fault: at };
  if (expect === 'key' || expect === 'first-key')
    return c === '"' ? scanned(scanString(text, at), 'colon') : { fault: at };
  if (c === '{' || c === '[') {
    open.push(c);
    return { at: at + 1, expect: c === '{' ? 'first-key' : 'first-value' };
  }
  return scanned(c === '"' ? scanString(text, at) : scanWord(text, at), 'after');
}

/** Where a scan ended well, or where it broke. */
interface Scan {
  readonly end: number;
  readonly good: boolean;
}

const scanned = (scan: Scan, expect: Expect): Step => (scan.good ? { at: scan.end, expect } : { fault: scan.end });

function scanString(text: string, start: number): Scan {
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at]!;
    if (c === '"') return { end: at + 1, good: true };
    if (c < ' ') return { end: at, good: false };
    if (c !== '\\') continue;
    const escape = text[++at] ?? '';
    if (escape === 'u') {
      const digits = /^[0-9a-fA-F]*/.exec(text.slice(at + 1, at + 5))![0].length;
      if (digits < 4) return { end: Math.min(at + 1 + digits, text.length), good: false };
      at += 4;
    } else if (escape !== '' && !'"\\/bfnrt'.includes(escape)) return { end: at, good: false };
  }
  return { end: text.length, good: false };
}

function scanWord(text: string, at: number): Scan {
  const word = WORDS.find((w) => w.startsWith(text.slice(at, at + w.length)));
  if (word !== undefined) {
    const whole = text.startsWith(word, at);
    return { end: whole ? at + word.length : text.length, good: whole };
  }
  NUMBER.lastIndex = at;
  if (NUMBER.test(text)) {
    const end = NUMBER.lastIndex;
    return /^(?:\.|[eE][+-]?)$/.test(text.slice(end, end + 3))
      ? { end: text.length, good: false }
      : { end, good: true };
  }
  return { end: text[at] === '-' && at + 1 === text.length ? text.length : at, good: false };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at]!)) at++;
  return at;
}
