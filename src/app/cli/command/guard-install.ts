import {
  foldersToMake,
  openrcScript,
  runScript,
  SERVICE_NAME,
  systemdUnit,
  type GuardSettings,
  type ServiceFacts,
} from '../../../guard/index.ts';
import { shellLine } from '../../../dialect/index.ts';
import { hasErrors } from '../../../ip/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { checkGuard } from '../guard/check-guard.ts';
import {
  doStep,
  installSteps,
  restoreSteps,
  stepsScript,
  uninstallSteps,
  UNIT_PATH,
  type Step,
} from '../guard/install-plan.ts';
import { settingsFileOf, settingsOf } from '../guard/settings-of-machine.ts';
import { needsRoot } from '../needs-root.ts';
import { stopsAt, usageFault } from '../report.ts';

/** Who may start the guard. */
export type Init = 'systemd' | 'openrc' | 'run';

interface Flags {
  readonly settings?: string;
  readonly dryRun?: boolean;
  readonly print?: Init;
}

/** `waymark guard install`: the guard as a service of systemd; for others its script is printed. */
export async function guardInstall(this: Cli, flags: Flags): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  if (stopsAt(this, settings.diagnostics)) return;
  const file = await settingsFileOf(this.machine, flags.settings);
  const facts: ServiceFacts = { self: this.self, file, settings: settings.value };
  if (flags.print) {
    say(this, { systemd: systemdUnit, openrc: openrcScript, run: runScript }[flags.print](facts));
    return;
  }
  const checked = await checkGuard(this, flags.settings);
  if (stopsAt(this, checked)) {
    note(this, 'nothing was changed');
    return;
  }
  const undo = await undoSteps(this, facts);
  const steps: readonly Step[] = [...undoFile(settings.value, undo), ...installSteps(systemdUnit(facts))];
  if (flags.dryRun) say(this, stepsScript(steps));
  else await install(this, settings.value, steps, undo);
}

const undoPath = ({ folder }: GuardSettings): string => `${folder}/undo-install.sh`;

/** The way back is on the disk before anything else is done. */
const undoFile = (settings: GuardSettings, undo: readonly Step[]): readonly Step[] => [
  {
    kind: 'run',
    argv: ['mkdir', '-p', settings.folder, ...foldersToMake(settings).filter((f) => f !== settings.folder)],
  },
  { kind: 'write', path: undoPath(settings), mode: 0o700, text: `#!/bin/sh\n${stepsScript(undo)}` },
];

/** What takes the service away, or brings back the one that is there. */
async function undoSteps(cli: Cli, { self, file }: ServiceFacts): Promise<readonly Step[]> {
  const before = await cli.machine.readFile(UNIT_PATH);
  if (before.ok) return restoreSteps(before.value);
  return uninstallSteps([...self, 'guard', 'clear', ...(file === null ? [] : ['--settings', file])]);
}

async function install(
  cli: Cli,
  settings: GuardSettings,
  steps: readonly Step[],
  undo: readonly Step[],
): Promise<void> {
  if (!(await cli.machine.exists('/run/systemd/system'))) {
    const hint = 'waymark guard install --print openrc, or --print run for runit, s6 and others';
    stopsAt(cli, [usageFault('component-missing', 'systemd does not run on this machine', hint)]);
    return;
  }
  for (const step of steps) {
    const faults = await doStep(cli.machine, step);
    if (!hasErrors(faults)) continue;
    stopsAt(cli, faults);
    for (const back of undo) await doStep(cli.machine, back);
    note(cli, `taken back, as it was before. The guard's own words: journalctl -u ${SERVICE_NAME}`);
    leave(cli, EXIT.rolledBack);
    return;
  }
  say(cli, `the guard runs as ${SERVICE_NAME}.service, and at each boot`);
  note(cli, `back again: waymark guard uninstall, or sh ${undoPath(settings)}`);
}

/** `waymark guard uninstall`: the service goes, and all that is in the kernel; the decisions and the settings are kept. */
export async function guardUninstall(this: Cli, flags: Pick<Flags, 'settings' | 'dryRun'>): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  const file = await settingsFileOf(this.machine, flags.settings);
  const clear = [...this.self, 'guard', 'clear', ...(file === null ? [] : ['--settings', file])];
  if (!(await this.machine.exists(UNIT_PATH))) {
    stopsAt(this, [
      usageFault('file-missing', `there is no ${UNIT_PATH}`, `to clear the kernel alone: ${shellLine(clear)}`),
    ]);
    return;
  }
  const steps = [...uninstallSteps(clear), { kind: 'remove', path: undoPath(settings.value) } as const];
  if (flags.dryRun) {
    say(this, stepsScript(steps));
    return;
  }
  if (needsRoot(this)) return;
  // one that fails is no reason to leave the others
  const faults = [];
  for (const step of steps) faults.push(...(await doStep(this.machine, step)));
  if (stopsAt(this, faults)) return;
  say(this, 'the guard is gone; nothing of it is in the kernel');
  note(this, `the decisions are kept in ${settings.value.folder}`);
}
