import { covers, hostPrefix, type Prefix } from '../../ip/index.ts';
import type { Element, Entry, FilterTable, NamedSet, Ruleset, Statement } from '../../model/index.ts';

/**
 * The rule's statements with the members of its sets and maps written into the rule. What stands behind a set that has
 * no members is cut off, since no packet gets that far. Null when a set is not there or has exceptions (`nomatch`).
 */
export function inlineSets(
  statements: readonly Statement[],
  table: FilterTable,
  ipsets: Ruleset['ipsets'],
): readonly Statement[] | null {
  const known = { named: table.sets, ipset: ipsets };
  const inlined: Statement[] = [];
  for (const statement of statements) {
    const resolved = inlineIn(statement, known);
    if (resolved === null) return null;
    const s = resolved as Statement;
    if (s.kind === 'member' && s.of.kind === 'inline' && s.of.entries.length === 0) {
      if (s.negated) continue;
      return inlined;
    }
    if (isEmptyMap(s)) return inlined;
    inlined.push(s.kind === 'member' && s.of.kind === 'inline' ? { ...s, of: apart(s.of.entries) } : s);
  }
  return inlined;
}

const isEmptyMap = (s: Statement): boolean =>
  s.kind === 'verdict-map' && s.of.kind === 'inline' && s.of.entries.length === 0;

interface Known {
  readonly named: ReadonlyMap<string, NamedSet>;
  readonly ipset: ReadonlyMap<string, NamedSet>;
}

/** Only references to elements have the kinds `named` and `ipset`, so the rest of the tree needs no types. */
function inlineIn(node: unknown, known: Known): unknown {
  if (Array.isArray(node)) {
    const parts = node.map((n) => inlineIn(n, known));
    return parts.includes(null) ? null : parts;
  }
  if (typeof node !== 'object' || node === null) return node;
  const { kind, name } = node as { kind?: unknown; name?: unknown };
  if ((kind === 'named' || kind === 'ipset') && typeof name === 'string') {
    const entries = known[kind].get(name)?.entries;
    return entries && !entries.some((e) => e.except) ? { kind: 'inline', entries: inlineIn(entries, known) } : null;
  }
  const parts = Object.entries(node).map(([key, value]) => [key, inlineIn(value, known)] as const);
  return parts.some(([, value]) => value === null) ? null : Object.fromEntries(parts);
}

/** Members without those that another one covers: nft refuses overlapping members of a set written in a rule. */
function apart(entries: readonly Entry[]): { kind: 'inline'; entries: readonly Entry[] } {
  const blocks = entries.map((e) => blockOf(e.key));
  const isCovered = (i: number): boolean =>
    blocks.some((other, j) => {
      const own = blocks[i];
      if (!own || !other || i === j || !covers(other, own)) return false;
      return other.length < own.length || j < i;
    });
  return { kind: 'inline', entries: entries.filter((_, i) => !isCovered(i)) };
}

const blockOf = (key: Element): Prefix | null =>
  key.kind === 'prefix' ? key.prefix : key.kind === 'address' ? hostPrefix(key.address) : null;
