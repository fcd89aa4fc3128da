import { EMPTY, type ClassItem, type PythonNode, type Times } from './python-node.ts';
import { readEscape } from './python-escape.ts';

/** A pattern that was read, or what is wrong with it and where (characters from 0). */
export type ParsedPattern =
  | { readonly ok: true; readonly node: PythonNode }
  | { readonly ok: false; readonly message: string; readonly at: number };

/** `m`: `^` and `$` at each line; `i`, `s`, `x` as in Python; the others change nothing here. */
export interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly x: boolean;
}

const NO_FLAGS: Flags = { i: false, m: false, s: false, x: false };

/** Patterns that go deeper into one another are refused. */
const DEEPEST = 100;

/** Reads a pattern of Python 3.11's `re`. Flags at its beginning, `(?i)`, hold for all of it, and so does one that stands further on. */
export function parsePython(text: string, ofLine = false): ParsedPattern {
  const global = [...text.matchAll(/(?<!\\)\(\?([aiLmsux]+)\)/g)].map((m) => m[1]!).join('');
  const parser = new Parser(text, withFlags({ ...NO_FLAGS, m: ofLine }, global, ''));
  try {
    return { ok: true, node: parser.whole() };
  } catch (e) {
    if (!(e instanceof Fault)) throw e;
    return { ok: false, message: e.message, at: e.at };
  }
}

class Fault extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

function withFlags(flags: Flags, on: string, off: string): Flags {
  const set = (flag: 'i' | 'm' | 's' | 'x'): boolean => (flags[flag] || on.includes(flag)) && !off.includes(flag);
  return { i: set('i'), m: set('m'), s: set('s'), x: set('x') };
}

class Parser {
  readonly #text: string;
  #at = 0;
  #flags: Flags;
  #groups = 0;
  #depth = 0;
  readonly #byName = new Map<string, number>();

  constructor(text: string, flags: Flags) {
    this.#text = text;
    this.#flags = flags;
  }

  whole(): PythonNode {
    const node = this.#choice();
    if (this.#at < this.#text.length) this.#fail('there is a ")" too many');
    return node;
  }

  #fail(message: string): never {
    throw new Fault(message, this.#at);
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): PythonNode {
    if (++this.#depth > DEEPEST) this.#fail('it goes too deep');
    const options = [this.#sequence()];
    while (this.#takes('|')) options.push(this.#sequence());
    this.#depth--;
    return options.length === 1 ? options[0]! : { is: 'choice', options };
  }

  #sequence(): PythonNode {
    const items: PythonNode[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      const node = this.#isSkipped() ? null : this.#atom();
      if (node !== null) items.push(this.#repeated(node));
    }
    return items.length === 1 ? items[0]! : { is: 'sequence', items };
  }

  /** Blanks and comments count for nothing where the flag `x` holds. */
  #isSkipped(): boolean {
    const found = this.#flags.x ? /^(?:\s+|#[^\n]*)/.exec(this.#text.slice(this.#at))?.[0] : undefined;
    this.#at += found?.length ?? 0;
    return found !== undefined;
  }

  /** Null for what matches nothing by itself: comments, flags. */
  #atom(): PythonNode | null {
    const from = this.#at;
    const letter = String.fromCodePoint(this.#text.codePointAt(from)!);
    const { i, m, s } = this.#flags;
    if (letter === '(') return this.#group();
    if (letter === '[') return this.#class();
    if (letter === '\\') return this.#escape();
    if ('*+?'.includes(letter)) this.#fail(`nothing stands before "${letter}" that could be repeated`);
    this.#at += letter.length;
    if (letter === '.') return { is: 'any', withLineFeed: s };
    if (letter === '^') return { is: 'start', ofLine: m };
    if (letter === '$') return { is: 'end', ofLine: m };
    return { is: 'char', code: letter.codePointAt(0)!, caseless: i };
  }

  #escape(): PythonNode {
    const escape = readEscape(this.#text, this.#at, false);
    if (!escape) this.#fail(`Python has no "${this.#text.slice(this.#at, this.#at + 2)}"`);
    const { node } = escape;
    if (node.is === 'again') this.#known(node.index);
    this.#at = escape.end;
    const caseless = this.#flags.i;
    if (node.is === 'code') return { is: 'char', code: node.code, caseless };
    if (node.is === 'set') return { is: 'class', negated: false, items: [node], caseless: false };
    return node.is === 'again' ? { ...node, caseless } : node;
  }

  #known(index: number): number {
    if (index > this.#groups || index === 0) this.#fail(`there is no group ${index} before this`);
    return index;
  }

  #repeated(node: PythonNode): PythonNode {
    const found = /^(?:[*+?]|\{(\d*)(,?)(\d*)\})/.exec(this.#text.slice(this.#at, this.#at + 32));
    if (!found || found[0] === '{}' || found[0] === '{,}') return node;
    this.#at += found[0].length;
    const min = found[0] === '+' ? 1 : Number(found[1] ?? 0);
    const most = found[2] === '' ? found[1]! : found[3];
    const max = found[0] === '?' ? 1 : most ? Number(most) : Infinity;
    if (max < min) this.#fail('it is repeated at most less often than at least');
    const kind = this.#takes('?') ? 'lazy' : this.#takes('+') ? 'possessive' : 'greedy';
    const times: Times = { min, max, kind };
    if (/^[*+?]/.test(this.#text.slice(this.#at, this.#at + 1))) this.#fail('it is repeated twice');
    return { is: 'repeat', inner: node, times };
  }

  #group(): PythonNode | null {
    this.#at++;
    if (!this.#takes('?')) return this.#captured(null);
    if (this.#takes('P<')) return this.#captured(this.#name('>'));
    if (this.#takes('P=')) return { is: 'again', index: this.#groupNamed(this.#name(')')), caseless: this.#flags.i };
    if (this.#takes(':')) return this.#closed();
    if (this.#takes('>')) return { is: 'atomic', inner: this.#closed() };
    for (const sign of ['?=', '?!', '?<=', '?<!'] as const)
      if (this.#takes(sign.slice(1))) return { is: 'look', sign, inner: this.#closed() };
    if (this.#takes('#')) return this.#comment();
    return this.#takes('(') ? this.#conditional() : this.#flagged();
  }

  #closed(): PythonNode {
    const flags = this.#flags;
    const node = this.#choice();
    if (!this.#takes(')')) this.#fail('a ")" is missing');
    this.#flags = flags;
    return node;
  }

  #captured(name: string | null): PythonNode {
    const index = ++this.#groups;
    if (name !== null && this.#byName.has(name)) this.#fail(`there are two groups "${name}"`);
    if (name !== null) this.#byName.set(name, index);
    return { is: 'capture', index, name, inner: this.#closed() };
  }

  #name(end: string): string {
    const to = this.#text.indexOf(end, this.#at);
    const name = this.#text.slice(this.#at, to);
    if (to < 0 || !/^[A-Za-z_]\w*$/.test(name)) this.#fail('this is no name of a group');
    this.#at = to + 1;
    return name;
  }

  #groupNamed(name: string): number {
    return this.#byName.get(name) ?? this.#fail(`there is no group "${name}" before this`);
  }

  #comment(): null {
    const end = this.#text.indexOf(')', this.#at);
    if (end < 0) this.#fail('a ")" is missing');
    this.#at = end + 1;
    return null;
  }

  #conditional(): PythonNode {
    const to = this.#text.indexOf(')', this.#at);
    const name = this.#text.slice(this.#at, Math.max(to, this.#at));
    const index = /^\d+$/.test(name) ? this.#known(Number(name)) : this.#groupNamed(this.#name(')'));
    this.#at = to + 1;
    const both = this.#closed();
    if (both.is !== 'choice') return { is: 'conditional', index, yes: both, no: EMPTY };
    if (both.options.length > 2) this.#fail('a choice by a group has two ways at most');
    return { is: 'conditional', index, yes: both.options[0]!, no: both.options[1]! };
  }

  #flagged(): PythonNode | null {
    const found = /^([aiLmsux]*)(?:-([imsx]+))?([:)])/.exec(this.#text.slice(this.#at, this.#at + 32));
    if (!found) this.#fail(`"(?${this.#text.slice(this.#at, this.#at + 1)}" is not known here`);
    this.#at += found[0].length;
    // flags for all of the pattern were seen before
    if (found[3] === ')') return null;
    const flags = this.#flags;
    this.#flags = withFlags(flags, found[1]!, found[2] ?? '');
    const node = this.#closed();
    this.#flags = flags;
    return node;
  }

  #class(): PythonNode {
    this.#at++;
    const negated = this.#takes('^');
    const items: ClassItem[] = [];
    const from = this.#at;
    while (this.#text[this.#at] !== ']' || this.#at === from) items.push(this.#classItem());
    this.#at++;
    return { is: 'class', negated, items, caseless: this.#flags.i };
  }

  #classItem(): ClassItem {
    const first = this.#classCharacter();
    const isRange = this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']';
    if ('set' in first || !isRange) return first;
    this.#at++;
    const last = this.#classCharacter();
    if ('set' in last || last.to < first.from) this.#fail('the range of characters ends before it begins');
    return { from: first.from, to: last.to };
  }

  #classCharacter(): ClassItem {
    if (this.#at >= this.#text.length) this.#fail('a "]" is missing');
    const code = this.#text.codePointAt(this.#at)!;
    if (code !== 92) {
      this.#at += code > 0xffff ? 2 : 1;
      return { from: code, to: code };
    }
    const escape = readEscape(this.#text, this.#at, true);
    if (escape?.node.is !== 'code' && escape?.node.is !== 'set') this.#fail('Python has no such escape in a class');
    this.#at = escape.end;
    const { node } = escape as { node: { is: 'code'; code: number } | { is: 'set'; set: 'd' } };
    return node.is === 'set' ? { set: node.set } : { from: node.code, to: node.code };
  }
}
