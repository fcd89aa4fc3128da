import { formatDuration, SERVICE_NAME, type GuardSettings } from '../../../guard/index.ts';
import type { Machine } from '../../../host/index.ts';
import { hasErrors } from '../../../ip/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { engineOf } from '../guard/engine-of.ts';
import { askStatus } from '../guard/guard-status.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { stopsAt } from '../report.ts';

/** `waymark guard status`: exit 0 when a guard runs and its rules are whole, 1 when not. */
export async function guardStatus(this: Cli, flags: { readonly settings?: string }): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  if (stopsAt(this, settings.diagnostics)) return;
  const { status, diagnostics } = await askStatus(this.machine, settings.value);
  const service = await serviceWords(this.machine);
  if (service !== null) say(this, service);
  if (status) {
    const uptime = formatDuration(this.machine.now().getTime() - status.since);
    const { engine, folder } = settings.value;
    const decisions = `${status.decisions} ${status.decisions === 1 ? 'decision' : 'decisions'}`;
    say(this, `guard    runs for ${uptime}: ${decisions} by ${engine}, kept in ${folder}`);
    if (!hasErrors(diagnostics)) say(this, 'rules    whole');
  } else if (diagnostics.length === 0) note(this, await leftWords(this, settings.value));
  stopsAt(this, diagnostics);
  if (!status || diagnostics.length > 0)
    leave(this, diagnostics.some((d) => d.code === 'privilege-missing') ? EXIT.missing : EXIT.no);
}

/** What it means that no guard runs. */
async function leftWords({ machine }: Cli, settings: GuardSettings): Promise<string> {
  const isKernel = settings.engine === 'nft' || settings.engine === 'iptables';
  const isLeft = isKernel && machine.isRoot && (await engineOf(machine, settings, []).verify()).length === 0;
  return isLeft
    ? 'no guard runs, but its rules are in the kernel: blocked visitors are refused\n  hint: start it, or take them away: waymark guard clear'
    : 'no guard runs';
}

/** `service  active, starts at boot`; null where systemd does not run (sd_booted(3)). */
async function serviceWords(machine: Machine): Promise<string | null> {
  if (!(await machine.exists('/run/systemd/system'))) return null;
  const said = await machine.run(['systemctl', 'show', '-p', 'ActiveState,UnitFileState', `${SERVICE_NAME}.service`]);
  const of = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(said.stdout)?.[1] ?? '';
  if (of('UnitFileState') === '') return 'service  not installed';
  return `service  ${of('ActiveState')}, ${of('UnitFileState') === 'enabled' ? 'starts at boot' : 'does not start at boot'}`;
}
