import type { Span } from '../../ip/index.ts';
import type { Chain, FilterRule, FilterTable, HookName, NamedSet } from '../../model/index.ts';
import type { DraftTable } from './draft.ts';
import { field, listOf, numberField, textField, type JsonObject } from './json.ts';
import { pinFamilies } from './pin-family.ts';
import { formatNftChain, formatNftRule } from './print.ts';
import { oneLine } from './print-value.ts';
import type { Problems } from './problems.ts';
import { readSet, readSetTypes } from './read-set.ts';
import { readStatement } from './read-statement.ts';
import type { Scope, SetTypes } from './scope.ts';
import { commentText } from './statement-text.ts';

/** Where what is read comes from and where its faults go. */
export interface Reading {
  readonly source: string;
  readonly problems: Problems;
}

/** Reads one table. Codes: `line-not-modelled`, `line-limited`, `value-invalid`. */
export function readTable(draft: DraftTable, reading: Reading): FilterTable {
  const scope = scopeOf(draft);
  const isDormant = listOf(field(draft.json, 'flags')).includes('dormant');
  const chains = new Map<string, Chain>();
  for (const [name, { json, rules }] of draft.chains) {
    const read = rules.map((rule) => readRule(rule, `${draft.family} ${draft.name} ${name}`, scope, reading));
    chains.set(name, { ...readChainHead(name, json, isDormant, reading), rules: read });
  }
  // after the rules: they tell which sets the packets themselves change
  const sets = new Map<string, NamedSet>();
  for (const [name, json] of draft.sets) sets.set(name, readNamed(name, json, scope, reading));
  return { family: draft.family, name: draft.name, engine: 'nftables', chains, sets };
}

function scopeOf(draft: DraftTable): Scope {
  const sets = new Map<string, SetTypes>();
  const inverted = new Set([...draft.limits].filter(([, json]) => field(json, 'inv') === true).map(([name]) => name));
  const scope: Scope = { family: draft.family, sets, inverted, dynamic: new Set(), limited: () => undefined };
  for (const [name, json] of draft.sets) sets.set(name, readSetTypes(json, scope));
  return scope;
}

function readNamed(name: string, json: JsonObject, scope: Scope, { source, problems }: Reading): NamedSet {
  const { set, unread } = readSet(name, json, scope.sets.get(name)!, scope, source);
  if (unread > 0) {
    const message = `${unread} elements of set ${name} are not modelled; what it holds counts as uncertain`;
    problems.add({ code: 'line-not-modelled', severity: 'warning', message, span: spanOf(source, 0, set.fact.text) });
  }
  return set;
}

const HOOKS: ReadonlyMap<string, HookName> = new Map(
  (['prerouting', 'input', 'forward', 'output', 'postrouting', 'ingress', 'egress'] as const).map((h) => [h, h]),
);
const TYPES = new Map((['filter', 'nat', 'route'] as const).map((t) => [t as string, t]));

function readChainHead(
  name: string,
  json: JsonObject,
  isDormant: boolean,
  { source, problems }: Reading,
): Omit<Chain, 'rules'> {
  const hook = readHook(json);
  const chain = { name, ...(hook ? { hook } : {}) };
  const text = formatNftChain(chain);
  const fact = { source, line: 0, text };
  if (hook === null) {
    const message = `chain ${name} has a hook, type or priority that is not known`;
    problems.add({ code: 'value-invalid', severity: 'error', message, span: spanOf(source, 0, text) });
  }
  // a dormant table's chains are there, but no packet enters them
  return isDormant ? { name, fact: { ...fact, text: `${text} # the table is dormant` } } : { ...chain, fact };
}

/** The hook of a base chain, undefined for a regular one, null when it can't be read. */
function readHook(json: JsonObject): Chain['hook'] | null {
  if (field(json, 'hook') === undefined && field(json, 'type') === undefined) return undefined;
  const [hook, type] = [HOOKS.get(textField(json, 'hook') ?? ''), TYPES.get(textField(json, 'type') ?? '')];
  const priority = numberField(json, 'prio');
  const policy = textField(json, 'policy') ?? 'accept';
  if (!hook || !type || priority === undefined || (policy !== 'accept' && policy !== 'drop')) return null;
  return { hook, type, priority, policy };
}

const spanOf = (source: string, line: number, text: string): Span => ({
  source,
  line,
  column: 1,
  length: Math.max(1, text.length),
  text,
});

function readRule(json: JsonObject, where: string, table: Scope, { source, problems }: Reading): FilterRule {
  const limits: string[] = [];
  const scope: Scope = { ...table, limited: (text) => limits.push(text) };
  const list = listOf(field(json, 'expr'));
  const read = list.map((statement, i) => readStatement(statement, scope, i === list.length - 1));
  const comment = textField(json, 'comment');
  const statements = read.flatMap((r) => r.statements);
  if (comment !== undefined) statements.push({ kind: 'ignored', text: commentText(comment) });
  const fact = {
    source,
    line: numberField(json, 'handle') ?? 0,
    text: oneLine(formatNftRule({ statements })).slice(0, 2000),
  };
  const span = spanOf(source, fact.line, fact.text);
  for (const { statements: own, modelled } of read) {
    const text = modelled ? undefined : own.map((s) => ('text' in s ? s.text : '')).join(' ');
    if (text === undefined) continue;
    problems.add({
      code: 'line-not-modelled',
      severity: 'warning',
      message: `'${text}' in ${where} is not modelled`,
      span,
    });
  }
  for (const text of limits)
    problems.add({ code: 'line-limited', severity: 'note', message: `'${text}' in ${where}: ${LIMITED}`, span });
  return { statements: pinFamilies(statements, table.family), fact };
}

const LIMITED = 'taken as it is for a single packet';
