import { sameAddress, type Address } from '../../ip/index.ts';
import type { MatchOp, Statement, Value } from '../../model/index.ts';
import { membersOf, type Members, type Scope } from './compile-scope.ts';
import { compileValue, namedParts, unknownIn } from './compile-value.ts';
import { stateWord, statusWords } from './ct-value.ts';
import { decide, type Datum, type Reader, type Test } from './run.ts';

type Match = Extract<Statement, { kind: 'match' }>;
type Member = Extract<Statement, { kind: 'member' }>;

const NO_YES = ['does not match', 'matches'] as const;

/** A match that may be true or false. */
export const uncertainTest =
  (what: string): Test =>
  (run) =>
    decide(run, what, false, NO_YES);

function unknownTest(unknown: { text: string; localOnly: boolean }): Test {
  const test = uncertainTest(unknown.text);
  // A packet from outside belongs to no socket (nft_meta.c: the rule ends)
  return unknown.localOnly ? (run) => run.context.in === null && test(run) : test;
}

/** Makes the test of a comparison. A value that the packet does not have makes it false, also for `!=`. */
export function compileMatch(match: Match, scope: Scope): Test {
  const { left, op, right } = match;
  const unknown = unknownIn(left) ?? unknownIn(right);
  if (unknown) return unknownTest(unknown);
  if (left.kind === 'ct' && (left.key === 'state' || left.key === 'status'))
    return wordTest(left.key, op === '!=', wordsIn(right));
  if (left.kind === 'any-of') return randomTest(left, op, compileValue(right, scope));
  return comparison(compileValue(left, scope, [right.kind === 'text']), op, compileValue(right, scope));
}

/** State names that a value lists: `established,related`, or several joined by `|`. */
function wordsIn(value: Value): readonly string[] {
  if (value.kind === 'text') return value.text.split(',');
  if (value.kind === 'binary' && value.op === '|') return [...wordsIn(value.left), ...wordsIn(value.right)];
  if (value.kind === 'concat') return value.parts.flatMap(wordsIn);
  return [];
}

function wordTest(key: 'state' | 'status', negated: boolean, words: readonly string[]): Test {
  const wanted = new Set(words);
  if (key === 'state') return (run) => wanted.has(stateWord(run.tracked)) !== negated;
  return ({ tracked }) => {
    const connection = tracked?.connection;
    return !!connection && statusWords(connection).some((w) => wanted.has(w)) !== negated;
  };
}

type AnyOf = Extract<Value, { kind: 'any-of' }>;

/** `numgen random mod 10 < 3`: true, false, or either. */
function randomTest(left: AnyOf, op: MatchOp, right: Reader): Test {
  return (run) => {
    const value = right(run);
    if (typeof value !== 'number') return false;
    const [first, last] = [left.offset, left.offset + left.modulus - 1];
    const inside = value >= first && value <= last;
    const samples = inside ? [first, value, last] : [first, last];
    const answers = new Set(samples.map((s) => compare(s, op, value)));
    return answers.size === 1 ? answers.has(true) : decide(run, left.text, true, NO_YES);
  };
}

function comparison(left: Reader, op: MatchOp, right: Reader): Test {
  return (run) => {
    const a = left(run);
    if (a === undefined) return false;
    const b = right(run);
    return b !== undefined && compare(a, op, b);
  };
}

const isAddress = (d: Datum): d is Address => typeof d === 'object' && !Array.isArray(d);

function same(a: Datum, b: Datum): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (isAddress(a) || isAddress(b)) return isAddress(a) && isAddress(b) && sameAddress(a, b);
  return a.length === b.length && a.every((part, i) => same(part, b[i]!));
}

function compare(a: Datum, op: MatchOp, b: Datum): boolean {
  if (op === '==') return same(a, b);
  if (op === '!=') return !same(a, b);
  const order = orderOf(a, b);
  if (order === null) return false;
  switch (op) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

function orderOf(a: Datum, b: Datum): number | null {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (isAddress(a) && isAddress(b) && a.family === b.family)
    return a.w0 - b.w0 || a.w1 - b.w1 || a.w2 - b.w2 || a.w3 - b.w3;
  return null;
}

/** Makes the test of a membership. In a set that packets may add to, what is not listed may still be there. */
export function compileMember(member: Member, scope: Scope): Test {
  const { left, negated } = member;
  const unknown = unknownIn(left);
  if (unknown) return unknownTest(unknown);
  const members = membersOf(member.of, scope);
  if (!members)
    return uncertainTest(`the set ${member.of.kind === 'inline' ? '' : member.of.name}, which is not known`);
  if (left.kind === 'ct' && (left.key === 'state' || left.key === 'status')) {
    const words = members.entries.flatMap((e) => (e.key.kind === 'text' ? [e.key.text] : []));
    return wordTest(left.key, negated, words);
  }
  const read = compileValue(left, scope, namedParts(members.entries));
  return (run) => {
    const key = read(run);
    if (key === undefined) return false;
    const found = members.find(key) !== undefined || (members.dynamic && isNowMember(run, members));
    return found !== negated;
  };
}

function isNowMember(run: Parameters<Test>[0], members: Members): boolean {
  return decide(run, `whether the set ${members.name} holds it by now`, false, ['is not a member', 'is a member']);
}
