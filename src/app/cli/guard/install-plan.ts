import { SERVICE_NAME } from '../../../guard/index.ts';
import { shellLine } from '../../../dialect/index.ts';
import type { Machine } from '../../../host/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';

/** One thing that is done to the machine. */
export type Step =
  | { readonly kind: 'write'; readonly path: string; readonly mode: number; readonly text: string }
  | { readonly kind: 'remove'; readonly path: string }
  | { readonly kind: 'run'; readonly argv: readonly string[] };

/** Where systemd looks for units of the administrator (systemd.unit(5)). */
export const UNIT_PATH = `/etc/systemd/system/${SERVICE_NAME}.service`;

const UNIT = `${SERVICE_NAME}.service`;

/** What installs the unit: in place, found right by systemd itself, started, and at each boot. */
export const installSteps = (unit: string): readonly Step[] => [
  { kind: 'write', path: UNIT_PATH, mode: 0o644, text: unit },
  { kind: 'run', argv: ['systemd-analyze', 'verify', UNIT_PATH] },
  { kind: 'run', argv: ['systemctl', 'daemon-reload'] },
  { kind: 'run', argv: ['systemctl', 'enable', UNIT] },
  { kind: 'run', argv: ['systemctl', 'restart', UNIT] },
];

/** What takes it away again; `clear` is the command that takes the rules of a killed guard out of the kernel. */
export const uninstallSteps = (clear: readonly string[]): readonly Step[] => [
  { kind: 'run', argv: ['systemctl', 'disable', '--now', UNIT] },
  { kind: 'remove', path: UNIT_PATH },
  { kind: 'run', argv: ['systemctl', 'daemon-reload'] },
  { kind: 'run', argv: clear },
];

/** What brings an earlier unit back. */
export const restoreSteps = (before: string): readonly Step[] => [
  { kind: 'write', path: UNIT_PATH, mode: 0o644, text: before },
  { kind: 'run', argv: ['systemctl', 'daemon-reload'] },
  { kind: 'run', argv: ['systemctl', 'restart', UNIT] },
];

const END = 'WAYMARK-END';

/** The steps as a script for sh, as a person would type them. */
export const stepsScript = (steps: readonly Step[]): string => steps.map((step) => `${stepLines(step)}\n`).join('');

function stepLines(step: Step): string {
  if (step.kind === 'run') return shellLine(step.argv);
  if (step.kind === 'remove') return shellLine(['rm', '-f', step.path]);
  return `cat >${step.path} <<'${END}'\n${step.text}${END}\nchmod ${step.mode.toString(8)} ${step.path}`;
}

/** Does one step; what went wrong, or nothing. */
export async function doStep(machine: Machine, step: Step): Promise<readonly Diagnostic[]> {
  if (step.kind === 'run') {
    const { code, stderr, stdout } = await machine.run(step.argv, { timeoutMs: 400_000 });
    if (code === 0) return [];
    const said = (stderr.trim() || stdout.trim()).split('\n').slice(0, 4).join('; ');
    return [
      {
        code: 'command-failed',
        severity: 'error',
        message: `${shellLine(step.argv)}: ${said || `code ${code ?? 'none'}`}`,
      },
    ];
  }
  const { path } = step;
  const done =
    step.kind === 'remove' ? await machine.remove(path) : await machine.writeFile(path, step.text, step.mode);
  return done.ok ? [] : [{ severity: 'error', ...done }];
}
