import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, LONGEST, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['2h', 7_200_000, '2 hours'],
    ['90m', 5_400_000, '1 hour 30 minutes'],
    ['1d12h', 129_600_000, '1 day 12 hours'],
    ['1 day 12 hours', 129_600_000, '1 day 12 hours'],
    ['1w', 604_800_000, '1 week'],
    ['10d', 864_000_000, '10 days'],
    ['1s', 1000, '1 second'],
    [' 2h ', 7_200_000, '2 hours'],
    ['forever', null, 'forever'],
  ])('%j is %s ms, in words %j', (text, ms, words) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
    expect(formatDuration(ms)).toBe(words);
  });

  it.each([
    ['30', "'30' has no unit", 'write 30s for seconds, 30m for minutes, 30h for hours, 30d for days'],
    ['2M', "'2M' has the unit 'M', which is not known", 'a month has no fixed length: write 60d'],
    ['1y', "'1y' has the unit 'y', which is not known", 'write 365d'],
    ['12h1d', "'12h1d' has its units out of order", 'write the larger unit first, each of them once'],
    ['2h2h', "'2h2h' has its units out of order", 'write the larger unit first, each of them once'],
    ['0h', "'0h' is no time at all", 'write a number with its unit, such as 90m, 2h, 1d12h, 1w, or forever'],
    ['200000000w', "'200000000w' is longer than a hundred years", 'write forever'],
  ])('%j is refused', (text, message, hint) => {
    expect(parseDuration(text)).toEqual({ ok: false, code: 'duration-invalid', message, hint });
  });

  it.each(['', '-2h', '1.5h', 'h', '2h x', '2 h 3', 'Forever', '2h!', '٣h'])('%j is none', (text) => {
    expect(parseDuration(text)).toMatchObject({ ok: false, code: 'duration-invalid' });
  });

  it('is read back from its words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: LONGEST / 1000 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1000))).toEqual({ ok: true, value: seconds * 1000 });
      }),
    );
    expect(formatDuration(1)).toBe('1 second');
    expect(formatDuration(-5)).toBe('0 seconds');
  });

  it('never throws, and is a whole number within its range', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{0,30}[smhdw ]{0,3}[0-9]{0,9}[smhdw]?$/)), (text) => {
        const read = parseDuration(text);
        if (!read.ok || read.value === null) return;
        expect(Number.isSafeInteger(read.value)).toBe(true);
        expect(read.value).toBeGreaterThan(0);
        expect(read.value).toBeLessThanOrEqual(LONGEST);
      }),
      { numRuns: 1000 },
    );
  });
});
