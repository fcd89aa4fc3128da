/** What a reader of literals meets, in the order of the text. Places count from 0. */
export interface LiteralVisitor {
  /** A list, a tuple or a map begins. */
  open(isMap: boolean): void;
  close(): void;
  /** The key of the value that comes next. */
  key(text: string): void;
  /** A string, a number, or a word such as `null`, `True`. */
  value(text: string, at: number, isString: boolean): void;
}

/** Where a text stopped being a literal. */
export interface LiteralFault {
  readonly at: number;
  readonly message: string;
  /** The text just ends too early. */
  readonly isCutOff: boolean;
}

const DEEPEST = 100;
const CLOSES: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };

/**
 * Reads JSON or what Python's `repr` writes, in one pass and without building it. A comma before a closing bracket is
 * let through. Returns what is wrong, if anything.
 */
export function readLiteral(text: string, visitor: LiteralVisitor): LiteralFault | null {
  return new LiteralReader(text, visitor).read();
}

class LiteralReader {
  readonly #text: string;
  readonly #visitor: LiteralVisitor;
  /** The brackets that will close what is open. */
  readonly #open: string[] = [];
  #at = 0;
  /** Whether a value has just ended, so that a comma or a closing bracket comes next. */
  #isAfterValue = false;

  constructor(text: string, visitor: LiteralVisitor) {
    this.#text = text;
    this.#visitor = visitor;
  }

  read(): LiteralFault | null {
    for (;;) {
      const next = this.#next();
      if (this.#isAfterValue && this.#open.length === 0) {
        return next === undefined ? null : this.#wrong('nothing more should follow');
      }
      if (next === undefined) return this.#cutOff();
      const fault = this.#isAfterValue ? this.#separator(next) : this.#value(next);
      if (fault !== null) return fault;
    }
  }

  #separator(next: string): LiteralFault | null {
    const closes = this.#open.at(-1)!;
    if (next !== ',' && next !== closes) return this.#wrong(`a comma or ${closes} should be here`);
    this.#at++;
    if (next === closes) return this.#close();
    this.#isAfterValue = false;
    return null;
  }

  #value(first: string): LiteralFault | null {
    // nothing inside, or a comma before it
    if (first === this.#open.at(-1)) {
      this.#at++;
      return this.#close();
    }
    if (this.#open.at(-1) === '}') {
      const fault = this.#key(first);
      if (fault !== null) return fault;
    }
    const begins = this.#next();
    if (begins === undefined) return this.#cutOff();
    const closes = CLOSES[begins];
    return closes === undefined ? this.#scalar(begins) : this.#enter(begins, closes);
  }

  #enter(bracket: string, closes: string): LiteralFault | null {
    if (this.#open.length >= DEEPEST) return this.#wrong(`more than ${DEEPEST} brackets inside each other`);
    this.#open.push(closes);
    this.#at++;
    this.#visitor.open(bracket === '{');
    return null;
  }

  #close(): null {
    this.#open.pop();
    this.#isAfterValue = true;
    this.#visitor.close();
    return null;
  }

  #key(first: string): LiteralFault | null {
    if (!isQuote(first)) return this.#wrong('a key in quotes should be here');
    const key = this.#string(first);
    if (key === null) return this.#cutOff();
    const colon = this.#next();
    if (colon === undefined) return this.#cutOff();
    if (colon !== ':') return this.#wrong('a colon should be here');
    this.#at++;
    this.#visitor.key(key);
    return null;
  }

  #scalar(first: string): LiteralFault | null {
    const at = this.#at;
    this.#isAfterValue = true;
    if (isQuote(first)) {
      const string = this.#string(first);
      if (string === null) return this.#cutOff();
      this.#visitor.value(string, at + 1, true);
      return null;
    }
    while (/[\w.+-]/.test(this.#text[this.#at] ?? '')) this.#at++;
    if (this.#at === at) return this.#wrong('a value should be here');
    this.#visitor.value(this.#text.slice(at, this.#at), at, false);
    return null;
  }

  /** The string in these quotes; null when it does not end. */
  #string(quote: string): string | null {
    const start = this.#at + 1;
    let hasEscapes = false;
    for (let at = start; at < this.#text.length; at++) {
      if (this.#text[at] === '\\') {
        hasEscapes = true;
        at++;
      } else if (this.#text[at] === quote) {
        this.#at = at + 1;
        const inside = this.#text.slice(start, at);
        return hasEscapes ? unescaped(inside) : inside;
      }
    }
    return null;
  }

  /** Steps over blanks and returns what stands there. */
  #next(): string | undefined {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#text[this.#at];
  }

  #wrong(message: string): LiteralFault {
    return { at: this.#at, message, isCutOff: false };
  }

  #cutOff(): LiteralFault {
    return { at: this.#text.length, message: 'the end is missing', isCutOff: true };
  }
}

const isQuote = (c: string): boolean => c === '"' || c === "'";
const isBlank = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([^]))/gi, (_, u?: string, x?: string, c?: string) => {
    const hex = u ?? x;
    return hex === undefined ? (ESCAPES[c!] ?? c!) : String.fromCharCode(parseInt(hex, 16));
  });
