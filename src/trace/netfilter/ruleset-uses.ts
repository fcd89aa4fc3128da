import type { Family } from '../../ip/index.ts';
import type { FilterTable, Ruleset, Statement, Value } from '../../model/index.ts';

/** What a ruleset makes the kernel do beside filtering. */
export interface RulesetUses {
  /**
   * The number of the first table that makes connection tracking run for the family: a rule that reads or translates
   * connections switches it on.
   */
  readonly tracked: ReadonlyMap<Family, number>;
  readonly asksState: boolean;
}

type Families = Readonly<Partial<Record<FilterTable['family'], readonly Family[]>>>;

/** Looks through all rules, also those of chains that nothing jumps to (nf_ct_netns_get is called when one is loaded). */
export function rulesetUses(ruleset: Ruleset, families: Families): RulesetUses {
  const tracked = new Map<Family, number>();
  let asksState = false;
  for (const [number, table] of ruleset.tables.entries()) {
    for (const statement of statementsOf(table)) {
      const use = useOf(statement);
      if (!use) continue;
      for (const family of families[table.family] ?? []) if (!tracked.has(family)) tracked.set(family, number);
      asksState ||= use === 'state';
    }
  }
  return { tracked, asksState };
}

function* statementsOf(table: FilterTable): Generator<Statement> {
  for (const chain of table.chains.values()) for (const rule of chain.rules) yield* rule.statements;
}

type Use = 'state' | 'connection' | null;

function useOf(s: Statement): Use {
  switch (s.kind) {
    case 'snat':
    case 'dnat':
    case 'masquerade':
    case 'redirect':
      return 'connection';
    case 'set-mark':
      return s.target === 'ct' ? 'connection' : useOfValue(s.value);
    case 'match':
      return useOfValue(s.left) ?? useOfValue(s.right);
    case 'member':
      return useOfValue(s.left);
    case 'verdict-map':
      return useOfValue(s.key);
    case 'set-field':
      return useOfValue(s.value);
    case 'unmodelled-match':
    case 'unmodelled-target':
    case 'ignored':
    case 'limited':
      return /\bct\b|\bconn|helper/i.test(s.text) ? 'connection' : null;
    default:
      return null;
  }
}

function useOfValue(v: Value): Use {
  switch (v.kind) {
    case 'ct':
      return v.key === 'state' ? 'state' : 'connection';
    case 'binary':
      return useOfValue(v.left) ?? useOfValue(v.right);
    case 'masked-address':
      return useOfValue(v.of);
    case 'concat':
      return v.parts.map(useOfValue).find((u) => u !== null) ?? null;
    case 'lookup':
      return useOfValue(v.key);
    default:
      return null;
  }
}
