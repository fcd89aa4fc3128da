import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDifference, withDifference } from './line-difference.ts';

const some = fc.uniqueArray(
  fc.string({ minLength: 1 }).filter((l) => !l.includes('\n')),
  { minLength: 6, maxLength: 20 },
);

describe('what differs between two texts', () => {
  it('goes in and out again, and leaves every other line', () => {
    fc.assert(
      fc.property(some, fc.nat(), fc.boolean(), (lines, n, ends) => {
        const end = ends ? [''] : [];
        const [old, own, other] = [lines.slice(2, -1), lines.slice(0, 2), lines.at(-1)!];
        const at = 1 + (n % old.length);
        const from = [...old, ...end].join('\n');
        const to = [...old.slice(0, at), ...own, ...old.slice(at), ...end].join('\n');
        expect(withDifference(from, lineDifference(from, to))).toBe(to);
        expect(withDifference(to, lineDifference(to, from))).toBe(from);
        // somebody else added a line on top meanwhile
        expect(withDifference(`${other}\n${to}`, lineDifference(to, from))).toBe(`${other}\n${from}`);
      }),
    );
  });

  it('is found again where others changed the file elsewhere', () => {
    const difference = lineDifference('1\n2\n3\n', '1\n2\nown\nown too\n3\n');
    const back = lineDifference('1\n2\nown\nown too\n3\n', '1\n2\n3\n');
    expect(withDifference('0\n1\n2\n3\n4', difference)).toBe('0\n1\n2\nown\nown too\n3\n4');
    expect(withDifference('0\n2\nown\nown too\nnew\n3', back)).toBe('0\n2\nnew\n3');
  });

  it('is made once, and not where its place is gone or there twice', () => {
    const difference = lineDifference('a\nb\n', 'a\nX\nb\n');
    expect(withDifference('a\nX\nb\n', difference)).toBe('a\nX\nb\n');
    expect(withDifference('a\nc\n', difference)).toBeNull();
    expect(withDifference('a\nb\na\nb\n', difference)).toBeNull();
    expect(withDifference('a\nb\n', lineDifference('a\nX\nb\n', 'a\nb\n'))).toBe('a\nb\n');
  });
});
