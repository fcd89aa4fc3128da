import { describe, expect, it } from 'vitest';
import { BoundedPattern } from './bounded-pattern.ts';
import { InTime } from './in-time.ts';

describe('patterns of strangers', () => {
  it('that take too long are switched off and named; the stream goes on', () => {
    const evil = new BoundedPattern(/^(?:a+)+$/, 'evil');
    const good = new BoundedPattern(/^(\w+)!$/, 'good');
    const slow: string[] = [];
    const inTime = new InTime(({ pattern, text }) => slow.push(`${pattern.name} ${text.length}`));
    const lines = ['ab!', `${'a'.repeat(60)}!`, 'cd!', `${'a'.repeat(61)}!`];
    const seen: string[] = [];
    const start = performance.now();
    inTime.each(
      lines,
      (line) => evil.exec(line) ?? good.exec(line),
      (found, line) => {
        if (found) seen.push(line);
      },
    );
    expect(performance.now() - start).toBeLessThan(150);
    expect(seen).toEqual(lines);
    expect(slow).toEqual(['evil 61']);
    expect(evil.isOff).toBe(true);
    expect(good.isOff).toBe(false);
  });

  it('are blamed too where many of them take too long together', () => {
    // each of them for itself is below the limit
    const some = Array.from({ length: 40 }, (_, i) => new BoundedPattern(/^(?:a|a)*b$/, `some ${i}`));
    const slow: string[] = [];
    const inTime = new InTime(({ pattern }) => slow.push(pattern.name));
    let isDone = false;
    const line = 'a'.repeat(17);
    const start = performance.now();
    inTime.each(
      [line, ''],
      (text) => {
        for (const pattern of some) for (let i = 0; i < 8; i++) pattern.exec(text);
      },
      (_, text) => (isDone = text === ''),
    );
    expect(performance.now() - start).toBeLessThan(300);
    expect(isDone).toBe(true);
    expect(slow).toHaveLength(1);
  });

  it('are not blamed for what goes wrong in between', () => {
    const inTime = new InTime(() => undefined);
    const nothing = (): void => undefined;
    expect(() => inTime.each([1], () => JSON.parse('{') as unknown, nothing)).toThrow(SyntaxError);
    inTime.each([], () => expect.unreachable(), nothing);
  });

  it('have what they found taken once and in order, however busy the machine is', () => {
    const inTime = new InTime(() => undefined);
    const items = Array.from({ length: 200 }, (_, i) => i);
    for (const together of [1, Infinity]) {
      const taken: number[] = [];
      // every tenth search is held up by something else
      let count = 0;
      const search = (item: number): number => {
        const end = performance.now() + (count++ % 10 === 9 ? 8 : 0);
        while (performance.now() < end);
        return item * 2;
      };
      inTime.each(items, search, (found, item) => taken.push(item, found), together);
      expect(taken).toEqual(items.flatMap((i) => [i, i * 2]));
    }
  });
});
