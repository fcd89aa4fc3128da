import type { Decision, GuardSettings } from '../../../guard/index.ts';
import { formatAddress, formatPrefix, type Prefix } from '../../../ip/index.ts';
import { liftedLine, prefixName } from '../../../render/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { askGuard } from '../guard/ask-guard.ts';
import { showUnblock } from '../guard/dry-run.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { whomOf, type Whom } from '../guard/whom.ts';
import { stopsAt, usageFault } from '../report.ts';
import { personOf } from './block.ts';

interface Flags {
  readonly settings?: string;
  readonly dryRun?: boolean;
}

/** `waymark unblock TARGET…`: exit 0 when all were blocked, 1 when one was not. */
export async function unblock(this: Cli, flags: Flags, ...targets: string[]): Promise<void> {
  if (targets.length === 0) {
    stopsAt(this, [usageFault('usage', 'name an address, a prefix or a reference')]);
    return;
  }
  const settings = await settingsOf(this.machine, flags.settings);
  const read = targets.map(whomOf);
  if (stopsAt(this, [...settings.diagnostics, ...read.flatMap((r) => r.faults)])) return;
  for (const { whom } of read) {
    const prefixes = await prefixesOf(this, settings.value, whom!);
    if (!prefixes) return;
    const isAsked = flags.dryRun
      ? await showAll(this, settings.value, prefixes)
      : await liftAll(this, settings.value, prefixes);
    if (!isAsked) return;
  }
}

/** What is blocked by that name; null when that could not be asked, which is said. */
async function prefixesOf(cli: Cli, settings: GuardSettings, whom: Whom): Promise<readonly Prefix[] | null> {
  if (whom.kind === 'prefix') return [whom.prefix];
  const { reference } = whom;
  const { decisions, diagnostics } = await askGuard(cli.machine, settings, { do: 'with-reference', reference });
  if (stopsAt(cli, diagnostics)) return null;
  if (decisions.length > 0) return decisions.map((d) => d.prefix);
  note(cli, `nothing is decided with the reference ${reference}`);
  leave(cli, EXIT.no);
  return [];
}

/** Shows what lifting these would do; whether it could be asked for. */
async function showAll(cli: Cli, settings: GuardSettings, prefixes: readonly Prefix[]): Promise<boolean> {
  const there: Decision[] = [];
  for (const prefix of prefixes) {
    const address = formatAddress(prefix.address);
    const { decisions, diagnostics } = await askGuard(cli.machine, settings, { do: 'at', address });
    if (stopsAt(cli, diagnostics)) return false;
    const exact = decisions.filter((d) => formatPrefix(d.prefix) === formatPrefix(prefix));
    if (exact.length === 0) nothingDecided(cli, prefix);
    there.push(...exact);
  }
  if (there.length > 0) await showUnblock(cli, settings, there);
  return true;
}

function nothingDecided(cli: Cli, prefix: Prefix): void {
  const name = prefixName(prefix);
  note(cli, `nothing is decided about ${name} itself; 'waymark blocked ADDRESS' says what holds an address`);
  leave(cli, EXIT.no);
}

/** Whether all could be asked for; whoever was not blocked is said. */
async function liftAll(cli: Cli, settings: GuardSettings, prefixes: readonly Prefix[]): Promise<boolean> {
  for (const prefix of prefixes) {
    const request = { do: 'lift', prefix: formatPrefix(prefix), by: personOf(cli) } as const;
    const { decisions, diagnostics } = await askGuard(cli.machine, settings, request);
    for (const d of decisions) say(cli, liftedLine(d));
    if (stopsAt(cli, diagnostics)) return false;
    if (decisions.length === 0) nothingDecided(cli, prefix);
  }
  return true;
}
