import type { Diagnostic } from '../ip/index.ts';
import type { RouteChange } from './journal.ts';
import { failed } from './linux-routes.ts';
import type { Argv } from './route-system.ts';
import type { Hands } from './take-back.ts';

/** How a watchdog is started. */
export interface WatchdogOptions {
  /** How this program is started. */
  readonly self: Argv;
  /** Variables that it needs, with their values. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Looks for the watchdog's word, and the pause between two, in milliseconds. */
const LOOKS = 200;
const LOOK_MS = 50;

/**
 * Starts somebody who takes the change back when its time is over: a timer of systemd where that runs, else a program of
 * its own. Neither ends with us or our terminal, and both count time that no clock change moves. Nothing may be changed
 * unless this went well. Codes: `command-failed`.
 */
export async function armWatchdog(
  hands: Hands,
  { id, confirm }: RouteChange,
  options: WatchdogOptions,
): Promise<readonly Diagnostic[]> {
  const { machine, journal } = hands;
  const undo = [...options.self, 'undo', String(id), '--unconfirmed'];
  if (await systemdIsOurs(hands)) {
    const said = await machine.run(timerCommand(id, confirm!, undo, options.environment));
    if (said.code === 0) return [];
  }
  const argv = [...undo, '--after', String(confirm)];
  const pid = await machine.startApart(argv);
  for (let look = 0; pid !== 0 && look < LOOKS; look++) {
    if (await journal.isArmed(id)) return [];
    await machine.sleep(LOOK_MS);
  }
  return [failed(argv, 'the watchdog did not start')];
}

function timerCommand(id: number, seconds: number, undo: Argv, environment: WatchdogOptions['environment']): Argv {
  return [
    'systemd-run',
    '--quiet',
    '--collect',
    `--unit=waymark-undo-${id}`,
    `--on-active=${seconds}`,
    '--timer-property=AccuracySec=100ms',
    ...Object.entries(environment).map(([name, value]) => `--setenv=${name}=${value}`),
    '--',
    ...undo,
  ];
}

/** Whether systemd runs, and in the network namespace that we are in. */
async function systemdIsOurs({ machine, system }: Hands): Promise<boolean> {
  if (system.name !== 'linux' || !(await machine.exists('/run/systemd/system'))) return false;
  const [own, its] = [
    await machine.run(['readlink', '/proc/self/ns/net']),
    await machine.run(['readlink', '/proc/1/ns/net']),
  ];
  return own.code === 0 && own.stdout === its.stdout;
}
