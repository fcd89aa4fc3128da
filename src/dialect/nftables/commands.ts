import type { FilterRule, FilterTable, RulePlace } from '../../model/index.ts';
import { formatNftChain, formatNftRule } from './print.ts';
import { word } from './print-value.ts';

/** The file that the `nftables` service loads when the host starts. */
export const NFT_RULESET_FILE = '/etc/nftables.conf';

/** Commands as argument arrays; the lines to add to the file; what takes it back. */
export interface NftCommands {
  readonly apply: readonly (readonly string[])[];
  /** `nft -f` reads them; the file must be loaded at start: `systemctl enable nftables`. */
  readonly persist: { readonly file: string; readonly lines: readonly string[] };
  /** Where the rule's handle is needed `HANDLE` stands for it, and the command before shows it. */
  readonly undo: readonly (readonly string[])[];
}

/**
 * The command that puts the rule at its place: first in the chain, or behind the rule before it. The rule is one
 * argument, since nft puts its arguments together with spaces.
 * `['nft', 'insert', 'rule', 'inet', 'filter', 'forward', 'ip saddr 10.8.0.0/24 accept']`
 */
export function nftAddRuleCommand(place: RulePlace, rule: Pick<FilterRule, 'statements'>): readonly string[] {
  const chain = [...tableWords(place), word(place.chain)];
  const at =
    place.index === 0 ? ['insert', 'rule', ...chain] : ['add', 'rule', ...chain, 'index', String(place.index - 1)];
  return ['nft', ...at, formatNftRule(rule)];
}

/** `nft add table inet waymark`. */
export const nftAddTableCommand = (table: Pick<FilterTable, 'family' | 'name'>): readonly string[] => [
  'nft',
  'add',
  'table',
  table.family,
  word(table.name),
];

/** One `nft add chain` for each chain of the table. */
export function nftAddChainCommands(table: FilterTable): readonly (readonly string[])[] {
  return [...table.chains.values()].map((chain) => {
    const name = word(chain.name);
    const head = formatNftChain(chain).slice(`chain ${name}`.length).trim();
    return ['nft', 'add', 'chain', table.family, word(table.name), name, ...(head === '' ? [] : [head])];
  });
}

/**
 * All that adding one rule takes, in a table that is there, or with `newTable` in one of our own, which may hold
 * rules already. Undoing takes the rule out by its handle, or our own table as a whole.
 */
export function nftAddRuleCommands(
  place: RulePlace,
  rule: Pick<FilterRule, 'statements'>,
  newTable?: FilterTable,
): NftCommands {
  const apply = [...(newTable ? newTableCommands(newTable) : []), nftAddRuleCommand(place, rule)];
  const lines = apply.map((command) => command.slice(1).join(' '));
  return {
    apply,
    persist: { file: NFT_RULESET_FILE, lines },
    undo: newTable ? [nftDeleteTableCommand(newTable)] : nftDeleteRuleCommands(place),
  };
}

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
  return [nftAddTableCommand(table), ...nftAddChainCommands(table), ...rules];
}

/** `nft delete table inet waymark`. */
export const nftDeleteTableCommand = (table: Pick<FilterTable, 'family' | 'name'>): readonly string[] => [
  'nft',
  'delete',
  'table',
  table.family,
  word(table.name),
];

/** How to take one rule out: the command that shows its handle, then the one that deletes it. */
export function nftDeleteRuleCommands(
  place: Omit<RulePlace, 'index'>,
  handle = 'HANDLE',
): readonly (readonly string[])[] {
  const chain = [...tableWords(place), word(place.chain)];
  return [
    ['nft', '-a', 'list', 'chain', ...chain],
    ['nft', 'delete', 'rule', ...chain, 'handle', handle],
  ];
}

const tableWords = (place: Omit<RulePlace, 'index'>): readonly string[] => [place.family, word(place.table)];
