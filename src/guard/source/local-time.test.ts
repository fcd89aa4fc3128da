import { afterEach, describe, expect, it } from 'vitest';
import { commonTimeHere, syslogTime } from './local-time.ts';

const zoneBefore = process.env['TZ'];
afterEach(() => {
  if (zoneBefore === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneBefore;
});

/** Reads texts one after the other at that time, in that zone. */
function read(texts: readonly string[], { now = '2026-11-22T00:00:00Z', zone = 'UTC' }): readonly string[] {
  process.env['TZ'] = zone;
  const reader = syslogTime(() => Date.parse(now));
  return texts.map((text) => {
    const time = reader.read(text, 0, text.length);
    return Number.isNaN(time) ? 'none' : new Date(time).toISOString();
  });
}

describe('times without a zone', () => {
  it('are of the last such day, at most a day ahead', () => {
    const now = '2027-01-01T00:30:00Z';
    expect(read(['Dec 31 23:59:59', 'Jan  1 00:00:01', 'Jan  3 00:00:00', 'Feb 29 12:00:00'], { now })).toEqual([
      '2026-12-31T23:59:59.000Z',
      '2027-01-01T00:00:01.000Z',
      '2026-01-03T00:00:00.000Z',
      '2024-02-29T12:00:00.000Z',
    ]);
    // a clock that is an hour ahead at the turn of the year
    expect(read(['Jan  1 00:30:00'], { now: '2026-12-31T23:30:00Z' })).toEqual(['2027-01-01T00:30:00.000Z']);
    expect(read(['Feb 30 00:00:00', 'Nov 31 00:00:00', 'Nov  0 00:00:00', 'Now 21 00:00:00'], {})).toEqual(
      Array(4).fill('none'),
    );
    expect(read(['Nov 21 24:00:00', 'Nov 21 10:60:00', 'Nov 21 1x:00:00', 'Nov 21 10:00'], {})).toEqual(
      Array(4).fill('none'),
    );
  });
  it('follow a year that turns while they are read', () => {
    process.env['TZ'] = 'UTC';
    let now = Date.parse('2026-12-31T23:00:00Z');
    const reader = syslogTime(() => now);
    expect(new Date(reader.read('Dec 31 23:00:00', 0, 15)).getUTCFullYear()).toBe(2026);
    now = Date.parse('2027-01-05T00:00:00Z');
    expect(new Date(reader.read('Jan  5 00:00:00', 0, 15)).getUTCFullYear()).toBe(2027);
  });
  it('go on when clocks are changed', () => {
    const zone = 'Europe/Berlin';
    // 29 March: 2 o'clock is missing; 25 October: it is there twice
    expect(read(['Mar 29 01:59:59', 'Mar 29 03:00:00', 'Mar 29 12:00:00'], { zone })).toEqual([
      '2026-03-29T00:59:59.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T10:00:00.000Z',
    ]);
    const twice = ['Oct 25 02:30:00', 'Oct 25 02:59:59', 'Oct 25 02:59:30', 'Oct 25 02:00:00', 'Oct 25 02:30:00'];
    expect(read([...twice, 'Oct 25 03:00:00'], { zone })).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T00:59:59.000Z',
      '2026-10-25T00:59:30.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:00:00.000Z',
    ]);
  });
  it('of HAProxy have a year', () => {
    process.env['TZ'] = 'America/New_York';
    const reader = commonTimeHere();
    const at = (text: string): number => reader.read(text, 0, text.length);
    expect(new Date(at('21/Nov/2026:10:00:00.123')).toISOString()).toBe('2026-11-21T15:00:00.000Z');
    expect(new Date(at('21/Jul/2026:10:00:00.123')).toISOString()).toBe('2026-07-21T14:00:00.000Z');
    expect(at('31/Nov/2026:10:00:00.123')).toBeNaN();
    expect(at('21/Nov/x026:10:00:00.123')).toBeNaN();
  });
});
