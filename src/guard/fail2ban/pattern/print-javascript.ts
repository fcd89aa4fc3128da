import { holds, type ClassItem, type PythonNode } from './python-node.ts';

/** A pattern for JavaScript's `RegExp`, and which of its groups are which of Python's. */
export interface JavaScriptPattern {
  readonly source: string;
  readonly flags: string;
  /** Groups of JavaScript by name; of more than one, one alone is there after a match. */
  readonly names: ReadonlyMap<string, readonly number[]>;
}

/** Prints a tree without conditions. Groups without a name are kept where they are named again, or in `keep`: as `#1`. `nameless`: names alone keep none. */
export function printJavaScript(node: PythonNode, keep: readonly number[] = [], nameless = false): JavaScriptPattern {
  const isCased = (caseless: boolean) => (n: PythonNode) =>
    (n.is === 'char' || n.is === 'class' || n.is === 'again') && n.caseless === caseless && hasLetters(n);
  const isMixed = holds(node, isCased(true)) && holds(node, isCased(false));
  const printer = new Printer(node, isMixed, { keep, nameless });
  const source = printer.print(node);
  return { source, flags: holds(node, isCased(true)) && !isMixed ? 'i' : '', names: printer.names };
}

function hasLetters(node: PythonNode): boolean {
  if (node.is === 'char') return isLetter(node.code);
  return node.is !== 'class' || node.items.some((item) => 'from' in item && item.to >= 65 && item.from <= 122);
}

const isLetter = (code: number): boolean => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

interface Wanted {
  readonly keep: readonly number[];
  readonly nameless: boolean;
}

class Printer {
  readonly names = new Map<string, number[]>();
  readonly #spellsCases: boolean;
  readonly #named: ReadonlySet<number>;
  readonly #keep: readonly number[];
  readonly #nameless: boolean;
  #groups = 0;
  /** The group of JavaScript that stands for one of Python's, as far as it was printed. */
  readonly #current = new Map<number, number>();

  constructor(root: PythonNode, spellsCases: boolean, { keep, nameless }: Wanted) {
    this.#spellsCases = spellsCases;
    this.#keep = keep;
    this.#nameless = nameless;
    const named = new Set<number>();
    holds(root, (n) => {
      if (n.is === 'again') named.add(n.index);
      return false;
    });
    this.#named = named;
  }

  print(node: PythonNode): string {
    switch (node.is) {
      case 'char':
        return this.#character(node.code, node.caseless);
      case 'any':
        return node.withLineFeed ? '[\\s\\S]' : '[^\\n]';
      case 'class':
        return this.#class(node);
      case 'start':
        return node.ofLine ? '(?<![^\\n])' : '^';
      case 'end':
        return node.ofLine ? '(?![^\\n])' : '(?=\\n?$)';
      case 'very-end':
        return '$';
      case 'word-edge':
        return '\\b';
      case 'no-word-edge':
        return '\\B';
      case 'sequence':
        return node.items.map((item) => (item.is === 'choice' ? `(?:${this.print(item)})` : this.print(item))).join('');
      case 'choice':
        return node.options.map((option) => this.print(option)).join('|');
      case 'look':
        return `(${node.sign}${this.print(node.inner)})`;
      case 'capture':
        return this.#capture(node.index, node.name, node.inner);
      case 'again':
        return this.#again(node.index);
      case 'atomic':
        return this.#atomic(this.print.bind(this, node.inner));
      case 'repeat':
        return this.#repeat(node);
      case 'conditional':
        throw new Error('bug: a condition that was not expanded');
    }
  }

  #capture(index: number, name: string | null, inner: PythonNode): string {
    const isKept = this.#keep.includes(index);
    if ((name === null || this.#nameless) && !isKept && !this.#named.has(index)) return `(?:${this.print(inner)})`;
    const group = ++this.#groups;
    this.#current.set(index, group);
    for (const key of [...(name === null ? [] : [name]), ...(isKept ? [`#${index}`] : [])])
      this.names.set(key, [...(this.names.get(key) ?? []), group]);
    return `(${this.print(inner)})`;
  }

  /** In Python a group that was not there matches nothing; in JavaScript it would match an empty text. */
  #again(index: number): string {
    const group = this.#current.get(index);
    return group === undefined ? '(?!)' : `(?:\\${group})`;
  }

  /** What a lookahead found is not tried in other ways. */
  #atomic(inner: () => string): string {
    const group = ++this.#groups;
    return `(?:(?=(${inner()}))\\${group})`;
  }

  #repeat({ inner, times }: Extract<PythonNode, { is: 'repeat' }>): string {
    const text = (): string => {
      const printed = this.print(inner);
      const isOne = inner.is === 'char' || inner.is === 'class' || inner.is === 'any' || inner.is === 'capture';
      const { min, max } = times;
      const howOften =
        max === Infinity
          ? min === 0
            ? '*'
            : min === 1
              ? '+'
              : `{${min},}`
          : min === 0 && max === 1
            ? '?'
            : min === max
              ? `{${min}}`
              : `{${min},${max}}`;
      return (isOne ? printed : `(?:${printed})`) + howOften;
    };
    if (times.kind === 'possessive') return this.#atomic(text);
    return times.kind === 'lazy' ? `${text()}?` : text();
  }

  #character(code: number, caseless: boolean): string {
    if (!caseless || !this.#spellsCases || !isLetter(code)) return characterText(code);
    return `[${String.fromCharCode(code & ~32, code | 32)}]`;
  }

  #class({ negated, items, caseless }: Extract<PythonNode, { is: 'class' }>): string {
    const [only] = items;
    if (!negated && items.length === 1 && 'set' in only!) return `\\${only.set}`;
    const both = caseless && this.#spellsCases ? items.flatMap(inBothCases) : items;
    const texts = both.map((item) =>
      'set' in item
        ? `\\${item.set}`
        : item.from === item.to
          ? classText(item.from)
          : `${classText(item.from)}-${classText(item.to)}`,
    );
    return `[${negated ? '^' : ''}${texts.join('')}]`;
  }
}

/** A range and, of its letters, the same in the other case. */
function inBothCases(item: ClassItem): readonly ClassItem[] {
  if ('set' in item) return [item];
  const part = (from: number, to: number, shift: number): readonly ClassItem[] => {
    const [low, high] = [Math.max(item.from, from), Math.min(item.to, to)];
    return low <= high ? [{ from: low + shift, to: high + shift }] : [];
  };
  return [item, ...part(65, 90, 32), ...part(97, 122, -32)];
}

const codeText = (code: number): string =>
  code > 0xffff
    ? String.fromCodePoint(code)
    : code < 32 || code > 126
      ? `\\u${code.toString(16).padStart(4, '0')}`
      : String.fromCharCode(code);

const characterText = (code: number): string =>
  '\\^$.|?*+()[]{}/'.includes(String.fromCodePoint(code)) ? `\\${String.fromCodePoint(code)}` : codeText(code);

const classText = (code: number): string =>
  '\\]['.includes(String.fromCodePoint(code)) || code === 94 || code === 45
    ? `\\${String.fromCodePoint(code)}`
    : codeText(code);
