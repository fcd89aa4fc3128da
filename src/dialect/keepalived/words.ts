/** A word of a line, without its quotes. */
export interface Word {
  readonly text: string;
  /** From 1. */
  readonly column: number;
  readonly quoted: boolean;
}

const WORD = /"((?:[^"\\]|\\.)*)"?|'([^']*)'?|([{}])|((?:\$\{\w+\}|[^\s"'{}#!])+)|[#!]/y;

/** The words of a line; braces outside of quotes are words of their own, `#` and `!` begin a comment wherever they stand. */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    WORD.lastIndex = at;
    const m = WORD.exec(line);
    if (!m || m[0] === '#' || m[0] === '!') break;
    const quoted = m[1] !== undefined || m[2] !== undefined;
    words.push({ text: m[1]?.replaceAll(/\\(.)/g, '$1') ?? m[2] ?? m[0], column: at + 1, quoted });
    at = Math.max(WORD.lastIndex, at + 1);
  }
  return words;
}
