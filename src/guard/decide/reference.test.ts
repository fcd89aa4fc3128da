import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReference, REFERENCE_BYTES, REFERENCE_LETTERS, referenceOf } from './reference.ts';

const bytes = fc.uint8Array({ minLength: REFERENCE_BYTES, maxLength: REFERENCE_BYTES });

describe('a reference', () => {
  it('is short, and has nothing in it that is misheard or makes a word', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        expect(referenceOf(random)).toMatch(/^[2-9B-DF-HJ-NP-TV-XZ]{3}-[2-9B-DF-HJ-NP-TV-XZ]{3}$/);
      }),
    );
    expect(referenceOf(new Uint8Array(8))).toBe('222-222');
    expect(referenceOf(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 27))).toBe('Z22-222');
  });

  it('has every letter in every place, about as often', () => {
    const random = new Uint8Array(8);
    const counts = new Map<string, number>();
    let state = 1;
    for (let i = 0; i < 28_000; i++) {
      for (let b = 0; b < 8; b++) random[b] = (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
      const code = referenceOf(random).replace('-', '');
      for (let place = 0; place < code.length; place++) {
        const key = `${code[place]} ${place}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(6 * REFERENCE_LETTERS.length);
    for (const n of counts.values()) expect(Math.abs(n - 1000)).toBeLessThan(200);
  });

  it('is understood however it is typed', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const reference = referenceOf(random);
        const bare = reference.replace('-', '');
        for (const typed of [reference, bare, bare.toLowerCase(), bare.split('').join(' '), ` ${reference}\n`]) {
          expect(parseReference(typed)).toEqual({ ok: true, value: reference });
        }
      }),
    );
  });

  it.each(['', 'K7P-4Q', 'K7P-4QDD', 'K7P-4QO', 'K7P_4QD', 'K7P-4ß', 'K7P-4Qſ'])('%j is none', (text) => {
    expect(parseReference(text)).toMatchObject({ ok: false, code: 'value-invalid' });
  });
});
