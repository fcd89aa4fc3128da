/** A word of a line. */
export interface Token {
  readonly text: string;
  /** It stood in quotes: never an option. */
  readonly quoted: boolean;
  /** Where it starts and ends in the line, from 0. */
  readonly start: number;
  readonly end: number;
}

const WORD = /"((?:[^"\\]|\\.)*)"?|'([^']*)'?|[^\s"']+/gy;
const SPACE = /\s*/y;

/** The words of a line, as iptables-restore splits it: double quotes with backslashes. Single quotes are for scripts. */
export function tokenize(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = skipSpace(line, 0);
  while (at < line.length) {
    WORD.lastIndex = at;
    const found = WORD.exec(line)!;
    const [whole, double, single] = found;
    const text = double?.replace(/\\(.)/g, '$1') ?? single ?? whole;
    const end = at + whole.length;
    tokens.push({ text, quoted: text !== whole, start: at, end });
    at = skipSpace(line, end);
  }
  return tokens;
}

function skipSpace(line: string, from: number): number {
  SPACE.lastIndex = from;
  return from + SPACE.exec(line)![0].length;
}
