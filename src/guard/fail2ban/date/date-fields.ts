const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Months as logs shorten them, January first, in lower case. */
export const SHORT_MONTHS: readonly string[] = MONTHS.map((m) => m.slice(0, 3));

/** Whole names, January first, in lower case. */
export const LONG_MONTHS: readonly string[] = MONTHS;

const ZONE = '[A-Z](?:[A-Z]{2,4})?';
const OFFSET = String.raw`[+-][01]\d(?::?\d{2})?`;
const oneOf = (words: readonly string[]): string => words.toSorted((a, b) => b.length - a.length).join('|');

/** Years from 2000 on, to the end of the decade in which it is three years later. */
function yearPattern(now: number): string {
  const last = Math.floor((new Date(now).getFullYear() + 3) / 10);
  const decades = Array.from({ length: last - 200 + 1 }, (_, i) => String(200 + i));
  return String.raw`(?:${decades.join('|')})\d`;
}

/**
 * Patterns of what stands behind a `%`, as strptime(3) and fail2ban have it (jail.conf(5), datepattern): each a group that is named as the
 * field. `Ex…` want two digits.
 */
export function dateFields(now: number): ReadonlyMap<string, string> {
  const field = (name: string, pattern: string): string => `(?P<${name}>${pattern})`;
  const hour = String.raw`[0-1]?\d|2[0-3]`;
  return new Map([
    ['a', field('a', oneOf(DAYS.map((d) => d.slice(0, 3))))],
    ['A', field('A', oneOf(DAYS))],
    ['b', field('b', oneOf(SHORT_MONTHS))],
    ['B', field('B', oneOf(LONG_MONTHS))],
    ['d', field('d', String.raw`[1-2]\d|[0 ]?[1-9]|3[0-1]`)],
    ['f', field('f', '[0-9]{1,6}')],
    ['H', field('H', hour)],
    ['I', field('I', '1[0-2]|0[1-9]|[1-9]')],
    ['j', field('j', String.raw`36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]`)],
    ['k', ` ?${field('H', String.raw`[0-2]?\d`)}`],
    ['l', ` ?${field('I', String.raw`1?\d`)}`],
    ['m', field('m', '0?[1-9]|1[0-2]')],
    ['M', field('M', String.raw`[0-5]?\d`)],
    ['p', field('p', 'am|pm')],
    ['S', field('S', String.raw`[0-5]?\d|6[0-1]`)],
    ['y', field('y', String.raw`\d\d`)],
    ['Y', field('Y', String.raw`\d{4}`)],
    ['z', field('z', `Z|UTC|GMT|${OFFSET}`)],
    ['Z', field('Z', 'Z|[A-Z]{3,5}')],
    ['ExY', field('Y', yearPattern(now))],
    ['Exy', field('y', String.raw`\d{2}`)],
    ['Exd', field('d', String.raw`[1-2]\d|0[1-9]|3[0-1]`)],
    ['Exm', field('m', '0[1-9]|1[0-2]')],
    ['ExH', field('H', String.raw`[0-1]\d|2[0-3]`)],
    ['Exk', ` ?${field('H', hour)}`],
    ['Exl', ` ?${field('I', String.raw`1[0-2]|\d`)}`],
    ['ExM', field('M', String.raw`[0-5]\d`)],
    ['ExS', field('S', String.raw`[0-5]\d|6[0-1]`)],
    ['ExZ', field('Z', ZONE)],
    ['Exz', field('z', `(?:${ZONE})?${OFFSET}|${ZONE}`)],
  ]);
}

/** Fields that are words: upper and lower case are the same then. */
export const WORD_FIELDS = /(?<!%)%[aAbBpc]/;
