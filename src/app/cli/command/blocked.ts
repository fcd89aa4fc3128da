import { decisionJson, parseTarget } from '../../../guard/index.ts';
import { formatAddress } from '../../../ip/index.ts';
import { decisionDetails, decisionsText } from '../../../render/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { askGuard } from '../guard/ask-guard.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt } from '../report.ts';

interface Flags {
  readonly settings?: string;
  readonly json?: boolean;
}

/** `waymark blocked [ADDRESS]`: exit 0 when somebody is blocked, or that address is; 1 when not. */
export async function blocked(this: Cli, flags: Flags, target?: string): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  const read = target === undefined ? null : parseTarget(target);
  const errors = (read?.diagnostics ?? []).filter((d) => d.severity === 'error');
  if (stopsAt(this, [...settings.diagnostics, ...errors])) return;
  const address = read?.value ? formatAddress(read.value.address) : null;
  const request = address === null ? ({ do: 'list' } as const) : ({ do: 'at', address } as const);
  const { decisions, diagnostics } = await askGuard(this.machine, settings.value, request);
  if (stopsAt(this, diagnostics)) return;
  const now = this.machine.now().getTime();
  if (flags.json) say(this, JSON.stringify(decisions.map(decisionJson), null, 2));
  else say(this, address === null ? decisionsText(decisions, now) : decisionDetails(decisions, now));
  if (decisions.length > 0) return;
  if (!flags.json) note(this, address === null ? 'nobody is blocked' : `${address} is not blocked`);
  leave(this, EXIT.no);
}
