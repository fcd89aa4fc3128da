import type { Fact } from '../../ip/index.ts';
import type { RejectKind } from '../../model/index.ts';
import type { BaseChain } from './compile-ruleset.ts';
import type { CompiledChain, CompiledRule, Decision } from './compile-scope.ts';
import { record, stageOf, type Run } from './run.ts';

/** How a base chain ended. */
export interface ChainEnd {
  readonly verdict: 'accept' | 'drop' | 'reject';
  /** The rule that decided; null when the policy did. */
  readonly rule: Fact | null;
  /** Only for `reject`. */
  readonly with: RejectKind | null;
  readonly rulesMet: number;
}

/** No sane ruleset jumps so often for one packet; chains that jump in a circle do. */
const MOST_JUMPS = 100_000;

/** One packet's walk through a base chain and what it jumps to (nft_do_chain). */
class Walk {
  readonly #run: Run;
  readonly #base: BaseChain;
  readonly #back: { readonly chain: CompiledChain; readonly at: number }[] = [];
  #rulesMet = 0;
  #jumps = 0;

  constructor(run: Run, base: BaseChain) {
    this.#run = run;
    this.#base = base;
  }

  end(): ChainEnd {
    let chain = this.#base.chain;
    let at = 0;
    for (;;) {
      const decided = this.#nextDecision(chain, at);
      const decision = decided?.decision ?? RETURN;
      switch (decision.kind) {
        case 'accept':
        case 'drop':
        case 'reject':
          return this.#ended(decision, decided!.rule.fact);
        case 'jump':
        case 'goto':
          if (!this.#mayJump(decision.kind, decided!.rule.fact))
            return this.#ended({ kind: 'drop' }, decided!.rule.fact);
          if (decision.kind === 'jump') this.#back.push({ chain, at: decided!.next });
          chain = decision.chain;
          at = 0;
          break;
        case 'return': {
          const back = this.#back.pop();
          if (!back) return this.#ended({ kind: this.#base.policy }, null);
          chain = back.chain;
          at = back.at;
        }
      }
    }
  }

  /** The next decision of the chain's rules from `at` on; null at its end. */
  #nextDecision(
    chain: CompiledChain,
    at: number,
  ): { readonly decision: Decision; readonly rule: CompiledRule; readonly next: number } | null {
    const run = this.#run;
    const { rules, prefilter } = chain;
    for (let i = prefilter.next(run.packet, at); i < rules.length; i = prefilter.next(run.packet, i + 1)) {
      const rule = rules[i]!;
      run.fact = rule.fact;
      const decision = decisionOf(rule, run);
      if (!decision) continue;
      this.#rulesMet += i + 1 - at;
      return { decision, rule, next: i + 1 };
    }
    this.#rulesMet += rules.length - at;
    return null;
  }

  /** Chains that call each other in a circle, which no kernel takes, end the walk. */
  #mayJump(kind: 'jump' | 'goto', fact: Fact): boolean {
    const deep = kind === 'jump' && this.#back.length >= this.#base.depth;
    if (!deep && ++this.#jumps <= MOST_JUMPS) return true;
    const what = deep ? 'chains nested too deep' : 'chains that jump in a circle';
    record(this.#run, stageOf(this.#run), { kind: 'uncertain', what, taken: 'dropped' }, [fact]);
    return false;
  }

  #ended(decision: Extract<Decision, { kind: 'accept' | 'drop' | 'reject' | 'return' }>, rule: Fact | null): ChainEnd {
    if (decision.kind === 'return') throw new Error('bug: a return is no end');
    const kind = decision.kind === 'reject' ? decision.with : null;
    return { verdict: decision.kind, rule, with: kind, rulesMet: this.#rulesMet };
  }
}

const RETURN = { kind: 'return' } as const;

function decisionOf(rule: CompiledRule, run: Run): Decision | null {
  const { tests, operations } = rule;
  for (let i = 0; i < tests.length; i++) if (!tests[i]!(run)) return null;
  for (let i = 0; i < operations.length; i++) {
    const effect = operations[i]!(run);
    if (effect === 'end') return null;
    if (effect !== 'on') return effect;
  }
  return null;
}

/** Walks a base chain to its end. */
export const walkChain = (base: BaseChain, run: Run): ChainEnd => new Walk(run, base).end();
