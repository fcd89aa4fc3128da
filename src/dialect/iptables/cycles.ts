import type { Chain, FilterRule } from '../../model/index.ts';
import { unmodelledTarget } from './target/unmodelled-target.ts';

/** Chains without a jump that leads back to a chain it came from. The kernel refuses such a table. */
export function withoutCycles(
  chains: Map<string, Chain>,
  onCycle: (rule: FilterRule, chain: string) => void,
): Map<string, Chain> {
  const back = backJumps(chains);
  if (back.size === 0) return chains;
  const repaired = new Map<string, Chain>();
  for (const [name, chain] of chains) {
    const rules = chain.rules.map((rule) => {
      const target = jumpOf(rule);
      if (target === null || !back.has(rule)) return rule;
      onCycle(rule, target);
      return { ...rule, statements: [...rule.statements.slice(0, -1), unmodelledTarget(`-j ${target}`)] };
    });
    repaired.set(name, { ...chain, rules });
  }
  return repaired;
}

/** The rule's jump, which is always its last statement. */
function jumpOf(rule: FilterRule): string | null {
  const last = rule.statements.at(-1);
  return last?.kind === 'verdict' && 'chain' in last.verdict ? last.verdict.chain : null;
}

/** Walks depth first, without recursion: a text may hold a chain of a hundred thousand jumps. */
function backJumps(chains: ReadonlyMap<string, Chain>): ReadonlySet<FilterRule> {
  const found = new Set<FilterRule>();
  const state = new Map<string, 'open' | 'done'>();
  for (const start of chains.keys()) {
    if (state.has(start)) continue;
    const stack = [{ name: start, next: 0 }];
    state.set(start, 'open');
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const rule = chains.get(top.name)?.rules[top.next++];
      if (!rule) {
        state.set(top.name, 'done');
        stack.pop();
        continue;
      }
      const target = jumpOf(rule);
      if (target === null || state.get(target) === 'done') continue;
      if (state.get(target) === 'open') found.add(rule);
      else {
        state.set(target, 'open');
        stack.push({ name: target, next: 0 });
      }
    }
  }
  return found;
}
