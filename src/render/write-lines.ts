import { shellWord } from '../dialect/index.ts';

/** Lines that write a file, whole (`>`) or at its end (`>>`). */
export function writeLines(file: string, how: '>' | '>>', content: string): string[] {
  const lines = content.replace(/\n$/, '').split('\n');
  // A text that holds the mark itself gets a longer one.
  let mark = 'EOF';
  while (lines.includes(mark)) mark += '_';
  return [`cat ${how} ${shellWord(file)} <<'${mark}'`, ...lines, mark];
}
