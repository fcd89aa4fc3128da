import type { Fact } from '../../ip/index.ts';
import type { Chain, FilterTable, HookName, Host, RulePlace } from '../../model/index.ts';

/**
 * Chains that other programs call first and never write to: Docker's, ufw's and OpenWrt's places for the administrator's
 * own rules.
 */
const OWN_CHAINS: readonly string[] = [
  'DOCKER-USER',
  'ufw-user-forward',
  'ufw6-user-forward',
  'ufw-user-input',
  'ufw6-user-input',
  'ufw-user-output',
  'ufw6-user-output',
  'forwarding_rule',
  'input_rule',
  'output_rule',
];

/** The verdict of a firewall: the table as `ip filter`, its base chain, the line that decided. */
export interface Decided {
  readonly table: string;
  readonly chain: string;
  readonly by: Fact | undefined;
}

/**
 * Where a rule could go so that it is met before the one that decided, best first: in the administrator's own chain; in
 * the base chain right before the deciding rule, or before the jump that led to it, or at the end where the policy
 * decided; first of all.
 */
export function rulePlaces(host: Host, { table: name, chain, by }: Decided): RulePlace[] {
  const table = host.ruleset.tables.find((t) => `${t.family} ${t.name}` === name);
  const base = table?.chains.get(chain);
  if (!table || !base?.hook) return [];
  const at = (chainName: string, index: number): RulePlace => ({
    family: table.family,
    table: table.name,
    chain: chainName,
    index,
  });
  const own = ownChains(table, base, base.hook.hook).map((c) => at(c, 0));
  return [...own, at(base.name, indexBefore(table, base, by)), at(base.name, 0)];
}

function ownChains(table: FilterTable, base: Chain, hook: HookName): string[] {
  if (hook !== 'forward' && hook !== 'input' && hook !== 'output') return [];
  const reached = new Set(base.rules.flatMap((r) => [...chainsBelow(table, r)]));
  return OWN_CHAINS.filter((c) => reached.has(c));
}

/** The place of the first rule of the base chain that decides so, or leads to one that does; its end for the policy. */
function indexBefore(table: FilterTable, base: Chain, by: Fact | undefined): number {
  const deciding = [...table.chains.values()].find((c) => c.rules.some((r) => r.fact === by))?.name;
  const index = base.rules.findIndex(
    (r) => r.fact === by || (deciding !== undefined && chainsBelow(table, r).has(deciding)),
  );
  return index < 0 ? base.rules.length : index;
}

/** Every chain that the rule may lead to. */
function chainsBelow(table: FilterTable, rule: Chain['rules'][number], seen = new Set<string>()): Set<string> {
  for (const target of targetsOf(rule, table)) {
    if (seen.has(target)) continue;
    seen.add(target);
    for (const r of table.chains.get(target)?.rules ?? []) chainsBelow(table, r, seen);
  }
  return seen;
}

function targetsOf({ statements }: Chain['rules'][number], table: FilterTable): string[] {
  return statements.flatMap((s) => {
    if (s.kind === 'verdict') return 'chain' in s.verdict ? [s.verdict.chain] : [];
    if (s.kind !== 'verdict-map') return [];
    const entries = s.of.kind === 'inline' ? s.of.entries : (table.sets.get(s.of.name)?.entries ?? []);
    return entries.flatMap((e) => (e.verdict && 'chain' in e.verdict ? [e.verdict.chain] : []));
  });
}
