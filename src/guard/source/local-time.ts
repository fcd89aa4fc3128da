import { MONTHS, two, type TimeReader } from './log-time.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** So far lines may stand in another order than they were written, in milliseconds. */
const DISORDER = 60_000;

/**
 * Times without a zone, which is this machine's. An hour that a clock put back makes twice is the first one, as long as the times go on.
 */
class LocalClock {
  #hourText = '';
  #hour = NaN;
  #isTwice = false;
  #last = NaN;

  /** Milliseconds since 1970. `hourText`: all of the text down to the hour; `startOf` its beginning, asked for each hour once. */
  read(hourText: string, at: { readonly text: string; readonly minutes: number }, startOf: () => Date | null): number {
    const [minutes, seconds] = [two(at.text, at.minutes), two(at.text, at.minutes + 3)];
    if (minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return NaN;
    if (hourText !== this.#hourText) {
      const start = startOf();
      if (start === null || Number.isNaN(start.getTime())) return NaN;
      this.#hourText = Buffer.from(hourText, 'latin1').toString('latin1');
      this.#hour = start.getTime();
      this.#isTwice = new Date(this.#hour + HOUR).getHours() === start.getHours();
    }
    const time = this.#hour + (minutes * 60 + seconds) * 1000;
    return (this.#last = this.#isTwice && time < this.#last - DISORDER ? time + HOUR : time);
  }
}

/** The hour of that day on this machine's clocks; null when the calendar has no such day. */
function hourOf(year: number, month: number, day: number, hours: number): Date | null {
  if (hours < 0 || hours > 23 || day < 1 || day > new Date(year, month + 1, 0).getDate()) return null;
  return new Date(year, month, day, hours);
}

/** Which month stands there, from 0; -1 for none. */
function monthAt(text: string, at: number): number {
  const found = MONTHS.indexOf(text.slice(at, at + 3));
  return found % 3 === 0 ? found / 3 : -1;
}

/**
 * `Nov 21 00:00:00`: syslog (RFC 3164) has neither year nor zone. The zone is this machine's; the year is the last one in which the
 * day is at most a day ahead of `clock` (milliseconds since 1970).
 */
export function syslogTime(clock: () => number): TimeReader {
  const local = new LocalClock();
  return {
    length: 15,
    read(text, from) {
      const startOf = (): Date | null => {
        const month = monthAt(text, from);
        const ones = text.charCodeAt(from + 5) - 48;
        const day = text[from + 4] === ' ' ? (ones >= 0 && ones <= 9 ? ones : -1) : two(text, from + 4);
        return month < 0 ? null : lastOf(clock(), (year) => hourOf(year, month, day, two(text, from + 7)));
      };
      return local.read(text.slice(from, from + 9), { text, minutes: from + 10 }, startOf);
    },
  };
}

/** 29 February may be years back. */
function lastOf(now: number, dateIn: (year: number) => Date | null): Date | null {
  const year = new Date(now).getFullYear() + 1;
  for (let back = 0; back < 9; back++) {
    const date = dateIn(year - back);
    if (date !== null && date.getTime() <= now + DAY) return date;
  }
  return null;
}

/** `21/Nov/2026:00:00:00.000`: what HAProxy writes, without a zone; parts of a second are left out. */
export function commonTimeHere(): TimeReader {
  const local = new LocalClock();
  return {
    length: 0,
    read(text, from, to) {
      if (to - from < 20 || to - from > 27) return NaN;
      const startOf = (): Date | null => {
        const [month, century, year] = [monthAt(text, from + 3), two(text, from + 7), two(text, from + 9)];
        if (month < 0 || century < 0 || year < 0) return null;
        return hourOf(century * 100 + year, month, two(text, from), two(text, from + 12));
      };
      return local.read(text.slice(from, from + 14), { text, minutes: from + 15 }, startOf);
    },
  };
}
