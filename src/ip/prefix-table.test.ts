import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowLongestMatch } from '../../test/oracle/longest-match.ts';
import { buildPrefixTable, mask32 } from './index.ts';

const columns = (rows: readonly { address: number; length: number }[]) => ({
  address: Uint32Array.from(rows, (r) => r.address),
  length: Uint8Array.from(rows, (r) => r.length),
});

// few distinct high bits, so that prefixes nest and meet
const address = fc
  .tuple(fc.constantFrom(0, 10, 127, 128, 255), fc.nat(3), fc.nat(255), fc.nat(255))
  .map(([a, b, c, d]) => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0);
const row = fc.tuple(address, fc.nat(32)).map(([a, length]) => ({ address: (a & mask32(length)) >>> 0, length }));

describe('prefix table', () => {
  it('finds what a scan of all rows finds', () => {
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 60 }),
        fc.array(address, { minLength: 20, maxLength: 20 }),
        (rows, asked) => {
          const table = buildPrefixTable(columns(rows));
          const edges = rows.flatMap((r) => [r.address, (r.address | ~mask32(r.length)) >>> 0]);
          for (const a of [...asked, ...edges, 0, 0xffffffff]) expect(table.lookup(a)).toBe(slowLongestMatch(rows, a));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leads from a prefix to the next shorter one', () => {
    const rows = [
      { address: 0, length: 0 },
      { address: 0x0a000000, length: 8 },
      { address: 0x0a080000, length: 16 },
      { address: 0x0a080000, length: 24 },
    ];
    const table = buildPrefixTable(columns(rows));
    const at = table.lookup(0x0a080001);
    expect([at, table.parent(at), table.parent(table.parent(at)), table.parent(0)]).toEqual([3, 2, 1, -1]);
  });

  it('finds nothing in an empty table', () => {
    expect(buildPrefixTable(columns([])).lookup(1)).toBe(-1);
  });
});
