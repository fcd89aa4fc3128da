import type { Diagnostic, Fact, Parsed } from '../../ip/index.ts';
import type { Chain, FilterRule, FilterTable, Ruleset, Statement, Value } from '../../model/index.ts';
import { inlineSets } from './inline-sets.ts';
import { formatNftChain, formatNftRule } from './print.ts';
import { oneLine, word } from './print-value.ts';

/**
 * A ruleset as a text for `nft -f`, tables of iptables included: both engines run the same hooks. Members of sets and
 * ipsets are written into the rules; counters, logs and limits are left out, since they decide nothing. What can't be
 * said in nft, and tables that see no IP packet (arp, bridge, netdev), is left out too. Code: `line-not-modelled`.
 */
export function rulesetText(ruleset: Pick<Ruleset, 'tables' | 'ipsets'>): Parsed<string> {
  const diagnostics: Diagnostic[] = [];
  const seen = ruleset.tables.filter((t) => t.family === 'ip' || t.family === 'ip6' || t.family === 'inet');
  for (const table of ruleset.tables) {
    const chain = [...table.chains.values()][0];
    if (!seen.includes(table) && chain) diagnostics.push(leftOut(chain.fact, `table ${table.family} ${table.name}`));
  }
  const texts = seen.map((table) => tableText(nameApart(table, seen), ruleset.ipsets, diagnostics));
  return { value: texts.join(''), diagnostics };
}

function tableText(table: FilterTable, ipsets: Ruleset['ipsets'], diagnostics: Diagnostic[]): string {
  const chains = [...table.chains.values()].filter((chain) => {
    const isSeen = chain.hook?.hook !== 'ingress' && chain.hook?.hook !== 'egress';
    if (!isSeen) diagnostics.push(leftOut(chain.fact, `chain ${chain.name}`));
    return isSeen;
  });
  const lines = chains.flatMap((chain) => chainLines(chain, table, ipsets, diagnostics));
  return `table ${table.family} ${word(table.name)} {\n${lines.map((l) => `\t${l}\n`).join('')}}\n`;
}

/** iptables-legacy and nftables may each have a table of the same family and name. */
function nameApart(table: FilterTable, all: readonly FilterTable[]): FilterTable {
  const isDouble = (o: FilterTable): boolean =>
    o.engine === 'nftables' && o.family === table.family && o.name === table.name;
  return table.engine === 'iptables' && all.some(isDouble) ? { ...table, name: `iptables-${table.name}` } : table;
}

function chainLines(
  chain: Chain,
  table: FilterTable,
  ipsets: Ruleset['ipsets'],
  diagnostics: Diagnostic[],
): readonly string[] {
  const rules = chain.rules.flatMap((rule) => {
    const text = ruleText(rule, table, ipsets);
    if (text === null) diagnostics.push(leftOut(rule.fact, 'this rule'));
    return text === null || text === '' ? [] : [`\t${text}`];
  });
  const head = formatNftChain(chain);
  return [chain.hook ? head.replace(/ \}$/, '') : `${head} {`, ...rules, '}'];
}

/** Null when it can't be said; empty when it decides nothing. */
function ruleText(rule: FilterRule, table: FilterTable, ipsets: Ruleset['ipsets']): string | null {
  const deciding = rule.statements.filter((s) => s.kind !== 'ignored' && s.kind !== 'limited');
  const statements = inlineSets(deciding, table, ipsets);
  if (statements === null || isUnsafe(statements)) return null;
  if (table.engine === 'iptables' && isForeign(statements, table.family)) return null;
  return formatNftRule({ statements: decides(statements) ? statements : [] });
}

/**
 * Whether a part that is known by its words only could say more than one statement: a foreign ruleset must not be able
 * to end the rule, or to read a file with `include` behind it.
 */
function isUnsafe(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(isUnsafe);
  if (typeof node !== 'object' || node === null) return false;
  const { kind, text } = node as { kind?: unknown; text?: unknown };
  if (FOREIGN.has(kind) && typeof text === 'string' && /[{};#$\\]/.test(oneLine(text))) return true;
  return Object.values(node).some(isUnsafe);
}

/** Whether a part of it is only known by the words of iptables, or nothing that nft can compute. */
function isForeign(node: unknown, family: FilterTable['family']): boolean {
  if (Array.isArray(node)) return node.some((n) => isForeign(n, family));
  if (typeof node !== 'object' || node === null) return false;
  const { kind, field } = node as { kind?: unknown; field?: unknown };
  if (kind === 'binary' && !isConstant((node as Extract<Value, { kind: 'binary' }>).right)) return true;
  // nft knows the six bits of the DSCP, iptables' words are about all eight; an IPv6 packet has a hop limit instead
  if (field === 'ip.dscp' || (field === 'ip.ttl' && family === 'ip6')) return true;
  return FOREIGN.has(kind) || Object.values(node).some((n) => isForeign(n, family));
}

const FOREIGN: ReadonlySet<unknown> = new Set(['unmodelled', 'unmodelled-match', 'unmodelled-target', 'any-of']);

const isConstant = (value: Value): boolean => value.kind === 'number';

/** A rule of matches alone changes nothing. */
const decides = (statements: readonly Statement[]): boolean =>
  statements.some((s) => s.kind !== 'match' && s.kind !== 'member' && s.kind !== 'unmodelled-match');

function leftOut(fact: Fact, what: string): Diagnostic {
  const text = oneLine(fact.text);
  return {
    code: 'line-not-modelled',
    severity: 'warning',
    message: `${what} can't be written for nft and is left out`,
    ...(fact.line > 0 ? { span: { source: fact.source, line: fact.line, column: 1, length: text.length, text } } : {}),
  };
}
