import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpiryHeap } from './expiry-heap.ts';

describe('an expiry heap', () => {
  it('gives slots by their end, whichever were taken out before', () => {
    const ends = fc.array(fc.nat(1000), { minLength: 20, maxLength: 80 });
    fc.assert(
      fc.property(ends, fc.array(fc.nat(79), { maxLength: 30 }), (all, taken) => {
        const heap = new ExpiryHeap();
        all.forEach((end, slot) => heap.add(slot, end));
        const left = new Set(all.keys());
        for (const slot of taken) {
          if (left.delete(slot)) heap.remove(slot);
        }
        const order: number[] = [];
        while (heap.first >= 0) {
          expect(heap.firstEnd).toBe(all[heap.first]);
          order.push(heap.firstEnd);
          left.delete(heap.first);
          heap.remove(heap.first);
        }
        expect(left.size).toBe(0);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        expect(heap.firstEnd).toBe(Infinity);
      }),
      { numRuns: 500 },
    );
  });
});
