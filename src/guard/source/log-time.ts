/** English names of months, as logs have them. */
export const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** Two digits at a place; -1 for anything else. */
export function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Milliseconds of `hh:mm:ss`; NaN for anything else. 60 is a leap second. */
function clock(text: string, at: number): number {
  const [hours, minutes, seconds] = [two(text, at), two(text, at + 3), two(text, at + 6)];
  const isOne = hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 && seconds >= 0 && seconds <= 60;
  return isOne ? ((hours * 60 + minutes) * 60 + seconds) * 1000 : NaN;
}

/** Milliseconds that a zone such as `+0100` or `+01:00` is ahead; 0 for `Z`. */
function zone(text: string, at: number): number {
  if (text[at] === 'Z') return 0;
  const colon = text[at + 3] === ':' ? 1 : 0;
  const ahead = (two(text, at + 1) * 60 + two(text, at + 3 + colon)) * 60_000;
  return text[at] === '+' ? ahead : text[at] === '-' ? -ahead : NaN;
}

/** A date must be one that the calendar has. */
function dayOf(year: number, month: number, day: number): number {
  const date = new Date(Date.UTC(year, month, day));
  return date.getUTCMonth() === month && date.getUTCDate() === day ? date.getTime() : NaN;
}

/** Reads times of one kind; a day is looked at once. */
export interface TimeReader {
  /** Characters that such a time has; 0 when they differ. */
  readonly length: number;
  /** Milliseconds since 1970; NaN when none stands there. */
  read(text: string, from: number, to: number): number;
}

/** `21/Nov/2026:00:00:00 +0000`: `$time_local` of nginx, `%t` of Apache without its brackets. */
export function commonTime(): TimeReader {
  let lastDay = '';
  let midnight = NaN;
  return {
    length: 26,
    read(text, from) {
      if (lastDay === '' || !text.startsWith(lastDay, from)) {
        const month = MONTHS.indexOf(text.slice(from + 3, from + 6)) / 3;
        const year = two(text, from + 7) * 100 + two(text, from + 9);
        midnight = Number.isInteger(month) && month >= 0 ? dayOf(year, month, two(text, from)) : NaN;
        if (Number.isNaN(midnight)) return NaN;
        lastDay = Buffer.from(text.slice(from, from + 12), 'latin1').toString('latin1');
      }
      return midnight + clock(text, from + 12) - zone(text, from + 21);
    },
  };
}

/** `2026-11-21T00:00:00+00:00`, with a fraction or without: `$time_iso8601` of nginx, newer syslogs. */
export function isoTime(): TimeReader {
  let lastDay = '';
  let midnight = NaN;
  return {
    length: 0,
    read(text, from, to) {
      if (to - from < 20 || to - from > 40) return NaN;
      if (lastDay === '' || !text.startsWith(lastDay, from)) {
        midnight = dayOf(two(text, from) * 100 + two(text, from + 2), two(text, from + 5) - 1, two(text, from + 8));
        if (Number.isNaN(midnight)) return NaN;
        lastDay = Buffer.from(text.slice(from, from + 11), 'latin1').toString('latin1');
      }
      let at = from + 19;
      while (at < to && (text[at] === '.' || (text[at]! >= '0' && text[at]! <= '9'))) at++;
      const fraction = at > from + 20 ? Number(`0${text.slice(from + 19, at)}`) * 1000 : 0;
      return midnight + clock(text, from + 11) + Math.floor(fraction) - zone(text, at);
    },
  };
}

/** `1763683200.123`: `$msec` of nginx. */
export const secondsTime = (): TimeReader => ({
  length: 0,
  read: (text, from, to) => (to - from <= 17 && to > from ? Math.round(Number(text.slice(from, to)) * 1000) : NaN),
});
