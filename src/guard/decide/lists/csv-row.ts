/** One cell of a row. */
export interface Cell {
  /** Without its quotes, blanks around it cut off. */
  readonly text: string;
  /** Where it begins in the row, from 0, behind its quote. */
  readonly at: number;
}

/** Cuts a row into cells; a cell in quotes may hold the separator, and quotes that are doubled (RFC 4180). */
export function cellsOf(row: string, separator: string): Cell[] {
  const cells: Cell[] = [];
  for (let at = 0; at <= row.length;) {
    let begin = at;
    while (row[begin] === ' ') begin++;
    const quoted = row[begin] === '"' ? quotedCell(row, begin) : null;
    const from = quoted?.end ?? begin;
    const found = row.indexOf(separator, from);
    const end = found < 0 ? row.length : found;
    cells.push(quoted ?? { text: row.slice(begin, end).trim(), at: Math.min(begin, end) });
    at = end + 1;
  }
  return cells;
}

/** null when the quotes are not closed: then they are a part of the text. */
function quotedCell(row: string, begin: number): (Cell & { readonly end: number }) | null {
  for (let end = row.indexOf('"', begin + 1); end >= 0; end = row.indexOf('"', end + 2)) {
    if (row[end + 1] === '"') continue;
    return {
      text: row
        .slice(begin + 1, end)
        .replaceAll('""', '"')
        .trim(),
      at: begin + 1,
      end: end + 1,
    };
  }
  return null;
}
