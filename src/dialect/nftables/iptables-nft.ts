import { PRIORITY, type Chain, type FilterTable } from '../../model/index.ts';

const NAMES = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);
const HOOK_OF: ReadonlyMap<string, string> = new Map([
  ['PREROUTING', 'prerouting'],
  ['INPUT', 'input'],
  ['FORWARD', 'forward'],
  ['OUTPUT', 'output'],
  ['POSTROUTING', 'postrouting'],
]);

/**
 * Whether the table looks like one that iptables-nft made: family ip or ip6, one of iptables' five names, and every
 * base chain has the name, hook and priority that iptables gives it. iptables itself decides so (iptables/nft.c,
 * nft_is_table_compatible), so a table written by hand in the same form counts too: iptables-save shows it as well.
 */
export function isIptablesNftTable(table: FilterTable): boolean {
  if (table.engine !== 'nftables' || (table.family !== 'ip' && table.family !== 'ip6') || !NAMES.has(table.name))
    return false;
  const bases = [...table.chains.values()].filter((c) => c.hook);
  return (
    bases.length > 0 &&
    bases.every((c) => HOOK_OF.get(c.name) === c.hook?.hook && c.hook?.priority === priorityOf(table.name, c.name))
  );
}

function priorityOf(table: string, chain: string): number {
  if (table === 'nat') return chain === 'PREROUTING' || chain === 'OUTPUT' ? PRIORITY.dstnat : PRIORITY.srcnat;
  return table === 'raw'
    ? PRIORITY.raw
    : table === 'mangle'
      ? PRIORITY.mangle
      : table === 'security'
        ? PRIORITY.security
        : PRIORITY.filter;
}

/**
 * The nftables tables without those that iptables-save gave already. A table is such a double when it looks like
 * iptables-nft's and iptables-save has one of the same family and name with every chain of it: the same policy and
 * the same number of rules. Counting keeps a table of nft's own apart from iptables-legacy's table of the same name.
 */
export function withoutIptablesDoubles(
  nftables: readonly FilterTable[],
  iptables: readonly FilterTable[],
): readonly FilterTable[] {
  return nftables.filter((table) => !isIptablesNftTable(table) || !iptables.some((other) => isDouble(table, other)));
}

const isDouble = (table: FilterTable, other: FilterTable): boolean =>
  table.family === other.family &&
  table.name === other.name &&
  [...table.chains].every(([name, chain]) => sameShape(chain, other.chains.get(name)));

const sameShape = (chain: Chain, other: Chain | undefined): boolean =>
  other !== undefined && chain.hook?.policy === other.hook?.policy && chain.rules.length === other.rules.length;
