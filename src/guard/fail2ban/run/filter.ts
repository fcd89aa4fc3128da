import { hasErrors, type Diagnostic, type Span } from '../../../ip/index.ts';
import type { BoundedPattern } from '../../bounded/bounded-pattern.ts';
import type { FilterDefinition } from '../config/filter-definition.ts';
import { DateFinder, dateTemplatesOf } from '../date/date-finder.ts';
import type { DateTemplate } from '../date/date-template.ts';
import { compileTagged, type CompiledPattern } from '../pattern/compile-pattern.ts';

/** A pattern with its place in messages, and which groups of other names land in a group. */
export interface TaggedPattern extends CompiledPattern {
  /** As the filter has it. */
  readonly text: string;
  /** `alt_user_1` gives `user` where that is empty. */
  readonly alternatives: readonly (readonly [from: string, to: string])[];
}

/** A filter ready to run. */
export interface RunnableFilter {
  readonly definition: FilterDefinition;
  readonly prefix: TaggedPattern | null;
  readonly fail: readonly TaggedPattern[];
  readonly ignore: readonly TaggedPattern[];
  readonly dates: readonly DateTemplate[];
}

/** What could be made of a filter: what can't be run is left out and named. */
export interface CompiledFilter {
  readonly value: RunnableFilter;
  readonly diagnostics: readonly Diagnostic[];
}

/** Groups that say whom a failure is of. */
const IDENTITIES = ['fid', 'ip4', 'ip6', 'dns', 'mlfid'];

/** Compiles a filter's patterns; `now` in milliseconds since 1970. Codes: those of `compileTagged` and of `dateTemplate`. */
export function compileFilter(definition: FilterDefinition, now: number): CompiledFilter {
  const diagnostics: Diagnostic[] = [];
  const compile = (text: string, option: string, number: number): TaggedPattern[] => {
    const name = `${definition.name}, ${option}${number > 0 ? ` ${number}` : ''}`;
    const purpose = { name, ofLine: definition.maxlines > 1 && option === 'failregex' };
    const compiled = compileTagged(text, definition.usedns !== 'no', purpose);
    if (compiled.ok) return [{ ...compiled.value, text, alternatives: alternativesOf(compiled.value) }];
    diagnostics.push(fault(`filter ${name}: ${compiled.message}`, definition.places.get(option), compiled.code));
    return [];
  };
  const all = (option: 'failregex' | 'ignoreregex'): TaggedPattern[] =>
    definition[option].flatMap((text, i) => compile(text, option, i + 1));
  const prefix = definition.prefregex === null ? [] : compile(definition.prefregex, 'prefregex', 0);
  const fail = all('failregex').filter((p) => {
    const isOfSomebody = [p, ...prefix].some(({ names }) => IDENTITIES.some((i) => names.has(i)));
    if (!isOfSomebody)
      diagnostics.push(
        fault(
          `filter ${p.pattern.name}: it has no <HOST>, nobody could be blocked`,
          definition.places.get('failregex'),
        ),
      );
    return isOfSomebody;
  });
  const dates = dateTemplatesOf(definition.datepattern, now);
  diagnostics.push(...dates.diagnostics.map((d) => ({ ...d, ...spanOf(definition.places.get('datepattern')) })));
  const lacksPrefix = definition.prefregex !== null && prefix.length === 0;
  const value = {
    definition,
    prefix: prefix[0] ?? null,
    fail: lacksPrefix || hasErrors(dates.diagnostics) ? [] : fail,
    ignore: all('ignoreregex'),
    dates: dates.templates,
  };
  return { value, diagnostics };
}

const spanOf = (span: Span | undefined): { readonly span?: Span } => (span ? { span } : {});

const fault = (message: string, span: Span | undefined, code: Diagnostic['code'] = 'value-invalid'): Diagnostic => ({
  code,
  severity: 'error',
  message,
  ...spanOf(span),
});

function alternativesOf({ names }: CompiledPattern): TaggedPattern['alternatives'] {
  return [...names.keys()].sort().flatMap((name) => {
    const [, to] = /^alt_(.*?)(?:_\d+)?$/.exec(name) ?? [];
    return to === undefined ? [] : [[name, to === 'id' ? 'fid' : to === 'port' ? 'fport' : to] as const];
  });
}

/** A finder of its own for each log. */
export const dateFinderOf = ({ dates }: RunnableFilter): DateFinder => new DateFinder(dates);

/** All patterns of a filter, for messages and tests. */
export const patternsOf = ({ prefix, fail, ignore, dates }: RunnableFilter): readonly BoundedPattern[] =>
  [...(prefix ? [prefix] : []), ...fail, ...ignore, ...dates.map((d) => d.compiled)].map((p) => p.pattern);
