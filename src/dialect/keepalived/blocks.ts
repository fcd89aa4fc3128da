import { ignores, type Faults, type Statement } from './faults.ts';
import type { KeepalivedInclude } from './include.ts';
import { wordsOf, type Word } from './words.ts';

/** So many files are read in all. */
const MAX_FILES = 50;
/** More statements than this are no configuration. */
const MAX_STATEMENTS = 200_000;

const INCLUDE = /^include[rmwba]?$/;

/** The statements of a configuration with those of the files that it includes, as a tree. */
export function readBlocks(text: string, source: string, faults: Faults, include?: KeepalivedInclude): Statement[] {
  const reader = new BlockReader(faults, include);
  reader.file(text, source);
  return reader.finish();
}

class BlockReader {
  readonly #faults: Faults;
  readonly #include: KeepalivedInclude | undefined;
  readonly #top: Statement[] = [];
  /** Blocks that are open, the innermost last. */
  readonly #open: Statement[] = [];
  readonly #definitions = new Map<string, string>();
  #files = 0;
  #statements = 0;

  constructor(faults: Faults, include: KeepalivedInclude | undefined) {
    this.#faults = faults;
    this.#include = include;
  }

  file(text: string, source: string): void {
    this.#files++;
    let line = 0;
    for (const raw of text.split('\n')) {
      line++;
      if (this.#statements > MAX_STATEMENTS) return;
      this.#line({ words: wordsOf(raw), source, line, text: raw.replace(/\r$/, '') });
    }
  }

  /** All statements; blocks that nobody closed are noted. */
  finish(): Statement[] {
    const [outermost] = this.#open;
    if (outermost) {
      const count = `there are ${this.#open.length} missing '}'s`;
      this.#faults.note(outermost, ['input-cut-off', `${count}: this block is never closed`, `put a '}' at its end`]);
    }
    return this.#top;
  }

  #line(at: Statement): void {
    const first = at.words[0];
    if (!first) return;
    if (this.#defines(at)) return;
    if (first.text.startsWith('@') && !first.quoted) {
      const message = `lines for some machines only are not followed: '${first.text.slice(0, 60)}'`;
      this.#faults.note(at, ['line-not-modelled', message]);
      return;
    }
    const words = at.words.map((w) => ({ ...w, text: this.#expanded(w.text) }));
    if (INCLUDE.test(first.text)) this.#includes({ ...at, words });
    else this.#statement({ ...at, words });
  }

  /** `$VIP=10.0.0.1` (keepalived.conf(5), definitions). */
  #defines({ words }: Statement): boolean {
    const m = /^\$([A-Za-z_]\w*)=(.*)$/.exec(words[0]!.text);
    if (!m) return false;
    const value = [m[2]!, ...words.slice(1).map((w) => w.text)].join(' ').trim();
    this.#definitions.set(m[1]!, this.#expanded(value).slice(0, 1000));
    return true;
  }

  #expanded(text: string): string {
    if (!text.includes('$')) return text;
    return text.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (all, a: string | undefined, b: string | undefined) => {
      return this.#definitions.get(a ?? b ?? '') ?? all;
    });
  }

  #includes(at: Statement): void {
    const pattern = at.words[1]?.text ?? '';
    const files = this.#files >= MAX_FILES ? [] : (this.#include?.(pattern, at.source) ?? []);
    for (const f of files) if (this.#files < MAX_FILES) this.file(f.text, f.source);
    if (files.length > 0) return;
    const message = `config files missing: '${pattern.slice(0, 200)}' could not be read`;
    this.#faults.note(at, ['file-missing', message], at.words[1]);
  }

  /** A line: a statement, with braces before, in or behind it. */
  #statement(at: Statement): void {
    const { words } = at;
    let start = 0;
    let opened = 0;
    for (const [i, word] of words.entries()) {
      if (!isBrace(word)) continue;
      const isBehindWords = i > start;
      if (isBehindWords) this.#add({ ...at, words: words.slice(start, i) });
      start = i + 1;
      if (word.text === '{' && ++opened > 1 && isBehindWords) this.#unexpected(at, word);
      else this.#brace(at, word);
    }
    if (start < words.length) this.#add({ ...at, words: words.slice(start) });
  }

  /** Keepalived takes one block a line. */
  #unexpected(at: Statement, brace: Word): void {
    this.#faults.note(at, ignores(`Unexpected '{' - ignoring`, 'one statement a line'), brace);
  }

  #add(statement: Statement): void {
    this.#statements++;
    (this.#open.at(-1)?.block ?? this.#top).push(statement);
  }

  #brace(at: Statement, brace: Word): void {
    if (brace.text === '}') {
      if (!this.#open.pop()) this.#faults.note(at, ignores("Extra '}' found"), brace);
      return;
    }
    const of = (this.#open.at(-1)?.block ?? this.#top).at(-1);
    const owner = of && !of.block ? of : { ...at, words: [brace] };
    if (owner !== of) this.#add(owner);
    owner.block = [];
    this.#open.push(owner);
  }
}

const isBrace = (w: Word): boolean => !w.quoted && (w.text === '{' || w.text === '}');
