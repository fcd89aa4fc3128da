import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecisionList } from '../../../test/oracle/decision-list.ts';
import { formatPrefix, fromBigInt, ipv4, parsePrefix, prefixOf, type Family, type Prefix } from '../../ip/index.ts';
import { DecisionBook } from './decision-book.ts';
import { originOf, REST, type Decision, type Origin } from './decision.ts';

const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};

const decision = (text: string, until: number | null, more: Partial<Decision> = {}): Decision => ({
  prefix: prefix(text),
  reason: `reason until ${until}`,
  reference: 'K7P-4QD',
  since: 0,
  until,
  by: 'anna',
  evidence: [],
  rest: 'through',
  ...more,
});

const names = (all: Iterable<Decision>): string[] => [...all].map((d) => formatPrefix(d.prefix));

// few addresses, so that prefixes are the same and nest
const anyAddress = fc.oneof(
  fc.tuple(fc.constantFrom(10, 203), fc.nat(1), fc.nat(3)).map(([a, b, c]) => ipv4(a * 0x1000000 + b * 0x8000 + c)),
  fc.tuple(fc.constantFrom(1n, 0x20010db8n), fc.bigInt(0n, 2n)).map(([a, b]) => fromBigInt((a << 96n) | b, 6)),
);
const anyPrefix = fc
  .tuple(anyAddress, fc.constantFrom(0, 8, 24, 31, 32, 64, 127, 128))
  .map(([a, n]) => prefixOf(a, a.family === 4 ? Math.min(n, 32) : n));
const anyDecision = fc.record({
  prefix: anyPrefix,
  reason: fc.constantFrom('scanned the site for holes', 'too many requests', ''),
  reference: fc.constantFrom('K7P-4QD', 'ZZZ-999'),
  since: fc.nat(20),
  until: fc.option(fc.nat(40)),
  by: fc.constantFrom('anna', 'detector'),
  evidence: fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 3 }),
  rest: fc.constantFrom(...REST),
});
const step = fc.oneof(
  { weight: 4, arbitrary: anyDecision.map((d) => ({ do: 'block' as const, d })) },
  { weight: 1, arbitrary: anyPrefix.map((p) => ({ do: 'lift' as const, p })) },
  { weight: 1, arbitrary: fc.nat(45).map((now) => ({ do: 'expire' as const, now })) },
);

describe('a book of decisions', () => {
  it('is what a scan of a list of them says', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), anyAddress, fc.nat(45), fc.integer(), (steps, a, now, seed) => {
        const book = new DecisionBook(seed);
        const list = new DecisionList();
        for (const s of steps) {
          if (s.do === 'block') {
            const counts = book.block(s.d);
            list.block(s.d);
            expect(counts).toEqual(book.get(s.d.prefix, -1));
          } else if (s.do === 'lift') {
            expect(book.lift(s.p)).toEqual(list.lift(s.p));
          } else {
            const ended = book.expire(s.now);
            expect(ended.map((d) => d.until)).toEqual(ended.map((d) => d.until).sort((x, y) => x! - y!));
            const sorted = (all: Decision[]): string[] => all.map((d) => JSON.stringify(d)).sort();
            expect(sorted(ended)).toEqual(sorted(list.expire(s.now)));
          }
          expect(book.size).toBe(list.size);
        }
        const kept = (family: Family, origin: Origin): number =>
          list.all(-1).filter((d) => d.prefix.address.family === family && originOf(d) === origin).length;
        for (const family of [4, 6] as const)
          expect(book.counts[family]).toEqual({ hand: kept(family, 'hand'), list: kept(family, 'list') });
        expect([...book.all(now)]).toEqual(list.all(now));
        expect(book.at(a, now)).toEqual(list.at(a, now));
        expect(book.withReference('ZZZ-999', now)).toEqual(list.all(now).filter((d) => d.reference === 'ZZZ-999'));
        const ends = list.all(-1).flatMap((d) => (d.until === null ? [] : [d.until]));
        expect(book.nextEnd).toBe(ends.length === 0 ? null : Math.min(...ends));
      }),
      { numRuns: 1000 },
    );
  });

  it('takes the same prefix twice as one decision that lasts longer', () => {
    const book = new DecisionBook();
    book.block(decision('203.0.113.7', 100, { evidence: ['one'], since: 5 }));
    const counts = book.block(
      decision('203.0.113.7', 90, { evidence: ['two'], since: 7, reference: 'BBB-222', by: 'detector' }),
    );
    expect(counts).toEqual(decision('203.0.113.7', 100, { evidence: ['one', 'two'], since: 5 }));
    expect(book.block(decision('203.0.113.7', null, { rest: 'drop', since: 8 }))).toMatchObject({
      reason: 'reason until null',
      rest: 'drop',
      since: 5,
    });
    expect(book.size).toBe(1);
    expect(book.nextEnd).toBe(null);
  });

  it('keeps the newest twenty lines of evidence', () => {
    const book = new DecisionBook();
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    expect(book.block(decision('203.0.113.7', 10, { evidence: lines })).evidence).toEqual(lines.slice(10));
    expect(book.block(decision('203.0.113.7', 10, { evidence: ['x'] })).evidence).toEqual([...lines.slice(11), 'x']);
  });

  it('begins anew when the last one had ended', () => {
    const book = new DecisionBook();
    book.block(decision('203.0.113.7', 100, { evidence: ['one'], reference: 'AAA-222' }));
    const next = decision('203.0.113.7', 120, { evidence: ['two'], since: 100 });
    expect(book.block(next)).toEqual(next);
  });

  it('lets overlapping prefixes alone', () => {
    const book = new DecisionBook();
    for (const p of ['203.0.113.0/24', '203.0.113.7', '203.0.113.0/25']) book.block(decision(p, null));
    const { address } = prefix('203.0.113.7');
    expect(names(book.at(address, 0))).toEqual(['203.0.113.7/32', '203.0.113.0/25', '203.0.113.0/24']);
    book.lift(prefix('203.0.113.0/24'));
    expect(names(book.at(address, 0))).toEqual(['203.0.113.7/32', '203.0.113.0/25']);
    expect(book.lift(prefix('203.0.113.0/26'))).toBe(undefined);
  });

  it('counts a decision until its end to the millisecond', () => {
    const book = new DecisionBook();
    book.block(decision('203.0.113.7', 100));
    const { address } = prefix('203.0.113.7');
    expect(names(book.at(address, 99))).toEqual(['203.0.113.7/32']);
    expect(book.expire(99)).toEqual([]);
    expect(book.at(address, 100)).toEqual([]);
    expect([...book.all(100)]).toEqual([]);
    expect(names(book.expire(100))).toEqual(['203.0.113.7/32']);
    expect(book.size).toBe(0);
  });

  it('expires in portions, the earliest first', () => {
    const book = new DecisionBook();
    for (let i = 0; i < 100; i++)
      book.block({ ...decision('10.0.0.0', (i * 37) % 100), prefix: prefixOf(ipv4(i), 32) });
    expect(book.expire(200, 3).map((d) => d.until)).toEqual([0, 1, 2]);
    expect(book.expire(50).map((d) => d.until)).toEqual(Array.from({ length: 48 }, (_, i) => i + 3));
    expect(book.size).toBe(49);
  });
});
