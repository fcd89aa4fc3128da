import { parseIptablesSave, parseNftJson } from '../../src/dialect/index.ts';
import type { Parsed } from '../../src/ip/index.ts';
import type { FilterTable, Ruleset } from '../../src/model/index.ts';
import type { HostFacts } from './observation.ts';

/** A host's ruleset through the real parsers, and what they did not understand. */
export function rulesetOf(facts: HostFacts): { readonly value: Ruleset; readonly problems: readonly string[] } {
  const parts: Parsed<readonly FilterTable[]>[] = [];
  const saved = facts.iptables;
  if (saved?.[4] !== undefined) parts.push(parseIptablesSave(saved[4], 'iptables-save', 4));
  if (saved?.[6] !== undefined) parts.push(parseIptablesSave(saved[6], 'ip6tables-save', 6));
  if (facts.nft !== undefined) parts.push(parseNftJson(facts.nft, 'nft -j list ruleset'));
  const tables = parts.flatMap((p) => p.value);
  const problems = parts.flatMap((p) => p.diagnostics.map((d) => `${d.code}: ${d.message} (${d.span?.text ?? ''})`));
  return { value: { tables, ipsets: new Map(), known: true }, problems };
}
