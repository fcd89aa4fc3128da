import { BASE, optionsOf, type Option } from './options.ts';
import type { Token } from './tokens.ts';

/** A match that a rule loads, or its target, with the options that belong to it. */
export interface Part {
  /** As written behind `-m` or `-j`; the protocol's name when `-p` loads it. */
  readonly name: string;
  readonly word: Token;
  readonly options: Option[];
  /** Loaded by `-p` alone. */
  readonly implied: boolean;
}

/** A rule's words, sorted to their owners. */
export interface RuleWords {
  readonly base: readonly Option[];
  readonly matches: readonly Part[];
  readonly target: Part | null;
  /** `-g` instead of `-j`. */
  readonly goto: boolean;
  /** What belongs to nothing that was loaded. */
  readonly stray: readonly Option[];
}

/** The options a match or a target knows; `any` where they are not known here. */
export type Known = ReadonlySet<string> | 'any';

/** What matches and targets know which options. */
export interface Vocabulary {
  match(name: string): Known;
  target(name: string): Known;
}

/** Sorts a line's words to the matches and the target they belong to, as iptables does with what it has loaded so far. */
export function sortWords(tokens: readonly Token[], vocabulary: Vocabulary): RuleWords {
  const base: Option[] = [];
  const stray: Option[] = [];
  const loaded: { part: Part; knows: Known; isTarget: boolean }[] = [];
  const load = (word: Token, name: string, knows: Known, kind: 'match' | 'target' | 'implied'): void =>
    void loaded.push({
      part: { name, word, options: [], implied: kind === 'implied' },
      knows,
      isTarget: kind === 'target',
    });
  let goto = false;
  for (const option of optionsOf(tokens)) {
    const value = option.values[0];
    if (option.name === 'm' && value) {
      load(value, value.text, vocabulary.match(value.text), 'match');
    } else if ((option.name === 'j' || option.name === 'g') && value && !loaded.some((l) => l.isTarget)) {
      goto = option.name === 'g';
      load(value, value.text, vocabulary.target(value.text), 'target');
    } else if (BASE.has(option.name) && option.name !== 'j' && option.name !== 'g' && option.name !== 'm') {
      base.push(option);
      const name = value?.text.toLowerCase() ?? '';
      const knows = vocabulary.match(name);
      if (option.name === 'p' && value && knows !== 'any') load(value, name, knows, 'implied');
    } else {
      const owner =
        loaded.findLast((l) => l.knows !== 'any' && l.knows.has(option.name)) ??
        (option.name === '' ? undefined : loaded.findLast((l) => l.knows === 'any'));
      (owner?.part.options ?? stray).push(option);
    }
  }
  const matches = loaded
    .filter((l) => !l.isTarget && !(l.part.implied && l.part.options.length === 0))
    .map((l) => l.part);
  return { base, matches, target: loaded.find((l) => l.isTarget)?.part ?? null, goto, stray };
}
