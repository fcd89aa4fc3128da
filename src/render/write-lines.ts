/** A word as sh reads it back: quoted only when it must be. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Arguments as a line for sh. */
export const shellLine = (words: readonly string[]): string => words.map(shellWord).join(' ');

/** Lines that write a file, whole (`>`) or at its end (`>>`). */
export function writeLines(file: string, how: '>' | '>>', content: string): string[] {
  const lines = content.replace(/\n$/, '').split('\n');
  // A text that holds the mark itself gets a longer one.
  let mark = 'EOF';
  while (lines.includes(mark)) mark += '_';
  return [`cat ${how} ${shellWord(file)} <<'${mark}'`, ...lines, mark];
}
