import { note, say, type Cli } from '../context.ts';
import { checkGuard } from '../guard/check-guard.ts';
import { stopsAt } from '../report.ts';

/** `waymark guard check`: exit 0 when a guard would run, 2 when the settings are wrong, 3 when only the machine lacks something. */
export async function guardCheck(
  this: Cli,
  flags: { readonly settings?: string; readonly verbose?: boolean },
): Promise<void> {
  const faults = await checkGuard(this, flags.settings);
  if (stopsAt(this, faults, flags.verbose)) return;
  if (!this.machine.isRoot)
    note(this, 'as root more would be looked at: what the kernel takes, and what the page may read');
  say(this, 'the guard can run');
}
