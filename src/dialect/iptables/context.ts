import type { DiagnosticCode, Family, Severity } from '../../ip/index.ts';
import type { NamedSet, Statement } from '../../model/index.ts';
import type { Option } from './options.ts';
import type { Known, Part } from './words.ts';

/** Where in a line a fault stands. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** What a match or a target may ask of the rule it stands in. */
export interface RuleContext {
  readonly family: Family;
  readonly chain: string;
  readonly ipsets: ReadonlyMap<string, NamedSet> | null;
  /** The line's text at the place. */
  textAt(place: Place): string;
  fault(code: DiagnosticCode, severity: Severity, place: Place, message: string, hint?: string): void;
}

/**
 * A statement, or one of two that has to hold. iptables can say in one rule what needs two statements here; the rule is
 * then split in two: `first`, and `not first, second`.
 */
export type Clause = Statement | { readonly kind: 'either'; readonly first: Statement; readonly second: Statement };

/** Why an option gives no clause: not a value it can have, or one that is not modelled. */
export type Trouble = 'invalid' | 'unmodelled';

/** Reads one option. */
export type OptionReader<T> = (option: Option, context: RuleContext, part: Part) => readonly T[] | Trouble;

/** What is known of a match or a target. */
export interface Spec<T> {
  readonly options: Known;
  readonly read: (part: Part, context: RuleContext) => readonly T[];
}

/** A spec whose options each stand for themselves. `unmodelled` gets the name and the text of one that gave nothing. */
export function perOption<T>(
  readers: Readonly<Record<string, OptionReader<T>>>,
  unmodelled: (text: string) => T,
): Spec<T> {
  const read = (part: Part, context: RuleContext): readonly T[] =>
    part.options.flatMap((option) => {
      const result = Object.hasOwn(readers, option.name) ? readers[option.name]!(option, context, part) : 'unmodelled';
      return typeof result === 'string' ? [unmodelled(`${part.name} ${complain(result, option, context)}`)] : result;
    });
  return { options: new Set(Object.keys(readers)), read };
}

/** Reports an option that gave no clause. Returns its text. */
export function complain(trouble: Trouble, place: Place, context: RuleContext): string {
  const text = context.textAt(place);
  if (trouble === 'invalid')
    context.fault('value-invalid', 'error', place, `'${clip(text)}' has no value that iptables would take`);
  else
    context.fault(
      'line-not-modelled',
      'warning',
      place,
      `'${clip(text)}' is not modelled`,
      'what this rule does is uncertain',
    );
  return text;
}

/** A text short enough for a message. */
export const clip = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** A match that may be true or false. */
export const unmodelledMatch = (text: string): Statement => ({ kind: 'unmodelled-match', text });

/** The same for one option of a match, given as the match's name and the option. */
export const matchOption = (text: string): Statement => unmodelledMatch(`-m ${text}`);

/** All words of a match or target, from its name to its last option. */
export function partText(part: Part, context: RuleContext): string {
  return [part.name, ...part.options.map((o) => context.textAt(o))].join(' ');
}
