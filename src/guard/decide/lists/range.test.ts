import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatPrefix,
  fromBigInt,
  ipv4,
  lastAddress,
  prefixOf,
  samePrefix,
  toBigInt,
  type Address,
} from '../../../ip/index.ts';
import { prefixesOfRange } from './range.ts';

const anyAddress = fc.oneof(
  fc.nat(0xffffffff).map((n) => ipv4(n)),
  fc.nat(64).map((n) => ipv4(0xffffffc0 + n)),
  fc.bigInt(0n, (1n << 128n) - 1n).map((n) => fromBigInt(n, 6)),
  fc.bigInt(0n, 64n).map((n) => fromBigInt(n, 6)),
);

describe('a range', () => {
  it('is the prefixes that follow each other from its first to its last address, none of which make one together', () => {
    fc.assert(
      fc.property(anyAddress, anyAddress, (a: Address, b: Address) => {
        fc.pre(a.family === b.family);
        const [first, last] = toBigInt(a) <= toBigInt(b) ? [a, b] : [b, a];
        const prefixes = prefixesOfRange(first, last);
        let next = toBigInt(first);
        for (const [i, p] of prefixes.entries()) {
          expect(toBigInt(p.address)).toBe(next);
          next = toBigInt(lastAddress(p)) + 1n;
          const before = prefixes[i - 1];
          if (before === undefined || before.length !== p.length) continue;
          expect(samePrefix(prefixOf(before.address, p.length - 1), prefixOf(p.address, p.length - 1))).toBe(false);
        }
        expect(next).toBe(toBigInt(last) + 1n);
      }),
    );
  });

  it('may be all addresses, one, or none', () => {
    expect(prefixesOfRange(ipv4(0), ipv4(0xffffffff)).map(formatPrefix)).toEqual(['0.0.0.0/0']);
    expect(prefixesOfRange(ipv4(5), ipv4(5)).map(formatPrefix)).toEqual(['0.0.0.5/32']);
    expect(prefixesOfRange(ipv4(5), ipv4(4))).toEqual([]);
  });
});
