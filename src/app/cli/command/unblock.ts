import { parseTarget } from '../../../guard/index.ts';
import { formatPrefix } from '../../../ip/index.ts';
import { liftedLine, prefixName } from '../../../render/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { askGuard } from '../guard/ask-guard.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt, usageFault } from '../report.ts';
import { personOf } from './block.ts';

/** `waymark unblock TARGET…`: exit 0 when all were blocked, 1 when one was not. */
export async function unblock(this: Cli, flags: { readonly settings?: string }, ...targets: string[]): Promise<void> {
  if (targets.length === 0) {
    stopsAt(this, [usageFault('usage', 'name an address or a prefix')]);
    return;
  }
  const settings = await settingsOf(this.machine, flags.settings);
  const read = targets.map((t) => parseTarget(t));
  if (stopsAt(this, [...settings.diagnostics, ...read.flatMap((r) => r.diagnostics)])) return;
  for (const { value } of read) {
    const prefix = formatPrefix(value!);
    const asked = await askGuard(this.machine, settings.value, { do: 'lift', prefix, by: personOf(this) });
    for (const d of asked.decisions) say(this, liftedLine(d));
    if (stopsAt(this, asked.diagnostics)) return;
    if (asked.decisions.length > 0) continue;
    note(
      this,
      `nothing is decided about ${prefixName(value!)} itself; 'waymark blocked ADDRESS' says what holds an address`,
    );
    leave(this, EXIT.no);
  }
}
