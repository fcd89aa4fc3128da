import type { Fact } from '../../ip/index.ts';
import type { FilterRule, Statement } from '../../model/index.ts';
import { isBaseMatch, readBase } from './base.ts';
import { clip, unmodelledMatch, type Clause, type RuleContext } from './context.ts';
import type { DraftRule } from './draft.ts';
import { readMatch } from './match/read-match.ts';
import { isTarget, readTarget } from './target/read-target.ts';
import { unmodelledTarget } from './target/unmodelled-target.ts';
import { wordsOf } from './words-of.ts';
import type { RuleWords } from './words.ts';

/**
 * The rules that one line makes: one, several where addresses stand in a list, and two for each `either`. The two halves
 * of an `either` are one rule to iptables and have the very same `fact`; see `ruleNumber`.
 */
export function translateRule(
  draft: DraftRule,
  source: string,
  chains: ReadonlyMap<string, unknown>,
  context: RuleContext,
): readonly FilterRule[] {
  const words = wordsOf(draft);
  const bases = readBase(words.base.filter(isBaseMatch), context);
  const matches = [...words.matches.flatMap((part) => readMatch(part, context)), ...readStray(words, context)];
  const bodies = expand(inOrder(matches));
  const target = readJump(words, chains, context);
  return bases.flatMap((base) => {
    const fact: Fact = { source, line: draft.line, text: draft.text };
    return bodies.map((body) => ({ statements: [...base, ...body, ...target], fact }));
  });
}

function readStray({ stray }: RuleWords, context: RuleContext): readonly Statement[] {
  return stray.map((option) => {
    const text = context.textAt(option);
    context.fault('line-unknown', 'warning', option, `'${clip(text)}' belongs to no match of this rule`);
    return unmodelledMatch(text);
  });
}

const WEIGHT: Readonly<Partial<Record<Clause['kind'], number>>> = { limited: 1, 'unmodelled-match': 2 };

/** What is sure comes first, so that doubt only arises where nothing else has decided. Matches are free to be moved. */
const inOrder = (clauses: readonly Clause[]): readonly Clause[] =>
  clauses.length < 2 ? clauses : clauses.toSorted((a, b) => (WEIGHT[a.kind] ?? 0) - (WEIGHT[b.kind] ?? 0));

/** So many `either`s may one rule have. */
const MOST_EITHERS = 4;

function expand(clauses: readonly Clause[]): readonly (readonly Statement[])[] {
  let bodies: readonly (readonly Statement[])[] = [[]];
  let eithers = 0;
  for (const clause of clauses) {
    if (clause.kind !== 'either') {
      for (const body of bodies as Statement[][]) body.push(clause);
    } else if (++eithers > MOST_EITHERS) {
      for (const body of bodies as Statement[][]) body.push(unmodelledMatch('one of two states'));
    } else {
      const { first, second } = clause;
      bodies = bodies.flatMap((body) => [
        [...body, first],
        [...body, opposite(first), second],
      ]);
    }
  }
  return bodies;
}

function opposite(statement: Statement): Statement {
  if (statement.kind !== 'member') throw new Error(`bug: ${statement.kind} has no opposite`);
  return { ...statement, negated: !statement.negated };
}

/** What `-j` or `-g` says. A chain of the table goes before a target of that name. */
function readJump(
  { target, goto }: RuleWords,
  chains: ReadonlyMap<string, unknown>,
  context: RuleContext,
): readonly Statement[] {
  if (target === null) return [];
  if (chains.has(target.name)) {
    for (const option of target.options)
      context.fault('line-unknown', 'warning', option, 'a jump to a chain has no options');
    return [{ kind: 'verdict', verdict: { kind: goto ? 'goto' : 'jump', chain: target.name } }];
  }
  if (!goto && (isTarget(target.name) || target.options.length > 0)) return readTarget(target, context);
  const message = `chain '${clip(target.name)}' is not there`;
  context.fault('chain-missing', 'warning', target.word, message, 'add all lines of iptables-save');
  return [unmodelledTarget(`-${goto ? 'g' : 'j'} ${target.name}`)];
}
