/** The columns that decisions are kept in. */
type Column = Int32Array | Uint8Array | Uint32Array | Float64Array;

/** The column itself when it has `least` entries, else a longer copy: at least twice as long, the new entries 0. */
export function grown<T extends Column>(column: T, least: number): T {
  if (least <= column.length) return column;
  const longer = new (column.constructor as new (length: number) => T)(Math.max(least, 2 * column.length));
  longer.set(column);
  return longer;
}
