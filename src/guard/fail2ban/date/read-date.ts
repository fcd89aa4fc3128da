import { LONG_MONTHS, SHORT_MONTHS } from './date-fields.ts';
import { zoneMinutes } from './zones.ts';

/** What stands around a date. */
export interface DateSurroundings {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Minutes east of Greenwich of times without a zone; null: those of this machine. */
  readonly zone: number | null;
}

const DAY = 24 * 3_600_000;

/** The text of a field; undefined when it is not there. */
export type FieldText = (name: string) => string | undefined;

/**
 * The time that the fields of a date say, in milliseconds since 1970, whole seconds; null when there is no such day or zone. A time without a
 * date is the last one of that kind, and a year that is not said is this one or the one before.
 */
export function readDate(field: FieldText, { now, zone }: DateSurroundings): number | null {
  const today = new Date(now);
  const year = yearOf(field);
  const [month, day] = dayOf(field, year ?? today.getFullYear(), today);
  const hour = hourOf(field);
  const minute = Number(field('M') ?? 0);
  const second = Number(field('S') ?? 0);
  const minutes = zoneOf(field, zone);
  if (minutes === undefined || second > 59 || hour > 23) return null;
  const at = (y: number): number => {
    const utc = Date.UTC(y, month, day, hour, minute, second);
    if (new Date(utc).getUTCMonth() !== month) return NaN;
    return minutes === null ? new Date(y, month, day, hour, minute, second).getTime() : utc - minutes * 60_000;
  };
  let time = at(year ?? today.getFullYear());
  const saysDay = ['d', 'm', 'b', 'B', 'j'].some((name) => field(name) !== undefined);
  if (!saysDay && time > now) time -= DAY;
  if (year === null && time > now + DAY) time = at(today.getFullYear() - 1);
  return Number.isNaN(time) ? null : time;
}

function yearOf(field: FieldText): number | null {
  const whole = field('Y');
  const short = field('y');
  return whole !== undefined ? Number(whole) : short !== undefined ? 2000 + Number(short) : null;
}

/** Month from 0, and day. */
function dayOf(field: FieldText, year: number, today: Date): readonly [number, number] {
  const ofYear = field('j');
  if (ofYear !== undefined && field('d') === undefined) {
    const date = new Date(Date.UTC(year, 0, Number(ofYear)));
    return [date.getUTCMonth(), date.getUTCDate()];
  }
  const number = field('m');
  const short = field('b')?.toLowerCase();
  const long = field('B')?.toLowerCase();
  const month =
    number !== undefined
      ? Number(number) - 1
      : short !== undefined
        ? SHORT_MONTHS.indexOf(short)
        : long !== undefined
          ? LONG_MONTHS.indexOf(long)
          : today.getMonth();
  return [month, Number(field('d') ?? today.getDate())];
}

function hourOf(field: FieldText): number {
  const short = field('I');
  if (short === undefined) return Number(field('H') ?? 0);
  return (Number(short) % 12) + (field('p')?.toLowerCase() === 'pm' ? 12 : 0);
}

/** Minutes; null when the machine's zone counts, undefined when the text names none that is known. */
function zoneOf(field: FieldText, usual: number | null): number | null | undefined {
  const said = field('z') ?? field('Z');
  return said === undefined ? usual : (zoneMinutes(said) ?? undefined);
}
