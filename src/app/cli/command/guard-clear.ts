import type { GuardSettings } from '../../../guard/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { say, type Cli } from '../context.ts';
import { endDelivery } from '../guard/delivery.ts';
import { engineOf } from '../guard/engine-of.ts';
import { isAnswering } from '../guard/guard-status.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { needsRoot } from '../needs-root.ts';
import { stopsAt, usageFault } from '../report.ts';

/** `waymark guard clear`: takes out of the kernel what a guard left there that was killed. The decisions are kept. */
export async function guardClear(this: Cli, flags: { readonly settings?: string }): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  // wrong ones are no reason to leave rules behind
  if (settings.diagnostics.length > 0)
    stopsAt(
      this,
      settings.diagnostics.map((d) => ({ ...d, severity: 'warning' })),
    );
  if (needsRoot(this, 'taking rules away')) return;
  if (await isAnswering(this.machine, settings.value)) {
    const hint = 'stop it, and nothing is left: systemctl stop waymark-guard, or Ctrl-C where it runs';
    stopsAt(this, [usageFault('store-busy', 'a guard runs: it would put its rules back', hint)]);
    return;
  }
  if (stopsAt(this, await clearKernel(this, settings.value))) return;
  say(this, 'nothing of the guard is in the kernel');
}

/** Takes the rules of all engines away, since the settings may have named another one; lists of proxies are emptied. */
export async function clearKernel(cli: Cli, settings: GuardSettings): Promise<readonly Diagnostic[]> {
  const engines = (['nft', 'iptables', 'nginx', 'haproxy'] as const).map((engine) =>
    engineOf(cli.machine, { ...settings, engine }, []),
  );
  const faults: Diagnostic[] = [];
  // one that has no program here has no rules either
  for (const engine of engines) faults.push(...(await engine.remove()).filter((d) => d.code !== 'component-missing'));
  return [...faults, ...(await endDelivery(cli.machine, settings))];
}
