import type { Diagnostic } from '../../ip/index.ts';
import type { Chain, FilterTable } from '../../model/index.ts';
import type { Problems } from './problems.ts';

/** The chains and sets that a rule or a map names. */
interface References {
  readonly chains: Set<string>;
  readonly sets: Set<string>;
}

/**
 * Says which chains and sets are named and not there, and which chains lead back to themselves. The kernel allows
 * neither, so they mean a damaged input. Codes: `chain-missing`, `set-missing`, `chain-cycle`.
 */
export function checkReferences(table: FilterTable, problems: Problems): void {
  const ways = new Map<string, ReadonlySet<string>>();
  const inSets = new Map([...table.sets].map(([name, set]) => [name, referencesIn(set.entries)]));
  for (const [name, chain] of table.chains) ways.set(name, checkChain(table, chain, inSets, problems));
  const cycle = findCycle(ways);
  if (!cycle) return;
  const fact = table.chains.get(cycle[0]!)!.fact;
  problems.add(
    complaint(
      'chain-cycle',
      `chains of ${table.family} ${table.name} lead back to themselves: ${cycle.join(' -> ')}`,
      fact,
    ),
  );
}

/** The chains that this one leads to, all of which exist. */
function checkChain(
  table: FilterTable,
  chain: Chain,
  inSets: ReadonlyMap<string, References>,
  problems: Problems,
): ReadonlySet<string> {
  const ways = new Set<string>();
  for (const rule of chain.rules) {
    const named = referencesIn(rule.statements);
    for (const set of named.sets) {
      const found = inSets.get(set);
      if (!found)
        problems.add(complaint('set-missing', `set ${set} is not in table ${table.family} ${table.name}`, rule.fact));
      for (const to of found?.chains ?? []) named.chains.add(to);
    }
    for (const to of named.chains) {
      if (table.chains.has(to)) ways.add(to);
      else
        problems.add(
          complaint('chain-missing', `chain ${to} is not in table ${table.family} ${table.name}`, rule.fact),
        );
    }
  }
  return ways;
}

const complaint = (code: Diagnostic['code'], message: string, fact: Chain['fact']): Diagnostic => ({
  code,
  severity: 'error',
  message,
  hint: 'collect the ruleset again, whole',
  span: {
    source: fact.source,
    line: Math.max(1, fact.line),
    column: 1,
    length: Math.max(1, fact.text.length),
    text: fact.text,
  },
});

/** Every `jump`, `goto` and set name anywhere inside the value. */
function referencesIn(value: unknown, found: References = { chains: new Set(), sets: new Set() }): References {
  if (typeof value !== 'object' || value === null) return found;
  const { kind, chain, name } = value as { kind?: unknown; chain?: unknown; name?: unknown };
  if ((kind === 'jump' || kind === 'goto') && typeof chain === 'string') found.chains.add(chain);
  if (kind === 'named' && typeof name === 'string') found.sets.add(name);
  for (const part of Object.values(value)) if (typeof part === 'object') referencesIn(part, found);
  return found;
}

/** The chains of one cycle, the first of them again at the end; null without one. Walks by hand: chains may be many. */
function findCycle(ways: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | null {
  const done = new Set<string>();
  for (const start of ways.keys()) {
    const path: { readonly name: string; readonly left: string[] }[] = [];
    const onPath = new Set<string>();
    const enter = (name: string): void => {
      onPath.add(name);
      path.push({ name, left: [...(ways.get(name) ?? [])] });
    };
    if (!done.has(start)) enter(start);
    while (path.length > 0) {
      const { name, left } = path.at(-1)!;
      const next = left.pop();
      if (next === undefined) {
        path.pop();
        onPath.delete(name);
        done.add(name);
      } else if (onPath.has(next)) {
        return [...path.slice(path.findIndex((p) => p.name === next)).map((p) => p.name), next];
      } else if (!done.has(next)) enter(next);
    }
  }
  return null;
}
