import type { Diagnostic, DiagnosticCode, Result, Severity, Span } from '../../ip/index.ts';

/** Where a piece of text stands in its file. */
export interface Place {
  /** File name, command, or `-`. */
  readonly source: string;
  /** Line that the text stands in, from 1. */
  readonly line: number;
  /** Column where the text begins in that line; 1 when absent. */
  readonly column?: number;
  /** The whole line; the text itself when absent and the column is 1. */
  readonly lineText?: string;
}

/** A word with the place it stands at. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** The words of one line, split at white space. A lone `\`, which `ip -o` puts between next hops, is none. */
export function splitWords(text: string, place: Place): readonly Word[] {
  const column = place.column ?? 1;
  const whole = place.lineText ?? (column === 1 ? text : undefined);
  const words: Word[] = [];
  for (const match of text.matchAll(/\S+/g)) {
    if (match[0] === '\\') continue;
    const span = { source: place.source, line: place.line, column: column + match.index, length: match[0].length };
    words.push({ text: match[0], span: whole === undefined ? span : { ...span, text: whole } });
  }
  return words;
}

/** The span of a whole text, for faults that no single word has. */
export function spanOfText(text: string, place: Place): Span {
  const whole = place.lineText ?? text;
  return {
    source: place.source,
    line: place.line,
    column: place.column ?? 1,
    length: Math.max(1, text.length),
    text: whole,
  };
}

/** Goes through words from left to right and collects what is wrong with them. */
export class WordReader {
  readonly diagnostics: Diagnostic[] = [];
  readonly #words: readonly Word[];
  readonly #whole: Span;
  #at = 0;

  constructor(words: readonly Word[], whole: Span) {
    this.#words = words;
    this.#whole = whole;
  }

  /** The next word's text without taking it; undefined at the end. */
  peek(): string | undefined {
    return this.#words[this.#at]?.text;
  }

  /** The word taken last. */
  get last(): Word | undefined {
    return this.#words[Math.min(this.#at, this.#words.length) - 1];
  }

  /** Takes the next word. */
  next(): Word | undefined {
    return this.#words[this.#at++];
  }

  /** Takes the next word when it is one of these. */
  take(...texts: readonly string[]): boolean {
    const text = this.peek();
    if (text === undefined || !texts.includes(text)) return false;
    this.#at++;
    return true;
  }

  /** Takes the value that belongs to a key word, and reads it. Undefined when it is missing or wrong, which is then noted. */
  value<T>(key: Word, what: string, parse: (text: string) => Result<T>): T | undefined {
    const word = this.next();
    if (!word) {
      this.note('value-invalid', `'${key.text}' needs ${what} after it`, key.span);
      return undefined;
    }
    return this.read(word, parse);
  }

  /** Reads a word; undefined when it is wrong, which is then noted. */
  read<T>(word: Word, parse: (text: string) => Result<T>): T | undefined {
    const result = parse(word.text);
    if (result.ok) return result.value;
    this.note(result.code, result.message, word.span, result.hint);
    return undefined;
  }

  /** Notes a fault; at the whole text when no span is given. */
  note(
    code: DiagnosticCode,
    message: string,
    span: Span = this.#whole,
    hint?: string,
    severity: Severity = 'error',
  ): void {
    this.diagnostics.push(
      hint === undefined ? { code, severity, message, span } : { code, severity, message, span, hint },
    );
  }
}
