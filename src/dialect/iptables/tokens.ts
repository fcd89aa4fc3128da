/** A word of a line. */
export interface Token {
  readonly text: string;
  /** It stood in quotes: never an option. */
  readonly quoted: boolean;
  /** Where it starts and ends in the line, from 0. */
  readonly start: number;
  readonly end: number;
}

const PLAIN = /[^\s"']+/y;
const DOUBLE = /"((?:[^"\\]|\\.)*)"?/y;
const SINGLE = /'([^']*)'?/y;

/**
 * The words of a line between two offsets, split as iptables-restore does: double quotes with backslashes. Single quotes
 * are for scripts.
 */
export function tokenize(line: string, from = 0, to = line.length): readonly Token[] {
  const tokens: Token[] = [];
  let at = from;
  while (at < to) {
    const code = line.charCodeAt(at);
    if (code <= 32 || isWideSpace(code)) {
      at++;
      continue;
    }
    const token = readToken(line, at, code);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

/** What `\s` matches beyond ASCII. */
const isWideSpace = (code: number): boolean => code > 126 && /\s/.test(String.fromCharCode(code));

function readToken(line: string, start: number, code: number): Token {
  const pattern = code === 34 ? DOUBLE : code === 39 ? SINGLE : PLAIN;
  pattern.lastIndex = start;
  // A character is plain or opens a quote, so there is always a word; a lone control character is one, too
  pattern.test(line);
  const end = Math.max(pattern.lastIndex, start + 1);
  const raw = line.slice(start, end);
  if (pattern === PLAIN) return { text: raw, quoted: false, start, end };
  const mark = raw[0]!;
  const inner = raw.slice(1, raw.length > 1 && raw.endsWith(mark) ? -1 : undefined);
  return { text: mark === '"' ? inner.replace(/\\(.)/g, '$1') : inner, quoted: true, start, end };
}
