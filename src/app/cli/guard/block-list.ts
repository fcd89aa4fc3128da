import { randomBytes } from 'node:crypto';
import {
  decisionJson,
  decisionsOfList,
  parseList,
  REFERENCE_BYTES,
  referenceOf,
  type AllowList,
  type Decision,
  type GuardSettings,
  type ListTerms,
} from '../../../guard/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { prefixName } from '../../../render/index.ts';
import { note, say, type Cli } from '../context.ts';
import { stopsAt } from '../report.ts';
import { askGuard } from './ask-guard.ts';

/** Decisions that go to the guard together. */
const SLICE = 5000;

/** What holds for all entries, as far as the list does not say it. */
export type Terms = Omit<ListTerms, 'source' | 'now' | 'newReference'> & { readonly isForced: boolean };

/** Blocks everybody on a list, `-` for standard input; entries that must not be blocked are left out and said. */
export async function blockList(
  cli: Cli,
  settings: GuardSettings,
  file: string,
  { allow, ...terms }: Terms & { readonly allow: AllowList },
): Promise<void> {
  const text = file === '-' ? await cli.machine.readStdin() : await cli.machine.readFile(file);
  if (!text.ok) {
    stopsAt(cli, [{ severity: 'error', ...text }]);
    return;
  }
  const list = parseList(text.value, file);
  if (stopsAt(cli, list.diagnostics)) return;
  const newReference = (): string => referenceOf(randomBytes(REFERENCE_BYTES));
  const source = file === '-' ? 'standard input' : file;
  const all = [...decisionsOfList(list.value, { ...terms, source, now: cli.machine.now().getTime(), newReference })];
  const refused = terms.isForced ? [] : all.flatMap((d) => refusalOf(d, allow));
  stopsAt(
    cli,
    refused.map((r) => r.diagnostic),
  );
  const left = new Set(refused.map((r) => r.decision));
  await blockAll(
    cli,
    settings,
    all.filter((d) => !left.has(d)),
  );
}

function refusalOf(decision: Decision, allow: AllowList): readonly { decision: Decision; diagnostic: Diagnostic }[] {
  const [first] = allow.refusalsOf(decision.prefix);
  if (!first) return [];
  const message = `${prefixName(decision.prefix)} is left out: ${first.why}`;
  return [{ decision, diagnostic: { code: 'never-blocked', severity: 'warning', message } }];
}

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
