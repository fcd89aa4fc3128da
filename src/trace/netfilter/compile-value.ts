import { ipv4, ipv6, type Address } from '../../ip/index.ts';
import type { Entry, Value } from '../../model/index.ts';
import { membersOf, type Scope } from './compile-scope.ts';
import { ctReader } from './ct-value.ts';
import { fibReader } from './fib-value.ts';
import { isUnknowable, metaReader } from './meta-value.ts';
import { fieldReader } from './packet-field.ts';
import type { Datum, Reader } from './run.ts';

/** Makes the reader of a value. `byName` says of each part of a concatenation whether interfaces are compared by name. */
export function compileValue(value: Value, scope: Scope, byName: readonly boolean[] = []): Reader {
  switch (value.kind) {
    case 'number':
      return () => value.number;
    case 'address':
      return () => value.address;
    case 'text':
      return () => value.text;
    case 'field':
      return fieldReader(value.field, scope.table.family);
    case 'meta':
      return metaReader(value.key, byName[0] ?? false);
    case 'ct':
      return ctReader(value.key);
    case 'binary':
      return binary(value.op, compileValue(value.left, scope), compileValue(value.right, scope));
    case 'masked-address':
      return masked(compileValue(value.of, scope, byName), value.mask);
    case 'concat':
      return concat(value.parts.map((p, i) => compileValue(p, scope, [byName[i] ?? false])));
    case 'lookup':
      return lookup(value, scope);
    case 'fib':
      return fibReader(value, scope.table.engine);
    case 'any-of':
      return anyOf(value);
    case 'unmodelled':
      return () => undefined;
  }
}

type Operator = Extract<Value, { kind: 'binary' }>['op'];

const OPERATE: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '&': (a, b) => (a & b) >>> 0,
  '|': (a, b) => (a | b) >>> 0,
  '^': (a, b) => (a ^ b) >>> 0,
  '<<': (a, b) => (a << b) >>> 0,
  '>>': (a, b) => a >>> b,
};

function binary(op: Operator, left: Reader, right: Reader): Reader {
  const operate = OPERATE[op];
  return (run) => {
    const a = left(run);
    const b = right(run);
    return typeof a === 'number' && typeof b === 'number' ? operate(a, b) : undefined;
  };
}

function masked(of: Reader, mask: Address): Reader {
  return (run) => {
    const a = of(run);
    if (typeof a !== 'object' || !('family' in a) || a.family !== mask.family) return undefined;
    if (a.family === 4) return ipv4(a.w3 & mask.w3);
    return ipv6(a.w0 & mask.w0, a.w1 & mask.w1, a.w2 & mask.w2, a.w3 & mask.w3);
  };
}

function concat(parts: readonly Reader[]): Reader {
  return (run) => {
    const values: Datum[] = [];
    for (const part of parts) {
      const value = part(run);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return values;
  };
}

function lookup(value: Extract<Value, { kind: 'lookup' }>, scope: Scope): Reader {
  const members = membersOf(value.map, scope);
  if (!members) return () => undefined;
  const key = compileValue(value.key, scope, namedParts(members.entries));
  const results = new Map(members.entries.map((e) => [e, e.value ? compileValue(e.value, scope) : undefined]));
  return (run) => {
    const k = key(run);
    const entry = k === undefined ? undefined : members.find(k);
    return entry && results.get(entry)?.(run);
  };
}

/** More values than this are not tried one by one. */
const MOST_BRANCHES = 16;

function anyOf(value: Extract<Value, { kind: 'any-of' }>): Reader {
  const options = Math.min(value.modulus, MOST_BRANCHES);
  return (run) => {
    const point = { what: value.text, fact: run.fact, random: true };
    return value.offset + run.context.choices.choose(options, point);
  };
}

/** Of each part of the keys, whether it is words. A single key has one part. */
export function namedParts(entries: readonly Entry[]): readonly boolean[] {
  const named: boolean[] = [];
  for (const { key } of entries) {
    const parts = key.kind === 'concat' ? key.parts : [key];
    for (const [i, p] of parts.entries()) named[i] ||= p.kind === 'text' || p.kind === 'name-start';
  }
  return named;
}

/** What in the value cannot be known, or null. `localOnly`: only packets made on this host have it at all. */
export function unknownIn(value: Value): { readonly text: string; readonly localOnly: boolean } | null {
  switch (value.kind) {
    case 'unmodelled':
      return { text: value.text, localOnly: false };
    case 'meta':
      if (!isUnknowable(value.key)) return null;
      return { text: `meta ${value.key}`, localOnly: value.key === 'skuid' || value.key === 'skgid' };
    case 'binary':
      return unknownIn(value.left) ?? unknownIn(value.right);
    case 'masked-address':
      return unknownIn(value.of);
    case 'concat':
      return value.parts.map(unknownIn).find((u) => u !== null) ?? null;
    case 'lookup':
      return unknownIn(value.key);
    default:
      return null;
  }
}
