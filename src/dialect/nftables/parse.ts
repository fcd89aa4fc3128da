import type { Parsed } from '../../ip/index.ts';
import type { FilterTable } from '../../model/index.ts';
import { checkReferences } from './check-references.ts';
import { itemsOf, sortItems } from './draft.ts';
import { collectProblems } from './problems.ts';
import { readJson } from './read-json.ts';
import { readTable } from './read-table.ts';

/**
 * Reads the output of `nft -j list ruleset` (libnftables-json(5)) into tables of engine `nftables`, in nft's order.
 * A rule's fact has the handle as its line, which `nft -a list ruleset` shows too; a chain's and a set's has 0.
 *
 * Nothing is dropped in silence: what is not modelled is a statement `unmodelled-match` or `unmodelled-target` and a
 * `line-not-modelled`, what holds for single packets only a `line-limited`. A condition that no packet meets
 * (`limit rate over …`) is membership of an empty set. Other codes: `json-invalid`, `input-cut-off`,
 * `input-too-large`, `input-unrecognised`, `line-unknown`, `value-invalid`, `name-duplicate`, `chain-missing`,
 * `chain-cycle`, `set-missing`. At most 100 errors and 100 others are listed.
 */
export function parseNftJson(text: string, source: string): Parsed<readonly FilterTable[]> {
  const read = readJson(text, source);
  if (!read.ok) return { value: [], diagnostics: [read.diagnostic] };
  const items = itemsOf(read.json);
  if (!items) {
    const message = 'this is JSON, but not a ruleset: the list "nftables" is missing';
    const hint = 'collect it with: nft -j list ruleset';
    return {
      value: [],
      diagnostics: [
        {
          code: 'input-unrecognised',
          severity: 'error',
          message,
          hint,
          span: { source, line: 1, column: 1, length: 1 },
        },
      ],
    };
  }
  const problems = collectProblems(source);
  const tables = sortItems(items, source, problems).map((draft) => readTable(draft, { source, problems }));
  for (const table of tables) checkReferences(table, problems);
  return { value: tables, diagnostics: problems.list() };
}
