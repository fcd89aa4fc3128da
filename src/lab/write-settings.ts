import type { Machine } from '../host/index.ts';
import type { PlannedSetting } from './lab-plan.ts';
import { fail, lines, step } from './run-step.ts';

const WRITE = 'w() { [ -e "$1" ] && printf %s "$2" 2>/dev/null >"$1"; }';

/** Writes settings in their order inside a namespace, then looks whether those that must hold do. */
export async function writeSettings(
  machine: Machine,
  namespace: string,
  settings: readonly PlannedSetting[],
  mustHold: ReadonlySet<string>,
): Promise<void> {
  if (settings.length === 0) return;
  const needed = settings.filter(([key]) => mustHold.has(key));
  const script = [
    'cd /proc/sys/net || exit 1',
    WRITE,
    ...settings.map(([key, value]) => `w ${quoted(key)} ${quoted(value)}`),
    // one process reads them all: the shell's own `read` takes a byte at a time, which the kernel answers once only
    needed.length === 0 ? ':' : `grep -H '' ${needed.map(([key]) => quoted(key)).join(' ')}`,
  ];
  const said = await step(machine, ['ip', 'netns', 'exec', namespace, 'sh', '-s'], lines(script));
  const found = new Set(said.split('\n'));
  const wrong = needed.filter(([key, value]) => !found.has(`${key}:${value}`));
  if (wrong.length > 0) fail(`settings of ${namespace} do not hold: ${wrong.map((s) => s.join(' ')).join(', ')}`);
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
