import { randomBytes } from 'node:crypto';
import {
  decisionJson,
  decisionsOfList,
  parseList,
  REFERENCE_BYTES,
  referenceOf,
  type Decision,
  type GuardSettings,
  type ListTerms,
} from '../../../guard/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { prefixName } from '../../../render/index.ts';
import { note, say, type Cli } from '../context.ts';
import { stopsAt } from '../report.ts';
import { askGuard } from './ask-guard.ts';
import { showBlock } from './dry-run.ts';
import { refusalDiagnostics, refusedOf, type BlockRules, type Refused } from './refusals.ts';
import { MOST_LOOKED_UP } from './search-engine.ts';

/** Decisions that go to the guard together. */
const SLICE = 5000;

/** What holds for all entries, as far as the list does not say it. */
export interface Terms extends Omit<ListTerms, 'source' | 'now' | 'newReference'> {
  /** Nothing is done; what would be is printed. */
  readonly isDry: boolean;
}

const ANY_WIDTH = { 4: 0, 6: 0 } as const;

/** Blocks everybody on a list, `-` for standard input; entries that must not be blocked are left out and said. */
export async function blockList(cli: Cli, rules: BlockRules, file: string, terms: Terms): Promise<void> {
  const text = file === '-' ? await cli.machine.readStdin() : await cli.machine.readFile(file);
  if (!text.ok) {
    stopsAt(cli, [{ severity: 'error', ...text }]);
    return;
  }
  const list = parseList(text.value, file, rules.isWideMeant ? ANY_WIDTH : rules.settings.widest);
  if (stopsAt(cli, list.diagnostics)) return;
  const newReference = (): string => referenceOf(randomBytes(REFERENCE_BYTES));
  const source = file === '-' ? 'standard input' : file;
  const all = [...decisionsOfList(list.value, { ...terms, source, now: cli.machine.now().getTime(), newReference })];
  const prefixes = all.map((d) => d.prefix);
  const refused = await refusedOf(cli.machine, rules, prefixes);
  if (rules.settings.searchEngines && prefixes.length > MOST_LOOKED_UP) note(cli, LOOKED_UP);
  if (rules.isForced) stopsAt(cli, refusalDiagnostics(refused, true));
  else stopsAt(cli, refused.map(leftOut));
  const left = new Set(rules.isForced ? [] : refused.map((r) => r.prefix));
  const wanted = all.filter((d) => !left.has(d.prefix));
  if (terms.isDry) await showBlock(cli, rules.settings, wanted);
  else await blockAll(cli, rules.settings, wanted);
}

const LOOKED_UP = `only the first ${MOST_LOOKED_UP} addresses were looked up as search engines`;

const leftOut = ({ prefix, whys }: Refused): Diagnostic => ({
  code: 'never-blocked',
  severity: 'warning',
  message: `${prefixName(prefix)} is left out: ${whys[0]!}`,
});

async function blockAll(cli: Cli, settings: GuardSettings, decisions: readonly Decision[]): Promise<void> {
  let done = 0;
  let isRunning = true;
  for (let i = 0; i < decisions.length; i += SLICE) {
    const slice = decisions.slice(i, i + SLICE).map(decisionJson);
    const asked = await askGuard(cli.machine, settings, { do: 'block-all', decisions: slice });
    if (stopsAt(cli, asked.diagnostics)) break;
    done += asked.decisions.length;
    isRunning = asked.isRunning;
    if (decisions.length > SLICE) note(cli, `${done} of ${decisions.length}`);
  }
  say(cli, `${done} ${done === 1 ? 'entry is' : 'entries are'} shown the page`);
  if (done > 0 && !isRunning) note(cli, NOT_RUNNING);
}

/** Said when what was decided is only kept. */
export const NOT_RUNNING = 'kept, but no guard runs: it is carried out as soon as one does (waymark guard)';
