/** Longest match by looking at every row; the later of two same prefixes wins. */
export function slowLongestMatch(rows: readonly { address: number; length: number }[], address: number): number {
  let best = -1;
  rows.forEach((row, i) => {
    const mask = row.length === 0 ? 0 : (0xffffffff << (32 - row.length)) >>> 0;
    if ((address & mask) >>> 0 === row.address && (best < 0 || row.length >= rows[best]!.length)) best = i;
  });
  return best;
}
