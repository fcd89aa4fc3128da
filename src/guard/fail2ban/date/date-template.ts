import { failure, success, type Result } from '../../../ip/index.ts';
import { compilePython, groupOf, type CompiledPattern } from '../pattern/compile-pattern.ts';
import { dateFields, WORD_FIELDS } from './date-fields.ts';
import { readDate, type DateSurroundings } from './read-date.ts';

/** A kind of date, and how it is found. */
export interface DateTemplate {
  readonly name: string;
  /** Finds it: `#1` is the date itself. */
  readonly compiled: CompiledPattern;
  /** It is found at one end of a line alone. */
  readonly isAnchored: boolean;
  readonly isAtBegin: boolean;
  /** Of two kinds, the one that is preferred. */
  readonly weight: number;
  /** The time of the date whose pattern begins to match at `begin`, in milliseconds since 1970; null when there is no such time. */
  readonly read: (line: string, begin: number, around: DateSurroundings) => number | null;
}

type Read = (found: RegExpExecArray, around: DateSurroundings) => number | null;

/** A date's pattern before it is compiled. */
interface Draft {
  readonly name: string;
  readonly regex: string;
  readonly begin: 'word' | 'line' | 'free';
  readonly end: 'word' | 'free';
  readonly read: (compiled: CompiledPattern) => Read;
}

const EPOCH = String.raw`\d{10,11}\b(?:\.\d{3,6})?`;
const LONG_EPOCH = String.raw`\d{10,11}(?:\d{3}(?:\.\d{1,6}|\d{3})?)?`;

/**
 * A template for what a `datepattern` says (jail.conf(5)): `%` fields within a pattern of Python's, `{^LN-BEG}`, `**` for an end without the
 * edge of a word, `EPOCH`, `LEPOCH`, `TAI64N`, `{NONE}`. Codes: those of `compilePython`, `value-invalid`.
 */
export function dateTemplate(text: string, now: number, weight = 1): Result<DateTemplate> {
  const draft = epochDraft(text) ?? taiDraft(text) ?? patternDraft(text, now);
  return draft.ok ? built(draft.value, weight) : draft;
}

const isAtLine = (text: string): boolean => /^(?:\{\^LN-BEG\}|\^)/.test(text);

function epochDraft(text: string): Result<Draft> | null {
  const read = (group: string) => (compiled: CompiledPattern) => (found: RegExpExecArray) =>
    seconds(groupOf(found, compiled.names.get(group))!);
  const inside = /(?<!\\)\{(L?)EPOCH\}/i.exec(text);
  if (inside) {
    const epoch = inside[1] === '' ? EPOCH : LONG_EPOCH;
    const regex = `(${text.replaceAll(/(?<!\\)\{L?EPOCH\}/gi, () => `(${epoch})`)})`;
    return success({ name: text, regex, begin: 'word', end: 'word', read: read('#2') });
  }
  const [, isLong] = /^(?:\{\^LN-BEG\}|\^)?(L?)EPOCH$/i.exec(text) ?? [];
  if (isLong === undefined) return null;
  const epoch = isLong === '' ? EPOCH : LONG_EPOCH;
  const regex = isAtLine(text)
    ? String.raw`((?P<square>(?<=^\[))?${epoch})(?(square)(?=\]))`
    : String.raw`((?:^|(?P<square>(?<=^\[))|(?P<selinux>(?<=\baudit\()))${epoch})(?:(?(selinux)(?=:\d+\)))|(?(square)(?=\])))`;
  return success({ name: text, regex, begin: isAtLine(text) ? 'line' : 'free', end: 'word', read: read('#1') });
}

/** Seconds, or milliseconds and microseconds where it is that long. */
function seconds(text: string): number {
  const value = Number(text);
  if (text.length >= 16 && !text.includes('.')) return value / 1000;
  return text.length >= 13 && !/^\d{10,11}\./.test(text) ? value : value * 1000;
}

/** https://cr.yp.to/libtai/tai64.html: `@4000000` and the seconds in hexadecimal. */
function taiDraft(text: string): Result<Draft> | null {
  if (!/^(?:\{\^LN-BEG\}|\^)?TAI64N$/i.test(text)) return null;
  const read = () => (found: RegExpExecArray) => parseInt(found[1]!.slice(2, 17), 16) * 1000;
  return success({ name: text, regex: '@[0-9a-f]{24}', begin: isAtLine(text) ? 'line' : 'free', end: 'word', read });
}

function patternDraft(text: string, now: number): Result<Draft> {
  const isFree = text.startsWith('{UNB}');
  const pattern = text.replace(/^\{(?:UNB|\^LN-BEG)\}/, '');
  const fields = dateFields(now);
  const unknown: string[] = [];
  const regex = pattern.replaceAll(/%(%|Ex[A-Za-z]|[A-Za-z])?/g, (all, name?: string) => {
    const field = name === '%' ? '%' : fields.get(name ?? '');
    if (field === undefined) unknown.push(all);
    return field ?? all;
  });
  if (unknown.length > 0)
    return failure('value-invalid', `datepattern: "${unknown[0]!}" is no field of a date that is known here`);
  const read = (compiled: CompiledPattern) => (found: RegExpExecArray, around: DateSurroundings) =>
    readDate((name) => groupOf(found, compiled.names.get(name)), around);
  const begin = isFree ? 'free' : text.startsWith('{^LN-BEG}') ? 'line' : 'word';
  const cased = WORD_FIELDS.test(pattern) ? `(?iu)${regex}` : regex;
  return success({ name: text, regex: cased, begin, end: isFree ? 'free' : 'word', read });
}

function built(draft: Draft, weight: number): Result<DateTemplate> {
  const [flags, plain] = cutFlags(draft.regex.trim());
  const needsBegin = draft.begin !== 'free' && !/^\(*(?:\^|\(*\*\*|\((?:\?:)?\^)/.test(plain);
  const needsEnd = draft.end !== 'free' && !/(?<!\\)(?:\$\)?|\\b|\\s|\*\*\)*)$/.test(plain);
  const hasGroup = /(?<!\\)\((?!\?)/.test(plain);
  const grouped = hasGroup ? plain : plain.replace(/^(\^?)(.*?)(\$?)$/s, '$1($2)$3');
  const isAtBegin = (needsBegin && draft.begin === 'line') || /^(?:\^|\((?:\?:)?\^(?!\|))/.test(grouped);
  const isAtEnd = !needsEnd && /(?<![\\|])\$\)?$/.test(grouped);
  const front = !needsBegin ? '' : draft.begin === 'line' ? String.raw`^(?:\W{0,2})?` : String.raw`(?=^|\b|\W)`;
  const whole = `${front}${grouped}${needsEnd ? String.raw`(?=\b|\W|$)` : ''}`;
  const regex = flags + whole.replace(/^(\(*)\*\*/, '$1').replace(/(?<!\\)\*\*(\)*)$/, '$1');
  const name = `datepattern ${draft.name}`;
  const compiled = compilePython(regex, { name, keep: [1], nameless: true, flags: hasGroup ? 'dg' : 'g' });
  const fields = compilePython(regex, { name, keep: [1, 2], flags: 'g' });
  if (!compiled.ok || !fields.ok)
    return failure('value-invalid', `datepattern "${draft.name}": ${compiled.ok ? '' : compiled.message}`);
  const isAnchored = isAtBegin || isAtEnd;
  const read = draft.read(fields.value);
  return success({
    name: draft.name,
    compiled: compiled.value,
    isAnchored,
    isAtBegin,
    weight,
    read: reader(fields.value, read),
  });
}

/** The fields of a date are looked for where one was found that is not the same as before. */
const reader =
  ({ pattern }: CompiledPattern, read: Read): DateTemplate['read'] =>
  (line, begin, around) => {
    const found = pattern.exec(line, begin);
    return found && read(found, around);
  };

/** Flags for all of the pattern go to its front. */
function cutFlags(regex: string): readonly [string, string] {
  const flags = /(?<!\\)\(\?[a-z]+\)/.exec(regex)?.[0] ?? '';
  return [flags, regex.replace(flags, '')];
}
