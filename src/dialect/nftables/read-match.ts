import { compareAddress } from '../../ip/index.ts';
import type { Element, Entry, Statement, Value } from '../../model/index.ts';
import { field, listOf, onlyMember, textField, type Json } from './json.ts';
import { plainText } from './plain-text.ts';
import { readElement, readEntries, readFlags } from './read-element.ts';
import { readValue, type Typed } from './read-value.ts';
import type { Scope } from './scope.ts';

/** A condition that no packet meets: membership of nothing. */
export const NEVER: Statement = {
  kind: 'member',
  left: { kind: 'number', number: 0 },
  negated: false,
  of: { kind: 'inline', entries: [] },
};

const IPV6_ONLY: Statement = {
  kind: 'match',
  left: { kind: 'meta', key: 'nfproto' },
  op: '==',
  right: { kind: 'number', number: 10 },
};

/** Reads `{"match": …}`'s body; null when it is not modelled. */
export function readMatch(body: Json, scope: Scope): readonly Statement[] | null {
  const [left, right] = [field(body, 'left'), field(body, 'right')];
  const op = textField(body, 'op') ?? '==';
  const status = readStatus(op, left, right);
  if (status !== undefined) return status;
  const presence = readPresence(op, left, right);
  if (presence) return [presence];
  if (isNextHeader(left)) {
    // no extension headers in the model: the next header is the transport protocol
    const rest = readMatch({ op, left: { meta: { key: 'l4proto' } }, right: right ?? null }, scope);
    return rest && [IPV6_ONLY, ...rest];
  }
  const typed = readValue(left, scope);
  if (!typed || asksForDontFragment(typed.value)) return null;
  if (op === 'in' || op === '!') return one(readFlagMatch(op, typed, right));
  if (op === '==' || op === '!=') return readEquality(op, typed, right, scope);
  if (op !== '<' && op !== '<=' && op !== '>' && op !== '>=') return null;
  const bound = typeof typed.type === 'string' ? readFlags(typed.type, right) : null;
  return one(bound && bound.kind !== 'text' ? { kind: 'match', left: typed.value, op, right: bound } : null);
}

const one = (statement: Statement | null): readonly Statement[] | null => statement && [statement];

const isNextHeader = (left: Json | undefined): boolean => {
  const payload = field(left, 'payload');
  return textField(payload, 'protocol') === 'ip6' && textField(payload, 'field') === 'nexthdr';
};

/** Whether a packet may be fragmented is not in the model, so a look at that bit says nothing. */
function asksForDontFragment(value: Value): boolean {
  if (value.kind === 'field') return value.field === 'ip.fragment';
  if (value.kind === 'concat') return value.parts.some(asksForDontFragment);
  if (value.kind !== 'binary' || value.left.kind !== 'field' || value.left.field !== 'ip.fragment') return false;
  return value.op !== '&' || value.right.kind !== 'number' || (value.right.number & 0x4000) !== 0;
}

/**
 * `ct status`: a connection has several at once, so only "has one of these" and "has none of these" are modelled.
 * Undefined when the match is about something else, null when it is but compares the whole.
 */
function readStatus(
  op: string,
  left: Json | undefined,
  right: Json | undefined,
): readonly Statement[] | null | undefined {
  const masked = listOf(onlyMember(left)?.key === '&' ? onlyMember(left)!.body : undefined);
  const ct = field(masked[0] ?? left, 'ct');
  if (textField(ct, 'key') !== 'status') return undefined;
  const value: Value = { kind: 'ct', key: 'status' };
  const isWhole = masked.length === 0;
  if (isWhole && (op === 'in' || op === '!')) return one(wordMatch(value, op === '!', right));
  const same = typeof right === 'string' && masked[1] === right;
  return !isWhole && same && (op === '==' || op === '!=') ? one(wordMatch(value, op === '!=', right)) : null;
}

function wordMatch(left: Value, negated: boolean, right: Json | undefined): Statement | null {
  const words = listOf(right);
  if (words.length === 0 || !words.every((w) => typeof w === 'string')) return null;
  if (words.length === 1)
    return { kind: 'match', left, op: negated ? '!=' : '==', right: { kind: 'text', text: words[0]! } };
  const entries = words.map((text): Entry => ({ key: { kind: 'text', text } }));
  return { kind: 'member', left, negated, of: { kind: 'inline', entries } };
}

/** `fib saddr . iif oif missing`, which JSON has as false, and as `"0"` where it was written as a number. */
function readPresence(op: string, left: Json | undefined, right: Json | undefined): Statement | null {
  const fib = field(left, 'fib');
  const isAbsent = right === false || ((right === '0' || right === 0) && textField(fib, 'result') === 'oif');
  if (fib === undefined || !(isAbsent || right === true) || (op !== '==' && op !== '!=')) return null;
  const asked = readValue({ fib: { result: 'check', flags: field(fib, 'flags') ?? null } }, NO_SCOPE);
  if (!asked) return null;
  const number = (op === '==') === isAbsent ? 0 : 1;
  return { kind: 'match', left: asked.value, op: '==', right: { kind: 'number', number } };
}

const NO_SCOPE: Scope = {
  family: 'inet',
  sets: new Map(),
  inverted: new Set(),
  dynamic: new Set(),
  limited: () => undefined,
};

/** A list of flags: `in` is "has one of them", `!` "has none of them". */
function readFlagMatch(op: 'in' | '!', { value, type }: Typed, right: Json | undefined): Statement | null {
  if (type === 'ct_state') return wordMatch(value, op === '!', right);
  const mask = type === 'tcp_flag' ? readFlags(type, right) : null;
  if (mask?.kind !== 'number') return null;
  const left: Value = { kind: 'binary', op: '&', left: value, right: mask };
  return { kind: 'match', left, op: op === 'in' ? '!=' : '==', right: { kind: 'number', number: 0 } };
}

/**
 * nft lists `ip ttl < 63 ip ttl > 60` as `ip ttl != 63-60`. Nobody can write a range upside down, so it is those two. Null
 * for any other element.
 */
function readBounds(left: Value, element: Element): readonly Statement[] | null {
  const bounds = (from: Value, to: Value): readonly Statement[] => [
    { kind: 'match', left, op: '<', right: from },
    { kind: 'match', left, op: '>', right: to },
  ];
  if (element.kind === 'number-range' && element.from > element.to)
    return bounds({ kind: 'number', number: element.from }, { kind: 'number', number: element.to });
  if (element.kind === 'address-range' && compareAddress(element.from, element.to) > 0)
    return bounds({ kind: 'address', address: element.from }, { kind: 'address', address: element.to });
  return null;
}

function readEquality(
  op: '==' | '!=',
  { value, type }: Typed,
  right: Json | undefined,
  scope: Scope,
): readonly Statement[] | null {
  const negated = op === '!=';
  if (typeof right === 'string' && right.startsWith('@')) {
    return [{ kind: 'member', left: value, negated, of: { kind: 'named', name: right.slice(1) } }];
  }
  const set = field(right, 'set');
  if (set !== undefined) {
    const { entries, unread } = readEntries(type, null, listOf(set));
    return unread > 0 ? null : [membership(value, negated, entries)];
  }
  if (type === 'ct_state' && negated && field(right, '|') !== undefined) {
    // a packet has one state and this compares with two at once: it is always true
    return [
      {
        kind: 'ignored',
        text: plainText({ match: { op, left: { ct: { key: 'state' } }, right: listOf(field(right, '|')) } }),
      },
    ];
  }
  const element = readElement(type, right);
  if (element) return (negated ? readBounds(value, element) : null) ?? [membership(value, negated, [{ key: element }])];
  const other = readValue(right, scope);
  return other && [{ kind: 'match', left: value, op, right: other.value }];
}

/** Membership of one plain value is written as a comparison, as nft itself shows it. */
function membership(left: Value, negated: boolean, entries: readonly Entry[]): Statement {
  const only = entries.length === 1 ? entries[0]!.key : null;
  if (only && isPlain(only)) return { kind: 'match', left, op: negated ? '!=' : '==', right: only };
  return { kind: 'member', left, negated, of: { kind: 'inline', entries } };
}

const isPlain = (e: Element): e is Extract<Element, { kind: 'number' | 'address' | 'text' }> =>
  e.kind === 'number' || e.kind === 'address' || e.kind === 'text';
