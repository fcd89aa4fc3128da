import { remembered } from './remembered.ts';

/** The end of a block as people read it. All empty when no end is set. */
export interface EndWords {
  /** `2026-11-22T20:00:00.000Z` */
  readonly iso: string;
  /** `22 November 2026 at 20:00 UTC` */
  readonly at: string;
  /** `in 2 hours`; empty when it is over. */
  readonly within: string;
}

const NO_END: EndWords = { iso: '', at: '', within: '' };

/** The last moment that a Date can hold (ECMA-262, time values and time range). */
const LAST_MOMENT = 8.64e15;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How times are written in a language. Dear to make and to use. */
interface Writer {
  readonly at: (until: string) => string;
  /** Of a number and a unit with a space between. */
  readonly within: (span: string) => string;
}

const writerOf = remembered((language): Writer => {
  const at = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const within = new Intl.RelativeTimeFormat(language, { numeric: 'always' });
  return {
    at: remembered((until) => `${at.format(Number(until))} UTC`),
    within: remembered((span) => {
      const [count, unit] = span.split(' ');
      return within.format(Number(count), unit as Intl.RelativeTimeFormatUnit);
    }),
  };
});

const isoOf = remembered((until) => new Date(Number(until)).toISOString());

/** Whether a block has an end that can be written as a date. */
export const hasEnd = (until: number | null): until is number => until !== null && Math.abs(until) <= LAST_MOMENT;

/** The end in a language, seen from `now` (both in milliseconds since 1970). */
export function endWords(until: number | null, now: number, language: string): EndWords {
  if (!hasEnd(until)) return NO_END;
  const { at, within } = writerOf(language);
  return {
    iso: isoOf(String(until)),
    at: at(String(until)),
    within: until > now ? within(spanUntil(until, now)) : '',
  };
}

/** The time left, in the nearest whole hours or days; minutes are rounded up. Empty when none is left, or there is no end. */
export function spanUntil(until: number | null, now: number): string {
  if (!hasEnd(until) || until <= now) return '';
  const ms = until - now;
  if (ms <= 90 * MINUTE) return `${Math.ceil(ms / MINUTE)} minute`;
  return ms <= 36 * HOUR ? `${Math.round(ms / HOUR)} hour` : `${Math.round(ms / DAY)} day`;
}
