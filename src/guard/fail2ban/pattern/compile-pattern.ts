import { failure, success, type Result } from '../../../ip/index.ts';
import { BoundedPattern } from '../../bounded/bounded-pattern.ts';
import { expandConditionals } from './expand-conditionals.ts';
import { parsePython } from './parse-python.ts';
import { printJavaScript } from './print-javascript.ts';
import { expandTags } from './tags.ts';

/** A pattern of Python's, ready to search. */
export interface CompiledPattern {
  readonly pattern: BoundedPattern;
  /** The groups of a match by name; of more than one, one alone is there. */
  readonly names: ReadonlyMap<string, readonly number[]>;
}

/** How a pattern is meant. */
export interface PatternPurpose {
  /** For messages. */
  readonly name: string;
  /** `^` and `$` match at each line. */
  readonly ofLine?: boolean;
  /** Groups that are wanted by their number, as `#1`. */
  readonly keep?: readonly number[];
  /** `g`: the search may begin anywhere; `d`: it says where groups are. */
  readonly flags?: 'g' | 'dg' | '';
  /** Groups that have a name are not wanted. */
  readonly nameless?: boolean;
}

/** Makes a pattern of Python's `re` one of JavaScript's. Codes: `value-invalid`, `line-not-modelled`. */
export function compilePython(
  text: string,
  { name, ofLine = false, keep = [], flags: more = '', nameless = false }: PatternPurpose,
): Result<CompiledPattern> {
  const parsed = parsePython(text, ofLine);
  if (!parsed.ok) return failure('value-invalid', `${parsed.message}: ${around(text, parsed.at)}`);
  const plain = expandConditionals(parsed.node);
  if (plain === null)
    return failure('line-not-modelled', 'a choice by a group, "(?(NAME)…|…)", whose group is in a loop');
  const { source, flags, names } = printJavaScript(plain, keep, nameless);
  try {
    return success({ pattern: new BoundedPattern(new RegExp(source, flags + more), name), names });
  } catch (e) {
    return failure('line-not-modelled', `JavaScript has no such pattern: ${e instanceof Error ? e.message : ''}`);
  }
}

const around = (text: string, at: number): string => JSON.stringify(text.slice(Math.max(0, at - 15), at + 15));

/** A pattern with fail2ban's tags. Flags for a bracket's inside may stand right behind the bracket: `((?i)a)`. */
export function compileTagged(text: string, mayBeName: boolean, purpose: PatternPurpose): Result<CompiledPattern> {
  const python = expandTags(text, mayBeName).replaceAll(/(?<!\\)\((?:\?:)?(\(\?[a-z]+)\)/g, '$1:');
  return compilePython(python, purpose);
}

/** The text of a group; undefined when it is not there. */
export function groupOf(found: RegExpExecArray, places: readonly number[] | undefined): string | undefined {
  if (places === undefined) return undefined;
  for (const place of places) if (found[place] !== undefined) return found[place];
  return undefined;
}
