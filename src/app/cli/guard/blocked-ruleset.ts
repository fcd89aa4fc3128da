import { ipsetsOf, type Rest } from '../../../guard/index.ts';
import type { Prefix } from '../../../ip/index.ts';
import type { FilterTable, Ruleset } from '../../../model/index.ts';

/**
 * A machine's packet filter once a prefix is in the ipsets where a guard that runs here puts it; null where there are no
 * such sets.
 */
export function withBlocked(ruleset: Ruleset, prefix: Prefix, rest: Rest): Ruleset | null {
  const ipsets = new Map(ruleset.ipsets);
  for (const name of ipsetsOf(prefix, rest)) {
    const set = ipsets.get(name);
    if (!set) return null;
    ipsets.set(set.name, { ...set, entries: [...set.entries, { key: { kind: 'prefix', prefix } }] });
  }
  return { ...ruleset, ipsets };
}

/** A machine's packet filter with another state of the guard's own nft table, or with one where it has none. */
export function withOwnTable(ruleset: Ruleset, tables: readonly FilterTable[]): Ruleset | null {
  const fresh = tables.find(isOwn);
  return fresh ? { ...ruleset, tables: [...ruleset.tables.filter((table) => !isOwn(table)), fresh] } : null;
}

const isOwn = ({ family, name }: FilterTable): boolean => family === 'inet' && name === 'waymark';
