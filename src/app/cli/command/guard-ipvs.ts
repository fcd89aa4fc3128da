import { includeText } from '../../../guard/index.ts';
import { note, say, type Cli } from '../context.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt, usageFault } from '../report.ts';

/** `waymark guard ipvs`: prints the file that the guard would write for Keepalived; nothing is changed. */
export async function guardIpvs(this: Cli, flags: { readonly settings?: string }): Promise<void> {
  const { value: settings, diagnostics } = await settingsOf(this.machine, flags.settings);
  if (stopsAt(this, diagnostics)) return;
  const { ports, delivery } = settings;
  const { include, config } = delivery.keepalived;
  if (delivery.servers.length === 0) {
    const hint = 'name them: delivery: { servers: [{ address: 10.10.10.1 }] }';
    stopsAt(this, [usageFault('key-missing', 'the settings name no page servers', hint)]);
    return;
  }
  say(this, includeText(delivery.keepalived, { ports, ...delivery }).trimEnd());
  note(this, `the guard writes it to ${include}, which ${config} has to include: include ${include}`);
}
