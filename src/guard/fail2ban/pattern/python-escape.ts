import type { PythonNode, Shorthand } from './python-node.ts';

/** What a backslash and what follows it mean, and where that ends. */
export interface Escape {
  readonly node:
    | { readonly is: 'code'; readonly code: number }
    | { readonly is: 'set'; readonly set: Shorthand }
    | { readonly is: 'again'; readonly index: number }
    | Extract<PythonNode, { is: 'start' | 'end' | 'very-end' | 'word-edge' | 'no-word-edge' }>;
  readonly end: number;
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

const PLACES: Readonly<Record<string, Escape['node']>> = {
  A: { is: 'start', ofLine: false },
  Z: { is: 'very-end' },
  b: { is: 'word-edge' },
  B: { is: 'no-word-edge' },
};

/** Digits that `\x`, `\u` and `\U` want. */
const HEXADECIMAL: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Reads the escape whose backslash stands at `at`; null when Python has none like that. */
export function readEscape(text: string, at: number, inClass: boolean): Escape | null {
  const letter = text[at + 1];
  if (letter === undefined) return null;
  const end = at + 2;
  const place = inClass ? undefined : PLACES[letter];
  if (place) return { node: place, end };
  if ('dDwWsS'.includes(letter)) return { node: { is: 'set', set: letter as Shorthand }, end };
  if (CONTROLS[letter] !== undefined) return { node: { is: 'code', code: CONTROLS[letter] }, end };
  if (HEXADECIMAL[letter] !== undefined) return readHexadecimal(text, end, HEXADECIMAL[letter]);
  if (/[0-9]/.test(letter)) return readNumber(text, at + 1, inClass);
  // Python knows no other escapes of letters
  return /[A-Za-z]/.test(letter) ? null : { node: { is: 'code', code: letter.codePointAt(0)! }, end };
}

function readHexadecimal(text: string, from: number, length: number): Escape | null {
  const digits = text.slice(from, from + length);
  return digits.length === length && /^[\da-f]+$/i.test(digits)
    ? { node: { is: 'code', code: parseInt(digits, 16) }, end: from + length }
    : null;
}

/** `\0`, `\012` and `\123` are characters, `\1` to `\99` groups. */
function readNumber(text: string, from: number, inClass: boolean): Escape | null {
  const octal = /^(?:0[0-7]{0,2}|[0-3]?[0-7]{2,3})/.exec(text.slice(from, from + 3))?.[0] ?? '';
  if (inClass || octal.startsWith('0') || octal.length === 3)
    return octal === '' ? null : { node: { is: 'code', code: parseInt(octal, 8) }, end: from + octal.length };
  const group = /^\d\d?/.exec(text.slice(from, from + 2))![0];
  return { node: { is: 'again', index: Number(group) }, end: from + group.length };
}
