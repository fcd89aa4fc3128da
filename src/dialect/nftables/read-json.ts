import type { Diagnostic } from '../../ip/index.ts';
import { findJsonFault } from './json-fault.ts';
import type { Json } from './json.ts';

/** nft's own output is about 20 deep. More would let our readers, which call themselves, run out of stack. */
const DEEPEST = 200;
/** Half a gigabyte of text is no ruleset, and near the longest string that Node can hold. */
const LONGEST = 400_000_000;

/** What `readJson` returns: the value, or the one diagnostic that says why there is none. */
export type JsonResult =
  { readonly ok: true; readonly json: Json } | { readonly ok: false; readonly diagnostic: Diagnostic };

/**
 * Reads one JSON value. Lines before it that start with `#` are passed over: nft writes warnings so. Codes:
 * `json-invalid` and `input-cut-off`, both with the place; `input-too-large`.
 */
export function readJson(text: string, source: string): JsonResult {
  if (text.length > LONGEST) return refuse('input-too-large', source, text, 0, `more than ${LONGEST} characters`);
  const start = /^(?:\s*#[^\n]*(?:\n|$))*/.exec(text)?.[0].length ?? 0;
  const body = start === 0 ? text : text.slice(start);
  const deep = tooDeepAt(body);
  if (deep !== null)
    return refuse('json-invalid', source, text, start + deep, `more than ${DEEPEST} brackets inside each other`);
  try {
    return { ok: true, json: JSON.parse(body) as Json };
  } catch {
    const fault = findJsonFault(body) ?? { position: 0, cutOff: false };
    const at = start + fault.position;
    if (body.trim() === '') return refuse('input-cut-off', source, text, at, 'the output is empty');
    if (fault.cutOff) return refuse('input-cut-off', source, text, at, 'the output ends in the middle');
    return refuse(
      'json-invalid',
      source,
      text,
      at,
      `not JSON from here on: '${body.slice(fault.position, fault.position + 20)}'`,
    );
  }
}

/** Where brackets are more than `DEEPEST` deep, or null. Brackets in strings don't count. */
function tooDeepAt(text: string): number | null {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === BACKSLASH && inString) at++;
    else if (c === QUOTE) inString = !inString;
    else if (inString) continue;
    else if (c === 0x5b || c === 0x7b) depth++;
    else if (c === 0x5d || c === 0x7d) depth--;
    if (depth > DEEPEST) return at;
  }
  return null;
}

const BACKSLASH = 0x5c;
const QUOTE = 0x22;

function refuse(code: Diagnostic['code'], source: string, text: string, at: number, message: string): JsonResult {
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = text.indexOf('\n', at);
  const line = text.slice(lineStart, lineEnd < 0 ? undefined : lineEnd);
  const span = { source, line: before.split('\n').length, column: at - lineStart + 1, length: 1 };
  // a ruleset is one line of any length: then the place alone is shown
  const shown = line.length <= 160 ? { ...span, text: line } : span;
  const hint = 'collect it again: nft -j list ruleset';
  return { ok: false, diagnostic: { code, severity: 'error', message, hint, span: shown } };
}
