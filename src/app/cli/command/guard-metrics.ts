import { readReply, requestLine } from '../../../guard/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt } from '../report.ts';

/** `waymark guard metrics`: what the guard that runs has counted. */
export async function guardMetrics(this: Cli, flags: { readonly settings?: string }): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  if (stopsAt(this, settings.diagnostics)) return;
  const said = await this.machine.ask(settings.value.socket, requestLine({ do: 'metrics' }));
  const text = said.ok ? readReply(said.value)?.metrics : undefined;
  if (text !== undefined) say(this, text);
  else if (said.ok || said.code === 'file-missing') {
    note(this, 'no guard runs');
    leave(this, EXIT.no);
  } else stopsAt(this, [{ severity: 'error', ...said }]);
}
