import { AllowList, DryRun, formatNamed, knownFormats, type LogFormat } from '../../../guard/index.ts';
import { success, type Result } from '../../../ip/index.ts';
import { guardTestJson, guardTestText } from '../../../render/index.ts';
import { say, type Cli } from '../context.ts';
import { allowedHere } from '../guard/allow-of-machine.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt } from '../report.ts';

interface Flags {
  readonly filter?: string;
  readonly config?: string;
  readonly format?: string;
  readonly settings?: string;
  readonly json?: boolean;
}

/** `waymark guard test LOG…`: who would have been blocked; exit 0 whoever was found. */
export async function guardTest(this: Cli, flags: Flags, ...logs: readonly string[]): Promise<void> {
  if (flags.filter !== undefined) {
    const { testFilter } = await import('./guard-test-filter.ts');
    return testFilter(this, { ...flags, filter: flags.filter }, logs);
  }
  const formats = formatsOf(flags.format, () => this.machine.now().getTime());
  const settings = await settingsOf(this.machine, flags.settings);
  const faults = [...settings.diagnostics, ...(formats.ok ? [] : [{ severity: 'error', ...formats } as const])];
  if (stopsAt(this, faults) || !formats.ok) return;
  const allow = await allowedHere(this.machine, settings.value);
  if (stopsAt(this, allow.diagnostics)) return;
  const run = new DryRun(formats.value, settings.value.detectors, new AllowList(allow.value));
  for (const source of logs) {
    const log = run.open(source);
    const read = await this.machine.readBlocks(source, log.push);
    if (stopsAt(this, [...(read.ok ? [] : [{ severity: 'error', ...read } as const]), ...log.end()])) return;
  }
  say(this, flags.json ? JSON.stringify(guardTestJson(run), null, 2) : guardTestText(run));
}

/** The format that was named or written out; all that are known when none was. */
function formatsOf(text: string | undefined, clock: () => number): Result<readonly LogFormat[]> {
  if (text === undefined) return success(knownFormats(clock));
  const named = formatNamed(text, clock);
  return named.ok ? success([named.value]) : named;
}
