import type { DiagnosticCode, Result } from '../../ip/index.ts';
import { parseDuration } from '../decide/duration.ts';
import type { Counts, Detector, Measure, Sentence } from './detector.ts';
import type { DetectorSaid } from './detector-shape.ts';

/** What is wrong with a detector, and below which of its keys. */
export type DetectorFault = Extract<Result<Detector>, { ok: false }> & { readonly at: readonly string[] };

/** What was read, or why not. */
export type Read<T> = Extract<Result<T>, { ok: true }> | DetectorFault;

const done = <T>(value: T): Read<T> => ({ ok: true, value });
const fault = (code: DiagnosticCode, at: readonly string[], message: string, hint: string): DetectorFault => ({
  ...{ ok: false, code, message, hint, at },
});
const missing = (message: string, hint: string): DetectorFault => fault('key-missing', [], message, hint);

/** A detector of one's own, or with what is different from `base`. Codes: `key-missing`, `value-invalid`, `duration-invalid`. */
export function readDetector(said: DetectorSaid, base: Detector | null): Read<Detector> {
  const measure = measureOf(said, base?.measure ?? null);
  if (!measure.ok) return measure;
  const sentence = sentenceOf(said, base?.sentence ?? USUAL);
  if (!sentence.ok) return sentence;
  const reason = said.reason ?? base?.reason;
  if (reason === undefined)
    return missing('the visitor is told no reason', "say it in plain words: reason: 'Too many …'");
  if (!said.counts && !base) return missing('it is not said which lines count', COUNTS);
  const weight = said.weight ?? base?.weight;
  return done({
    name: said.name,
    reason,
    counts: countsOf(said, base?.counts ?? { happenings: ['request'] }),
    per: said.per ?? base?.per ?? 'visitor',
    measure: measure.value,
    ...(weight === undefined ? {} : { weight }),
    sentence: sentence.value,
  });
}

const COUNTS = 'such as counts: { statuses: [404] }, or {} for all requests';

/** Ten minutes, four times as long for those who come back, a week at most. */
const USUAL: Sentence = { first: 600_000, factor: 4, longest: 604_800_000 };

/** What is found in any case is kept in lower case. */
function countsOf({ counts = {} }: DetectorSaid, base: Counts): Counts {
  const { happenings = base.happenings, ...rest } = counts;
  // a key that is not said is not there
  const others = rest as Omit<Counts, 'happenings'>;
  return {
    ...base,
    ...others,
    happenings,
    ...(counts.paths ? { paths: counts.paths.map((path) => path.toLowerCase().replace(/^\/+|\/+$/g, '')) } : {}),
    ...(counts.agents ? { agents: counts.agents.map((agent) => agent.toLowerCase()) } : {}),
  };
}

function measureOf(said: DetectorSaid, base: Measure | null): Read<Measure> {
  const { most = base?.most, within, distinct, 'per-second': perSecond } = said;
  if (most === undefined) return missing("it is not said how many are too many: 'most'", LIMIT);
  if (perSecond !== undefined && (within !== undefined || distinct !== undefined))
    return fault('value-invalid', ['per-second'], "'per-second' is for a bucket, which has no window", LIMIT);
  if (perSecond !== undefined) return done({ kind: 'bucket', most, perSecond });
  if (within === undefined) {
    if (base === null) return missing("it is not said in which time: 'within', or 'per-second'", LIMIT);
    return done(base.kind === 'bucket' ? { ...base, most } : { ...base, most, ...(distinct ? { distinct } : {}) });
  }
  const window = timeOf(within, ['within']);
  if (!window.ok) return window;
  const values = distinct ?? (base?.kind === 'window' ? base.distinct : undefined);
  return done({ kind: 'window', most, windowMs: window.value, ...(values ? { distinct: values } : {}) });
}

const LIMIT = 'such as most: 20, within: 10m; or for a bucket most: 600, per-second: 20';

function sentenceOf({ block = {} }: DetectorSaid, base: Sentence): Read<Sentence> {
  const first = block.first === undefined ? done(base.first) : timeOf(block.first, ['block', 'first']);
  if (!first.ok) return first;
  const longest = block.longest === undefined ? done(base.longest) : timeOf(block.longest, ['block', 'longest']);
  if (!longest.ok) return longest;
  if (longest.value < first.value)
    return fault('value-invalid', ['block', 'longest'], "'longest' is shorter than 'first'", 'make it longer');
  return done({
    first: first.value,
    factor: block.factor ?? base.factor,
    longest: longest.value,
    warnFirst: block['warn-first'] ?? base.warnFirst ?? false,
  });
}

function timeOf(text: string, at: readonly string[]): Read<number> {
  const read = parseDuration(text);
  if (!read.ok) return { ...read, at };
  if (read.value !== null) return done(read.value);
  return fault('value-invalid', at, `'${text}' has no end`, 'what logs tell leads to a block that ends, such as 7d');
}
