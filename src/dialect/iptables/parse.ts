import type { Family, Parsed } from '../../ip/index.ts';
import type { Chain, FilterRule, FilterTable, NamedSet } from '../../model/index.ts';
import { FaultList } from '../ipset/index.ts';
import type { RuleContext } from './context.ts';
import { withoutCycles } from './cycles.ts';
import { rulesOf, type DraftChain, type DraftRule, type DraftTable } from './draft.ts';
import { LineReader } from './read-lines.ts';
import { hookOf } from './tables.ts';
import { translateRule } from './translate.ts';

/**
 * Reads the output of `iptables-save` (family 4) or `ip6tables-save` (family 6), of either flavour, or the `iptables …`
 * lines of a script: one table for each `*table` section, in order. `ipsets` (of `parseIpsetSave`) tells what the
 * directions of `--match-set` stand for and is best read first; without it the usual meaning is taken.
 *
 * Nothing is left out: a match or target that is not modelled becomes an `unmodelled-…` statement and a diagnostic, after
 * the rule's other matches, so that it counts only where they hold. A rule with a value that iptables would refuse is an
 * error and stays in as unmodelled. Codes: `line-unknown`, `line-not-modelled`, `value-invalid`, `chain-missing`,
 * `chain-cycle`, `set-missing`, `input-too-large`; at most 50 and a sum.
 */
export function parseIptablesSave(
  text: string,
  source: string,
  family: Family,
  ipsets?: ReadonlyMap<string, NamedSet>,
): Parsed<readonly FilterTable[]> {
  const faults = new FaultList(source);
  const reader = new LineReader(family, source, faults);
  let number = 0;
  for (const line of text.split('\n')) reader.read({ number: ++number, text: line.trim() });
  const building: Building = { family, source, faults, ipsets: ipsets ?? null };
  return { value: reader.tables.map((table) => buildTable(table, building)), diagnostics: faults.all() };
}

interface Building {
  readonly family: Family;
  readonly source: string;
  readonly faults: FaultList;
  readonly ipsets: ReadonlyMap<string, NamedSet> | null;
}

function buildTable(draft: DraftTable, building: Building): FilterTable {
  const chains = new Map<string, Chain>();
  for (const chain of draft.chains.values()) chains.set(chain.name, buildChain(draft, chain, building));
  const acyclic = withoutCycles(chains, (rule, target) => {
    const { line, text } = rule.fact;
    const span = { source: building.source, line, column: 1, length: Math.max(text.length, 1), text };
    const message = `chain '${target}' leads back to this rule`;
    building.faults.add({
      code: 'chain-cycle',
      severity: 'error',
      message,
      hint: 'the kernel refuses such a table: collect it anew',
      span,
    });
  });
  return {
    family: building.family === 4 ? 'ip' : 'ip6',
    name: draft.name,
    engine: 'iptables',
    chains: acyclic,
    sets: new Map(),
  };
}

function buildChain(table: DraftTable, draft: DraftChain, building: Building): Chain {
  const { name, policy, fact } = draft;
  const hook = hookOf(table.name, name);
  const rules: FilterRule[] = [];
  for (const rule of rulesOf(draft)) {
    rules.push(...translateRule(rule, building.source, table.chains, contextOf(rule, name, building)));
  }
  return { name, ...(hook ? { hook: { ...hook, policy } } : {}), rules, fact };
}

function contextOf(rule: DraftRule, chain: string, { family, source, faults, ipsets }: Building): RuleContext {
  const { line, text } = rule;
  return {
    family,
    chain,
    ipsets,
    textAt: ({ start, end }) => text.slice(start, end),
    fault: (code, severity, { start, end }, message, hint) => {
      const span = { source, line, column: start + 1, length: Math.max(end - start, 1), text };
      faults.add({ code, severity, message, ...(hint === undefined ? {} : { hint }), span });
    },
  };
}
