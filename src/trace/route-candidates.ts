import type { Address } from '../ip/index.ts';
import { TABLE, type Host, type Route } from '../model/index.ts';
import { hasOwnRules } from './policy-rules.ts';
import { routeTable } from './table-index.ts';

/**
 * The routes of a table that contain the address, in the kernel's order. As long as nobody added a rule, IPv4's tables
 * local and main are one trie (fib_trie_table, fib_unmerge): a longer prefix in main then wins over a shorter one in
 * local, and of the same length local comes first.
 */
export function candidatesIn(host: Host, table: number, address: Address): readonly Route[] {
  const own = routeTable(host, address.family, table)?.candidates(address) ?? [];
  const isMerged = address.family === 4 && (table === TABLE.local || table === TABLE.main) && !hasOwnRules(host);
  if (!isMerged) return own;
  const other = routeTable(host, 4, table === TABLE.local ? TABLE.main : TABLE.local)?.candidates(address) ?? [];
  if (other.length === 0) return own;
  return [...own, ...other].sort((a, b) => b.prefix.length - a.prefix.length || b.table - a.table);
}
