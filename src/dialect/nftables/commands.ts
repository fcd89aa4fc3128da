import type { FilterRule, FilterTable, RulePlace } from '../../model/index.ts';
import { shellLine } from '../shell-words.ts';
import { formatNftChain, formatNftRule } from './print.ts';
import { word } from './print-value.ts';

/** The file that the `nftables` service loads when the host starts. */
export const NFT_RULESET_FILE = '/etc/nftables.conf';

/** Commands as argument arrays; the lines to add to the file; what takes it back. */
export interface NftCommands {
  readonly apply: readonly (readonly string[])[];
  /** `nft -f` reads them; the file must be loaded at start: `systemctl enable nftables`. */
  readonly persist: { readonly file: string; readonly lines: readonly string[] };
  /** A line for sh. */
  readonly undo: string;
}

/**
 * The command that puts the rule at its place: first in the chain, or behind the rule before it. The rule is one
 * argument, since nft puts its arguments together with spaces.
 * `['nft', 'insert', 'rule', 'inet', 'filter', 'forward', 'ip saddr 10.8.0.0/24 accept']`
 */
function addRuleCommand(place: RulePlace, rule: Pick<FilterRule, 'statements'>, comment = ''): readonly string[] {
  const chain = [...tableWords(place), word(place.chain)];
  const at =
    place.index === 0 ? ['insert', 'rule', ...chain] : ['add', 'rule', ...chain, 'index', String(place.index - 1)];
  return ['nft', ...at, `${formatNftRule(rule)}${comment}`];
}

/** `nft add table inet waymark`. */
const addTableCommand = (table: Pick<FilterTable, 'family' | 'name'>): readonly string[] => [
  'nft',
  'add',
  'table',
  table.family,
  word(table.name),
];

/** One `nft add chain` for each chain of the table. */
function addChainCommands(table: FilterTable): readonly (readonly string[])[] {
  return [...table.chains.values()].map((chain) => {
    const name = word(chain.name);
    const head = formatNftChain(chain).slice(`chain ${name}`.length).trim();
    return ['nft', 'add', 'chain', table.family, word(table.name), name, ...(head === '' ? [] : [head])];
  });
}

/**
 * All that adding one rule takes: in a table that is there, with its fact's text as a comment by which undoing finds it,
 * or with `newTable` in one of our own, which may hold rules already and goes as a whole.
 */
export function nftAddRuleCommands(
  place: RulePlace,
  rule: Pick<FilterRule, 'statements' | 'fact'>,
  newTable?: FilterTable,
): NftCommands {
  const comment = newTable ? '' : ` comment "${commentOf(rule)}"`;
  const apply = [...(newTable ? newTableCommands(newTable) : []), addRuleCommand(place, rule, comment)];
  const lines = apply.map((command) => command.slice(1).join(' '));
  const undo = newTable ? shellLine(deleteTableCommand(newTable)) : deleteRuleLine(place, comment.trim());
  return { apply, persist: { file: NFT_RULESET_FILE, lines }, undo };
}

/** nft takes 128 bytes (NFTNL_UDATA_COMMENT_MAXLEN), and no quotation marks or backslashes. */
const commentOf = ({ fact }: Pick<FilterRule, 'fact'>): string =>
  fact.text.replace(/[^\x20-\x7e]|["\\]/g, '').slice(0, 120) || 'waymark';

function newTableCommands(table: FilterTable): readonly (readonly string[])[] {
  const rules = [...table.chains.values()].flatMap((chain) =>
    chain.rules.map((rule) => [
      'nft',
      'add',
      'rule',
      table.family,
      word(table.name),
      word(chain.name),
      formatNftRule(rule),
    ]),
  );
  return [addTableCommand(table), ...addChainCommands(table), ...rules];
}

/** `nft delete table inet waymark`. */
const deleteTableCommand = (table: Pick<FilterTable, 'family' | 'name'>): readonly string[] => [
  'nft',
  'delete',
  'table',
  table.family,
  word(table.name),
];

/** Rules are deleted by their handle, which stands behind them in the listing. */
function deleteRuleLine(place: Omit<RulePlace, 'index'>, comment: string): string {
  const chain = [...tableWords(place), word(place.chain)];
  const handles = `${shellLine(['nft', '-a', 'list', 'chain', ...chain])} | ${shellLine(['grep', '-F', comment])} | sed 's/.*# handle //'`;
  return `${handles} | while read -r handle; do ${shellLine(['nft', 'delete', 'rule', ...chain, 'handle'])} "$handle"; done`;
}

const tableWords = (place: Omit<RulePlace, 'index'>): readonly string[] => [place.family, word(place.table)];
