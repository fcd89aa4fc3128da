import { describe, expect, it } from 'vitest';
import { Remembered } from '../../src/guard/page/remembered.ts';

describe('what is remembered', () => {
  it('is bounded in number and length: strangers choose the keys', () => {
    const known = new Remembered<number>();
    const keys = Array.from({ length: 5000 }, (_, i) => `key ${i}`);
    keys.forEach((key, i) => known.set(key, i));
    const kept = keys.filter((key) => known.get(key) !== undefined);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThanOrEqual(500);
    expect(known.set('x'.repeat(2000), 7)).toBe(7);
    expect(known.get('x'.repeat(2000))).toBeUndefined();
  });
});
