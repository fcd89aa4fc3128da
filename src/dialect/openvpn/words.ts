/** One word of a line, quotes and backslashes resolved, and where it began (column from 1). */
export interface Word {
  readonly text: string;
  readonly column: number;
}

/** The words of a line, and what is wrong with it. */
export interface Words {
  readonly words: readonly Word[];
  readonly problem?: string;
}

/**
 * Splits a line as OpenVPN does (`parse_line` in options_parse.c): blanks between words, `"…"` with backslashes, `'…'`
 * without, `#` or `;` at the start of a word begins a comment.
 */
export function splitWords(line: string): Words {
  const words: Word[] = [];
  let i = 0;
  for (;;) {
    while (i < line.length && isBlank(line[i]!)) i++;
    if (i >= line.length || line[i] === '#' || line[i] === ';') return { words };
    const word = readWord(line, i);
    words.push({ text: word.text, column: i + 1 });
    if (word.problem !== undefined) return { words, problem: word.problem };
    i = word.end;
  }
}

const isBlank = (c: string): boolean => c === ' ' || c === '\t' || c === '\r' || c === '\v' || c === '\f';

function readWord(line: string, start: number): { text: string; end: number; problem?: string } {
  const quote = line[start] === '"' || line[start] === "'" ? line[start] : null;
  let text = '';
  for (let i = quote ? start + 1 : start; i < line.length; i++) {
    const c = line[i]!;
    if (quote ? c === quote : isBlank(c)) return { text, end: i + 1 };
    if (c === '\\' && quote !== "'") {
      const next = line[++i];
      if (next === undefined) return { text, end: i, problem: 'the line ends in a backslash' };
      if (next !== '\\' && next !== '"' && !isBlank(next))
        return { text, end: i, problem: `'\\${next}' means nothing here` };
      text += next;
    } else {
      text += c;
    }
  }
  return quote ? { text, end: line.length, problem: `the quote ${quote} is not closed` } : { text, end: line.length };
}
