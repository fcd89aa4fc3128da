import type { Diagnostic } from '../../ip/index.ts';
import type { TableFamily } from '../../model/index.ts';
import type { JsonObject } from './json.ts';
import { isList, isObject, onlyMember, textField, type Json } from './json.ts';
import { shortJson } from './plain-text.ts';
import type { Problems } from './problems.ts';

/** One table's pieces, sorted but not yet read. */
export interface DraftTable {
  readonly family: TableFamily;
  readonly name: string;
  readonly json: JsonObject;
  readonly chains: Map<string, { readonly json: JsonObject; readonly rules: JsonObject[] }>;
  readonly sets: Map<string, JsonObject>;
  /** Named limits and quotas. */
  readonly limits: Map<string, JsonObject>;
}

const FAMILIES: readonly string[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'] satisfies TableFamily[];
/** Objects of a table that rules name, and that decide nothing here. */
const PASSED_OVER = new Set([
  'metainfo',
  'counter',
  'quota',
  'flowtable',
  'ct helper',
  'ct timeout',
  'ct expectation',
  'synproxy',
  'secmark',
  'element',
  'tunnel',
]);

/** Sorts the list below `nftables` into tables. Codes: `line-unknown`, `chain-missing`, `name-duplicate`, `value-invalid`. */
export function sortItems(items: readonly Json[], source: string, problems: Problems): readonly DraftTable[] {
  const tables = new Map<string, DraftTable>();
  for (const item of items) {
    const only = onlyMember(item);
    const problem = only && isObject(only.body) ? place(only.key, only.body, tables) : unknown(item);
    if (problem) problems.add({ ...problem, span: { source, line: 1, column: 1, length: 1, text: shortJson(item) } });
  }
  return [...tables.values()];
}

type Problem = Pick<Diagnostic, 'code' | 'severity' | 'message'>;

const unknown = (item: Json): Problem => ({
  code: 'line-unknown',
  severity: 'warning',
  message: `not understood: ${shortJson(item)}`,
});

function place(kind: string, body: JsonObject, tables: Map<string, DraftTable>): Problem | null {
  if (PASSED_OVER.has(kind)) return null;
  const [family, name] = [textField(body, 'family') ?? '', textField(body, kind === 'table' ? 'name' : 'table')];
  if (!['table', 'chain', 'rule', 'set', 'map', 'limit'].includes(kind)) return unknown({ [kind]: body });
  if (!FAMILIES.includes(family) || name === undefined) {
    return {
      code: 'value-invalid',
      severity: 'error',
      message: `a ${kind} without a table family and name: ${shortJson(body)}`,
    };
  }
  const id = `${family} ${name}`;
  const table = tables.get(id);
  if (kind === 'table') {
    if (table) return duplicate(`table ${id}`);
    tables.set(id, {
      family: family as TableFamily,
      name,
      json: body,
      chains: new Map(),
      sets: new Map(),
      limits: new Map(),
    });
    return null;
  }
  if (!table)
    return { code: 'value-invalid', severity: 'error', message: `a ${kind} of table ${id}, which is not there` };
  return placeInTable(kind, body, table);
}

const duplicate = (what: string): Problem => ({
  code: 'name-duplicate',
  severity: 'error',
  message: `${what} is there twice`,
});

function placeInTable(kind: string, body: JsonObject, table: DraftTable): Problem | null {
  const name = textField(body, kind === 'rule' ? 'chain' : 'name') ?? '';
  const where = `${kind} ${name} of table ${table.family} ${table.name}`;
  if (kind === 'rule') {
    const chain = table.chains.get(name);
    if (!chain)
      return {
        code: 'chain-missing',
        severity: 'error',
        message: `a rule of chain ${name} in table ${table.family} ${table.name}, which is not there`,
      };
    chain.rules.push(body);
    return null;
  }
  const home: Map<string, unknown> = kind === 'chain' ? table.chains : kind === 'limit' ? table.limits : table.sets;
  if (home.has(name)) return duplicate(where);
  if (kind === 'chain') table.chains.set(name, { json: body, rules: [] });
  else (kind === 'limit' ? table.limits : table.sets).set(name, body);
  return null;
}

/** The list below `nftables`; null when the text is JSON of another kind. */
export function itemsOf(json: Json): readonly Json[] | null {
  const list = isObject(json) && Object.hasOwn(json, 'nftables') ? json['nftables'] : undefined;
  return isList(list) ? list : null;
}
