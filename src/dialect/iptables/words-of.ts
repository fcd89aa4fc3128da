import type { DraftRule } from './draft.ts';
import { matchOptions } from './match/read-match.ts';
import { targetOptions } from './target/read-target.ts';
import { tokenize } from './tokens.ts';
import { sortWords, type RuleWords } from './words.ts';

const VOCABULARY = { match: matchOptions, target: targetOptions };

/** The words of a rule's line, sorted to the matches and the target they belong to. */
export const wordsOf = ({ text, from, to }: DraftRule): RuleWords => sortWords(tokenize(text, from, to), VOCABULARY);
