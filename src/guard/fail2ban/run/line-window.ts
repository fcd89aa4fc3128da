/** Lines that are looked at together (`maxlines`). */
export interface WindowLine {
  /** As it stands in the log. */
  readonly whole: string;
  /** Without its date. */
  readonly text: string;
}

/** The lines as patterns see them. */
export const windowText = (lines: readonly WindowLine[]): string => lines.map((l) => `${l.text}\n`).join('');

/** The lines of a match, and those that are left to be looked at again. */
export interface Split {
  readonly matched: readonly WindowLine[];
  readonly left: readonly WindowLine[];
}

/** Splits a window by what was found in its text; `skipped` is what `<SKIPLINES>` read over. */
export function splitWindow(lines: readonly WindowLine[], found: RegExpExecArray, skipped: string): Split {
  if (lines.length <= 1) return { matched: lines, left: [] };
  const text = found.input;
  const count = (to: number): number => text.slice(0, to).split('\n').length - 1;
  const from = count(text.lastIndexOf('\n', found.index) + 1);
  const end = text.indexOf('\n', found.index + found[0].length - 1);
  const to = count(end < 0 ? text.length : end + 1);
  const over = skipped.split('\n');
  over.pop();
  const matched: WindowLine[] = [];
  const left = lines.slice(0, from);
  for (const line of lines.slice(from, to)) {
    if (over.length > 0 && line.text === over[0]) {
      over.shift();
      left.push(line);
    } else matched.push(line);
  }
  return { matched, left: [...left, ...lines.slice(to)] };
}
