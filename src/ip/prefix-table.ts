import { mask32 } from './prefix.ts';

/** IPv4 prefixes as columns: what a longest-match table is built from. Host bits must be 0. */
export interface PrefixColumns {
  /** Network addresses, unsigned 32 bit. */
  readonly address: Uint32Array;
  /** 0..32. */
  readonly length: Uint8Array;
}

/**
 * Longest match over IPv4 prefixes, built once. The prefixes are cut into disjoint ranges in address order; a lookup
 * goes by the upper 16 bits to a handful of ranges and halves those. Two prefixes that are the same count as one: the
 * later one is found.
 */
export interface PrefixTable {
  /** Row of the longest prefix that holds the address (unsigned 32 bit), or -1. */
  lookup(address: number): number;
  /** Row of the next shorter prefix that holds the one of this row, or -1. */
  parent(row: number): number;
}

/** Builds the table; time grows with n log n. */
export function buildPrefixTable(columns: PrefixColumns): PrefixTable {
  const order = sortedRows(columns);
  const parents = new Int32Array(columns.address.length).fill(-1);
  const ranges = sweep(columns, order, parents);
  const first = firstOfEach(ranges.starts);
  const { starts, rows } = ranges;
  return {
    parent: (row) => parents[row]!,
    lookup(address) {
      const bucket = address >>> 16;
      let low = first[bucket]!;
      // the last range of the bucket may be the one that the next bucket begins in
      let high = first[bucket + 1]! + 1;
      while (high - low > 1) {
        const middle = (low + high) >>> 1;
        if (starts[middle]! <= address) low = middle;
        else high = middle;
      }
      return rows[low]!;
    },
  };
}

/** Rows by address, the shorter prefix first where two begin alike. */
function sortedRows({ address, length }: PrefixColumns): Uint32Array {
  const keys = new Float64Array(address.length);
  for (let i = 0; i < keys.length; i++) keys[i] = address[i]! * 64 + length[i]!;
  const order = new Uint32Array(address.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  // a stable sort of plain numbers: the row rides along in the order of equal keys
  return order.sort((a, b) => keys[a]! - keys[b]! || a - b);
}

interface Ranges {
  /** First address of each range, ascending, the first 0. */
  readonly starts: Uint32Array;
  /** Row that owns the range, or -1. */
  readonly rows: Int32Array;
}

/** One pass with a stack of open prefixes: each opening and closing starts a range. */
function sweep(columns: PrefixColumns, order: Uint32Array, parents: Int32Array): Ranges {
  const { address, length } = columns;
  const most = 2 * order.length + 1;
  const starts = new Uint32Array(most);
  const rows = new Int32Array(most);
  let n = 0;
  const put = (start: number, row: number): void => {
    if (n > 0 && starts[n - 1] === start) n--;
    if (n > 0 && rows[n - 1] === row) return;
    starts[n] = start;
    rows[n++] = row;
  };
  const open: number[] = [];
  const lastOf = (row: number): number => (address[row]! | ~mask32(length[row]!)) >>> 0;
  const closeBefore = (start: number): void => {
    while (open.length > 0 && lastOf(open.at(-1)!) < start) {
      const end = lastOf(open.pop()!);
      put(end + 1, open.at(-1) ?? -1);
    }
  };
  put(0, -1);
  for (const row of order) {
    const start = address[row]!;
    closeBefore(start);
    const same = open.at(-1);
    if (same !== undefined && address[same] === start && length[same] === length[row]) open.pop();
    parents[row] = open.at(-1) ?? -1;
    open.push(row);
    put(start, row);
  }
  while (open.length > 0) {
    const end = lastOf(open.pop()!);
    if (end < 0xffffffff) put(end + 1, open.at(-1) ?? -1);
  }
  return { starts: starts.slice(0, n), rows: rows.slice(0, n) };
}

/** For each upper half of an address, the range that its first address lies in; one more to end the last. */
function firstOfEach(starts: Uint32Array): Uint32Array {
  const first = new Uint32Array(65537);
  let range = 0;
  for (let bucket = 0; bucket < 65536; bucket++) {
    const address = bucket * 65536;
    while (range + 1 < starts.length && starts[range + 1]! <= address) range++;
    first[bucket] = range;
  }
  first[65536] = starts.length - 1;
  return first;
}
