import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holds, slowMember, type Key } from '../../../test/oracle/element-lookup.ts';
import { ipv4, ipv6, prefixOf, type Address } from '../../ip/index.ts';
import type { Element, Entry } from '../../model/index.ts';
import { indexEntries } from './element-index.ts';

// Few values, so that keys meet elements
const v4 = fc.integer({ min: 0, max: 40 }).map((n) => ipv4(0x0a000000 + n));
const v6 = fc.integer({ min: 0, max: 40 }).map((n) => ipv6(0xfd000000, 0, n % 3, n));
const number = fc.integer({ min: 0, max: 30 });
const word = fc.constantFrom('eth0', 'eth1', 'wg0', 'e');

const key = fc.oneof<fc.Arbitrary<Key>[]>(v4, v6, number, word);

const prefixes = (a: fc.Arbitrary<Address>, from: number): fc.Arbitrary<Element> =>
  fc
    .tuple(a, fc.integer({ min: from, max: from + 8 }))
    .map(([address, n]) => ({ kind: 'prefix', prefix: prefixOf(address, n) }));

const simple: fc.Arbitrary<Element> = fc.oneof(
  fc.oneof(v4, v6).map((address): Element => ({ kind: 'address', address })),
  number.map((n): Element => ({ kind: 'number', number: n })),
  word.map((text): Element => ({ kind: 'text', text })),
  word.map((start): Element => ({ kind: 'name-start', start })),
  fc
    .tuple(number, number)
    .map(([a, b]): Element => ({ kind: 'number-range', from: Math.min(a, b), to: Math.max(a, b) })),
  fc
    .tuple(v4, v4)
    .map(([a, b]): Element =>
      a.w3 < b.w3 ? { kind: 'address-range', from: a, to: b } : { kind: 'address-range', from: b, to: a },
    ),
  prefixes(v4, 24),
  prefixes(v6, 120),
);

const entry = (k: Element): Entry => ({ key: k });

describe('indexEntries', () => {
  it('finds what trying every single element finds', () => {
    fc.assert(
      fc.property(fc.array(simple, { maxLength: 12 }), key, (elements, k) => {
        const found = indexEntries(elements.map(entry))(k);
        expect(found !== undefined).toBe(elements.some((e) => holds(e, k)));
        if (found) expect(holds(found.key, k)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('finds what trying every concatenation finds', () => {
    const row = fc.array(simple, { minLength: 2, maxLength: 2 }).map((parts): Element => ({ kind: 'concat', parts }));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 12 }), fc.tuple(key, key), (elements, k) => {
        expect(indexEntries(elements.map(entry))(k) !== undefined).toBe(elements.some((e) => holds(e, k)));
      }),
      { numRuns: 3000 },
    );
  });

  it('lets the narrowest of nested prefixes decide, as ipset does with nomatch', () => {
    const item = fc.tuple(fc.oneof(prefixes(v4, 24)), fc.boolean()).map(([k, except]): Entry => ({ key: k, except }));
    const distinct = fc.uniqueArray(item, { maxLength: 10, selector: (e) => JSON.stringify(e.key) });
    fc.assert(
      fc.property(distinct, v4, (entries, k) => {
        expect(indexEntries(entries)(k) !== undefined).toBe(slowMember(entries, k));
      }),
      { numRuns: 3000 },
    );
  });

  it('gives `*` only what no other key takes', () => {
    const find = indexEntries([{ key: { kind: 'anything' } }, { key: { kind: 'number', number: 80 } }]);
    expect(find(80)?.key.kind).toBe('number');
    expect(find(81)?.key.kind).toBe('anything');
  });
});
