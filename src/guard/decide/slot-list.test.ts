import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlotList } from './slot-list.ts';

const change = fc.record({ isAdded: fc.boolean(), slot: fc.nat(9) });

describe('a list of slots', () => {
  it('gives what is in it in order, and changes while it is walked through', () => {
    const changes = fc.array(change, { maxLength: 6 });
    fc.assert(
      fc.property(changes, fc.array(changes, { minLength: 12, maxLength: 12 }), (before, during) => {
        const list = new SlotList();
        // each time that a slot is added it is another one: a slot may come back behind those that follow it
        let order: { readonly slot: number; readonly nth: number }[] = [];
        let nth = 0;
        const apply = ({ isAdded, slot }: { isAdded: boolean; slot: number }): void => {
          const isIn = order.some((o) => o.slot === slot);
          if (isAdded && !isIn) {
            list.append(slot);
            order.push({ slot, nth: nth++ });
          } else if (!isAdded && isIn) {
            list.remove(slot);
            order = order.filter((o) => o.slot !== slot);
          }
        };
        for (let slot = 0; slot < 6; slot++) apply({ isAdded: true, slot });
        before.forEach(apply);
        let last = -1;
        let step = 0;
        for (const slot of list) {
          const expected = order.find((o) => o.nth > last);
          expect(slot).toBe(expected?.slot);
          last = expected!.nth;
          (during[step++] ?? []).forEach(apply);
        }
        expect(order.find((o) => o.nth > last)).toBe(undefined);
        expect([...list]).toEqual(order.map((o) => o.slot));
      }),
      { numRuns: 2000 },
    );
  });
});
