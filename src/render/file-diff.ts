import { differenceOf } from '../dialect/index.ts';

/** Lines around a difference that are shown. */
const AROUND = 3;

/** How a file changes, as `diff -u` prints it and patch(1) takes it; null stands for no file. Ended by a line feed. */
export function fileDiff(path: string, before: string | null, after: string | null): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const { at, removed, added } = differenceOf(old, now);
  const from = Math.max(0, at - AROUND);
  const end = at + removed.length;
  const [above, below] = [old.slice(from, at), old.slice(end, end + AROUND)];
  const range = (lines: readonly string[]): string => {
    const count = above.length + lines.length + below.length;
    return `${count === 0 ? from : from + 1},${count}`;
  };
  return [
    `--- ${before === null ? '/dev/null' : path}\n`,
    `+++ ${after === null ? '/dev/null' : path}\n`,
    `@@ -${range(removed)} +${range(added)} @@\n`,
    ...marked(' ', above),
    ...marked('-', removed),
    ...marked('+', added),
    ...marked(' ', below),
  ].join('');
}

/** Lines with their line feeds, which the last may lack. */
const linesOf = (text: string | null): readonly string[] => (text ?? '').match(/[^\n]*\n|[^\n]+$/g) ?? [];

const marked = (sign: string, lines: readonly string[]): readonly string[] =>
  lines.map((line) => sign + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`));
