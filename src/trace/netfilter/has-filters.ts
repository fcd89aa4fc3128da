import type { Family } from '../../ip/index.ts';
import type { HookName, Ruleset } from '../../model/index.ts';
import { compileRuleset, placeKey } from './compile-ruleset.ts';

/** Whether a packet of the family can meet a rule, or a policy that drops, at one of the hooks. Address translation does not count. */
export function hasFilters(ruleset: Ruleset, family: Family, hooks: readonly HookName[]): boolean {
  if (ruleset.tables.length === 0) return false;
  const { places } = compileRuleset(ruleset);
  return hooks.some((hook) =>
    places
      .get(placeKey(family, hook))!
      .some((p) => p.kind === 'chain' && (p.base.chain.rules.length > 0 || p.base.policy === 'drop')),
  );
}
