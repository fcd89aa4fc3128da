import type { Machine, RunOptions, RunResult } from '../host/index.ts';
import type { Lab } from './lab-state.ts';

/** How a command inside a host's namespace begins; null for a host that the lab does not have. */
export function commandIn(lab: Lab, host: string, argv: readonly string[]): readonly string[] | null {
  const namespace = lab.hosts.get(host);
  return namespace === undefined ? null : ['ip', 'netns', 'exec', namespace, ...argv];
}

/** Runs a command on a host of the lab. Asking for a host it does not have is our bug, so it throws. */
export function execInLab(
  machine: Machine,
  lab: Lab,
  host: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const command = commandIn(lab, host, argv);
  if (!command) throw new Error(`bug: the lab has no host ${host}`);
  return machine.run(command, options);
}
