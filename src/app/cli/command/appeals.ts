import type { Appeal, AppealRequest } from '../../../guard/index.ts';
import { appealDetails, appealsText } from '../../../render/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { askAppeals } from '../guard/ask-appeals.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt, usageFault } from '../report.ts';
import { personOf } from './block.ts';

interface Flags {
  readonly answered?: boolean;
  readonly remove?: boolean;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly settings?: string;
}

/** `waymark appeals [NUMBER…]`: exit 0 when there are some, or all that were named are there; 1 when not. */
export async function appeals(this: Cli, flags: Flags, ...numbers: string[]): Promise<void> {
  const ids = numbers.map((word) => (/^[1-9]\d{0,14}$/.test(word) ? Number(word) : 0));
  const wrong = faultOf(flags, numbers, ids);
  if (wrong !== null && stopsAt(this, [usageFault('usage', wrong)])) return;
  const settings = await settingsOf(this.machine, flags.settings);
  if (stopsAt(this, settings.diagnostics)) return;
  const asked = await askAppeals(this.machine, settings.value, requestOf(this, flags, ids));
  if (stopsAt(this, asked.diagnostics)) return;
  const isShown = (a: Appeal): boolean =>
    ids.length > 0 ? ids.includes(a.id) : flags.all === true || a.answered === null;
  const found = asked.appeals.filter(isShown);
  say(this, textOf(flags, found, ids.length > 0));
  const missing = ids.filter((id) => !found.some((a) => a.id === id));
  if (found.length > 0 && missing.length === 0) return;
  if (!flags.json) note(this, whyNone(flags, missing, asked.appeals.length));
  leave(this, EXIT.no);
}

function faultOf({ answered, remove }: Flags, numbers: readonly string[], ids: readonly number[]): string | null {
  const none = numbers[ids.indexOf(0)];
  if (none !== undefined) return `'${none}' is no number of an appeal`;
  if (answered && remove) return 'an appeal is answered or removed, not both';
  return (answered || remove) && ids.length === 0 ? 'name the numbers of the appeals' : null;
}

function requestOf(cli: Cli, { answered, remove }: Flags, ids: readonly number[]): AppealRequest {
  if (answered) return { do: 'appeals-answered', ids, by: personOf(cli) };
  return remove ? { do: 'appeals-removed', ids } : { do: 'appeals' };
}

function textOf({ json, answered, remove }: Flags, found: readonly Appeal[], isNamed: boolean): string {
  if (json) return JSON.stringify(found, null, 2);
  if (answered || remove) return found.map((a) => `appeal ${a.id} is ${remove ? 'removed' : 'answered'}\n`).join('');
  return isNamed ? appealDetails(found) : appealsText(found);
}

function whyNone({ answered, all }: Flags, missing: readonly number[], count: number): string {
  if (missing.length > 0) return `there is no ${answered ? 'open ' : ''}appeal ${missing.join(', ')}`;
  return count > 0 && !all ? `no appeal is open; --all shows the ${count} that are answered` : 'nobody has written';
}
