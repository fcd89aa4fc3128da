import { failure, success, type Result } from '../../ip/index.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** The longest time that has an end, in milliseconds: a hundred years. */
export const LONGEST = 36_500 * DAY;

/** Largest first; each by the names it may be written with. */
const UNITS: readonly { readonly ms: number; readonly word: string; readonly names: readonly string[] }[] = [
  { ms: WEEK, word: 'week', names: ['w', 'week', 'weeks'] },
  { ms: DAY, word: 'day', names: ['d', 'day', 'days'] },
  { ms: HOUR, word: 'hour', names: ['h', 'hour', 'hours'] },
  { ms: MINUTE, word: 'minute', names: ['m', 'min', 'minute', 'minutes'] },
  { ms: SECOND, word: 'second', names: ['s', 'sec', 'second', 'seconds'] },
];

const EXAMPLES = 'write a number with its unit, such as 90m, 2h, 1d12h, 1w, or forever';

/**
 * How long a block lasts, in milliseconds, from a second to `LONGEST`; null for `forever`. Reads `2h`, `90m`, `1d12h`,
 * `1w` and what `formatDuration` writes; larger units first, each once. Code: `duration-invalid`.
 */
export function parseDuration(text: string): Result<number | null> {
  const trimmed = text.trim();
  if (trimmed === 'forever') return success(null);
  const refuse = (why: string, hint = EXAMPLES): Result<number | null> =>
    failure('duration-invalid', `'${clip(trimmed)}' ${why}`, hint);
  if (trimmed.length > 80) return refuse('is no time');
  if (/^\d+$/.test(trimmed)) {
    const n = trimmed.slice(0, 6);
    return refuse('has no unit', `write ${n}s for seconds, ${n}m for minutes, ${n}h for hours, ${n}d for days`);
  }
  if (!/^(\d+ ?[a-z]+ ?)+$/i.test(`${trimmed} `)) return refuse('is no time');
  let sum = 0;
  let last = -1;
  for (const [, digits, name] of trimmed.matchAll(/(\d+) ?([a-z]+)/gi)) {
    const unit = UNITS.findIndex((u) => u.names.includes(name!));
    if (unit < 0) return refuse(`has the unit '${clip(name!)}', which is not known`, hintForUnit(name!, digits!));
    if (unit <= last) return refuse('has its units out of order', 'write the larger unit first, each of them once');
    last = unit;
    sum += Number(digits) * UNITS[unit]!.ms;
  }
  if (sum === 0) return refuse('is no time at all');
  return sum > LONGEST ? refuse('is longer than a hundred years', 'write forever') : success(sum);
}

/** Days for what has no length of its own. */
function hintForUnit(name: string, digits: string): string {
  const n = digits.slice(0, 4);
  if (/^(M|mo|mon|months?)$/.test(name)) return `a month has no fixed length: write ${Number(n) * 30}d`;
  if (/^(y|Y|years?)$/.test(name)) return `write ${Number(n) * 365}d`;
  return EXAMPLES;
}

/**
 * The time in words: `2 hours`, `1 day 12 hours`; whole weeks as weeks; parts of a second are rounded up. `forever` for
 * null.
 */
export function formatDuration(ms: number | null): string {
  if (ms === null) return 'forever';
  let left = Math.ceil(Math.max(0, ms) / SECOND) * SECOND;
  if (left === 0) return '0 seconds';
  const words: string[] = [];
  for (const unit of UNITS) {
    if (unit.ms === WEEK && left % WEEK !== 0) continue;
    const n = Math.floor(left / unit.ms);
    left -= n * unit.ms;
    if (n > 0) words.push(`${n} ${unit.word}${n === 1 ? '' : 's'}`);
  }
  return words.join(' ');
}

const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text);
