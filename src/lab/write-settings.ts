import type { Machine } from '../host/index.ts';
import type { PlannedSetting } from './lab-plan.ts';
import { fail, step } from './run-step.ts';

/** Writes settings in their order inside a namespace, then looks whether those that must hold do. */
export async function writeSettings(
  machine: Machine,
  namespace: string,
  settings: readonly PlannedSetting[],
  mustHold: ReadonlySet<string>,
): Promise<void> {
  if (settings.length === 0) return;
  const inside = ['ip', 'netns', 'exec', namespace];
  // its exit code says nothing: keys that this kernel lacks, or that only the first namespace may write, are passed over
  await machine.run([...inside, 'sysctl', '-e', '-q', '-p', '-'], {
    stdin: settings.map(([key, value]) => `net/${key} = ${value}\n`).join(''),
  });
  const needed = settings.filter(([key]) => mustHold.has(key));
  if (needed.length === 0) return;
  const said = await step(machine, [...inside, 'grep', '-H', '', ...needed.map(([key]) => pathOf(key))]);
  const found = new Set(said.split('\n'));
  const wrong = needed.filter(([key, value]) => !found.has(`${pathOf(key)}:${value}`));
  if (wrong.length > 0) fail(`settings of ${namespace} do not hold: ${wrong.map((s) => s.join(' ')).join(', ')}`);
}

const pathOf = (key: string): string => `/proc/sys/net/${key}`;
