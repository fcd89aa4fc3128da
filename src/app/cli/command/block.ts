import { randomBytes } from 'node:crypto';
import {
  AllowList,
  decisionJson,
  parseDuration,
  parseTarget,
  REFERENCE_BYTES,
  referenceOf,
  type Decision,
  type GuardSettings,
  type Rest,
} from '../../../guard/index.ts';
import type { Diagnostic, Prefix } from '../../../ip/index.ts';
import { blockedLine } from '../../../render/index.ts';
import { note, say, type Cli } from '../context.ts';
import { allowedHere } from '../guard/allow-of-machine.ts';
import { askGuard } from '../guard/ask-guard.ts';
import { blockList, NOT_RUNNING } from '../guard/block-list.ts';
import { showBlock } from '../guard/dry-run.ts';
import { refusalDiagnostics, refusedOf, type BlockRules } from '../guard/refusals.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt, usageFault } from '../report.ts';

interface Flags {
  readonly for?: string;
  readonly reason?: string;
  readonly ref?: string;
  readonly rest?: Rest;
  readonly force?: boolean;
  readonly yes?: boolean;
  readonly settings?: string;
  readonly list?: string;
  readonly dryRun?: boolean;
}

const USUAL_TIME = '1d';
const USUAL_REASON = 'The operator of this site has blocked this address.';

/** `waymark block TARGET…`: exit 0 when all are kept, 2 when one of them is none or must not be blocked; then none is. */
export async function block(this: Cli, flags: Flags, ...targets: string[]): Promise<void> {
  if (targets.length === 0 && flags.list === undefined) {
    stopsAt(this, [usageFault('usage', 'name an address or a prefix, or a list of them: --list FILE')]);
    return;
  }
  const settings = await settingsOf(this.machine, flags.settings);
  const time = parseDuration(flags.for ?? USUAL_TIME);
  const read = targets.map((t) => parseTarget(t));
  const faults: readonly Diagnostic[] = time.ok ? [] : [{ severity: 'error', ...time }];
  if (stopsAt(this, [...settings.diagnostics, ...faults, ...read.flatMap((r) => r.diagnostics)]) || !time.ok) return;
  const prefixes = read.map((r) => r.value!);
  const allowed = await allowedHere(this.machine, settings.value);
  if (stopsAt(this, allowed.diagnostics)) return;
  const rules: BlockRules = {
    settings: settings.value,
    allow: new AllowList(allowed.value),
    isForced: flags.force ?? false,
    isWideMeant: flags.yes ?? false,
  };
  const refused = await refusedOf(this.machine, rules, prefixes);
  if (stopsAt(this, refusalDiagnostics(refused, rules.isForced))) return;
  const common = commonTo(this, flags, time.value);
  const decisions = prefixes.map((prefix) => decided(common, flags, prefix));
  if (flags.dryRun && decisions.length > 0) await showBlock(this, settings.value, decisions);
  if (!flags.dryRun) for (const decision of decisions) await blockOne(this, settings.value, decision);
  if (flags.list === undefined) return;
  const { until, reason, by, rest } = common;
  await blockList(this, rules, flags.list, {
    ...{ reason, by, rest, isDry: flags.dryRun ?? false },
    ...(flags.for === undefined ? { untilOtherwise: until } : { until, untilOtherwise: until }),
  });
}

type Common = Pick<Decision, 'reason' | 'since' | 'until' | 'by' | 'rest'>;

/** What holds for all that one command blocks. */
function commonTo(cli: Cli, flags: Flags, time: number | null): Common {
  const since = cli.machine.now().getTime();
  return {
    reason: flags.reason ?? USUAL_REASON,
    since,
    until: time === null ? null : since + time,
    by: personOf(cli),
    rest: flags.rest ?? 'through',
  };
}

const decided = (common: Common, flags: Flags, prefix: Prefix): Decision => ({
  ...common,
  prefix,
  reference: flags.ref ?? referenceOf(randomBytes(REFERENCE_BYTES)),
  evidence: [],
});

/** Who types: whoever became root by sudo(8) keeps their name. */
export const personOf = ({ machine }: Cli): string =>
  machine.environment('SUDO_USER') ?? machine.environment('USER') ?? 'root';

async function blockOne(cli: Cli, settings: GuardSettings, decision: Decision): Promise<void> {
  const { decisions, diagnostics, isRunning } = await askGuard(cli.machine, settings, {
    do: 'block',
    decision: decisionJson(decision),
  });
  for (const d of decisions) say(cli, blockedLine(d, cli.machine.now().getTime()));
  stopsAt(cli, diagnostics);
  if (decisions.length > 0 && !isRunning) note(cli, NOT_RUNNING);
}
