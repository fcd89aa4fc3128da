import type { $ZodIssue } from 'zod/v4/core';
import { nearestHint, type Diagnostic, type Parsed } from '../../ip/index.ts';
import type { ZodMiniType } from 'zod/mini';
import type { Path, YamlDocument } from './read-yaml.ts';

/** Stands in a list where a value of the wrong shape was, so that the others keep their places. */
export const WRONG = '\0';
const MAX_ROUNDS = 20;

/** What a document has to look like. */
export interface Shape<T> {
  readonly schema: ZodMiniType<T>;
  /** What takes the place of a document of which nothing is right. */
  readonly empty: T;
  /** The keys that may stand in the map at this path; empty where any may. */
  readonly knownKeys: (path: Path) => readonly string[];
}

/**
 * The parts of the document that have the shape; what has not is taken out and noted. Codes: `key-unknown`,
 * `key-missing`, `value-invalid`.
 */
export function readShape<T>(document: YamlDocument, { schema, empty, knownKeys }: Shape<T>): Parsed<T> {
  const diagnostics: Diagnostic[] = [];
  const top = { value: structuredClone(document.value ?? {}) };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const read = schema.safeParse(top.value);
    if (read.success) return { value: read.data, diagnostics };
    for (const fault of read.error.issues.flatMap((issue) => flatten(issue, [], knownKeys))) {
      const isSaid = takeOut(top, fault.kind === 'missing' ? fault.path.slice(0, -1) : fault.path);
      if (!isSaid && diagnostics.length < 1000) diagnostics.push(describe(fault, document));
    }
  }
  return { value: empty, diagnostics };
}

/** One fault of shape, with the whole path to the value that has to go. */
interface Fault {
  readonly path: Path;
  readonly kind: 'unknown-key' | 'bad-name' | 'missing' | 'value';
  readonly message: string;
  readonly known?: readonly string[];
}

function flatten(issue: $ZodIssue, around: Path, knownKeys: Shape<unknown>['knownKeys']): readonly Fault[] {
  const path = [...around, ...issue.path.map((p) => (typeof p === 'symbol' ? String(p) : p))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        kind: 'unknown-key',
        message: `unknown key '${clip(key)}'`,
        known: knownKeys(path),
      }));
    case 'invalid_union':
      return flattenUnion(issue.errors, path, knownKeys);
    case 'invalid_key':
      return [
        {
          path,
          kind: 'bad-name',
          message: `'${clip(String(path.at(-1)))}' is no name: ${issue.issues[0]?.message ?? ''}`,
        },
      ];
    case 'invalid_type':
      return [
        {
          path,
          kind: issue.message.endsWith('undefined') ? 'missing' : 'value',
          message: `expected ${word(issue.expected)}`,
        },
      ];
    case 'invalid_value':
      return [{ path, kind: 'value', message: `expected ${issue.values.map((v) => `'${String(v)}'`).join(' or ')}` }];
    default:
      return [{ path, kind: 'value', message: lowerFirst(issue.message) }];
  }
}

/** The faults of the branch that was meant: the one whose outermost shape fits. Else all that could stand here. */
function flattenUnion(
  branches: readonly (readonly $ZodIssue[])[],
  path: Path,
  knownKeys: Shape<unknown>['knownKeys'],
): readonly Fault[] {
  const outer = (i: $ZodIssue): boolean => i.path.length === 0 && i.code === 'invalid_type';
  const meant = branches.find((issues) => issues.length > 0 && !issues.some(outer));
  if (meant) return meant.flatMap((issue) => flatten(issue, path, knownKeys));
  const expected = branches
    .flatMap((issues) => issues.filter(outer))
    .map((i) => (i.code === 'invalid_type' ? word(i.expected) : ''));
  return [{ path, kind: 'value', message: `expected ${[...new Set(expected)].join(' or ')}` }];
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  object: 'keys and values',
  record: 'keys and values',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  null: 'nothing',
};
const word = (type: string): string => WORDS[type] ?? type;
const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text);
const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function describe(fault: Fault, document: YamlDocument): Diagnostic {
  const span = document.at(fault.path, fault.kind === 'unknown-key' || fault.kind === 'bad-name' ? 'key' : 'value');
  const key = String(fault.path.at(-1));
  if (fault.kind === 'missing') return { code: 'key-missing', severity: 'error', message: `'${key}' is missing`, span };
  if (fault.kind !== 'unknown-key')
    return { code: 'value-invalid', severity: 'error', message: fault.message, span, ...quoteHint(fault) };
  const hint =
    nearestHint(key, fault.known ?? []) ?? (fault.known?.length ? `known here: ${fault.known.join(', ')}` : undefined);
  return { code: 'key-unknown', severity: 'error', message: fault.message, span, ...(hint !== undefined && { hint }) };
}

const quoteHint = (fault: Fault): { hint?: string } =>
  fault.message === 'expected text' ? { hint: 'put it in quotes if it is right' } : {};

/** Takes out what stands at the path; a list keeps its length where `WRONG` may stand in it. True when it was taken out before. */
function takeOut(top: { value: unknown }, path: Path): boolean {
  let around: unknown = top;
  let last: string | number = 'value';
  for (const step of path) {
    around = (around as Record<string | number, unknown>)[last];
    if (typeof around !== 'object' || around === null) return false;
    last = step;
  }
  if (around === top) top.value = {};
  else if (!Array.isArray(around)) Reflect.deleteProperty(around as object, last);
  else if (around[Number(last)] === WRONG) {
    takeOut(top, path.slice(0, -1));
    return true;
  } else around[Number(last)] = WRONG;
  return false;
}
