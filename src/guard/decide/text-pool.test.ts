import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownText, TextPool } from './text-pool.ts';

describe('texts', () => {
  it('stay what they are', () => {
    const pool = new TextPool();
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(text, fc.constant('a lone \ud800 surrogate'), text), (t) => {
        expect(ownText(t)).toBe(t);
        expect(pool.shared(t)).toBe(t);
      }),
    );
  });
});
