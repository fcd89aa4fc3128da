import { field, isList, isObject, onlyMember, textField, type Json } from './json.ts';

const CLIP = 120;

/** The JSON value as text of at most 120 characters. */
export function shortJson(json: Json): string {
  const text = JSON.stringify(json);
  return text.length <= CLIP ? text : `${text.slice(0, CLIP - 1)}…`;
}

/**
 * A statement that is known by name only, as near to nft's text as its JSON lets it be guessed:
 * `{"match":{"op":"==","left":{"ct":{"key":"helper"}},"right":"ftp"}}` is `ct helper "ftp"`. Else the JSON, shortened.
 */
export function plainText(json: Json): string {
  if (typeof json === 'string') return clip(json);
  const only = onlyMember(json);
  const text = only ? statementText(only.key, only.body) : null;
  return text === null ? shortJson(json) : clip(text);
}

const clip = (text: string): string => (text.length <= CLIP ? text : `${text.slice(0, CLIP - 1)}…`);

function statementText(key: string, body: Json): string | null {
  if (key === 'match') {
    const op = textField(body, 'op') ?? '==';
    const sides = [words(field(body, 'left')), words(field(body, 'right'))];
    if (sides[0] === null || sides[1] === null) return null;
    const isPlain = op === 'in' || (op === '==' && sides[0] !== 'ct status');
    return `${sides[0]} ${isPlain ? '' : `${op} `}${sides[1]}`;
  }
  if (key === 'mangle') {
    const [to, value] = [words(field(body, 'key')), words(field(body, 'value'))];
    return to === null || value === null ? null : `${to} set ${value}`;
  }
  const rest = body === null ? '' : (words(body) ?? plainMembers(body, key === 'xt'));
  return rest === null ? null : `${key} ${rest}`.trim();
}

/** `addr 10.0.0.1 port 80` of an object with plain values only; without the keys where `bare`. */
function plainMembers(json: Json, bare: boolean): string | null {
  const members = isObject(json) ? Object.entries(json) : [];
  if (members.length === 0 || members.length > 6) return null;
  const parts = members.map(([key, value]) => {
    if (value === true) return key;
    return typeof value === 'string' || typeof value === 'number' ? `${bare ? '' : `${key} `}${value}` : null;
  });
  return joined(parts, ' ');
}

/** Keys of the JSON form that have no word in the text form. */
const SILENT = new Set(['payload', 'range', 'prefix', 'val', 'set', 'key', 'name', 'field']);

function words(json: Json | undefined): string | null {
  if (json === undefined || json === null) return null;
  if (typeof json === 'string') return json;
  if (typeof json === 'number') return String(json);
  if (typeof json === 'boolean') return json ? 'exists' : 'missing';
  if (isList(json)) return json.length > 8 ? null : joined(json.map(words), ', ');
  return isObject(json) ? objectWords(json) : null;
}

function objectWords(json: Json): string | null {
  const only = onlyMember(json);
  const inner = only && isObject(only.body) ? Object.values(only.body) : null;
  if (only && inner && inner.length <= 3 && inner.every((v) => typeof v !== 'object')) {
    const text = joined(inner.map(words), ' ');
    return text === null ? null : SILENT.has(only.key) ? text : `${only.key} ${text}`;
  }
  if (only && isList(only.body) && only.key === 'range') return joined(only.body.map(words), '-');
  return null;
}

const joined = (parts: readonly (string | null)[], glue: string): string | null =>
  parts.some((p) => p === null) ? null : parts.join(glue);
