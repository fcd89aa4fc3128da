import type { Diagnostic } from '../ip/index.ts';
import type { Machine } from '../host/index.ts';
import { batchText, ipLine } from './ip-line.ts';
import { findLab, removeState } from './lab-state.ts';

/**
 * Removes a lab, however far it was built: programs in its namespaces, the namespaces, its files. Nothing happens when
 * there is none. Code: `lab-failed` when something is left; then its state is kept, and it can be tried again.
 */
export async function removeLab(machine: Machine, name: string): Promise<readonly Diagnostic[]> {
  const lab = await findLab(machine, name);
  if (!lab) return [];
  const there: string[] = [];
  for (const n of lab.namespaces) if (await machine.exists(`/run/netns/${n}`)) there.push(n);
  await endPrograms(machine, there);
  const removed = await machine.run(['ip', '-force', '-batch', '-'], {
    stdin: batchText(there.map((n) => ipLine`netns del ${n}`)),
  });
  const left: string[] = [];
  for (const n of there) if (await machine.exists(`/run/netns/${n}`)) left.push(n);
  if (left.length > 0) {
    const said = removed.stderr.trim().split('\n').slice(-2).join('; ');
    return [{ code: 'lab-failed', severity: 'error', message: `could not remove ${left.join(', ')}: ${said}` }];
  }
  await machine.remove(lab.folder);
  await removeState(machine, name);
  return [];
}

/** Ends what runs inside these namespaces, each process by its number. */
async function endPrograms(machine: Machine, namespaces: readonly string[]): Promise<void> {
  const found = await Promise.all(namespaces.map((n) => machine.run(['ip', 'netns', 'pids', n])));
  const pids = found.flatMap((r) => r.stdout.split('\n')).filter((line) => /^\d+$/.test(line));
  if (pids.length > 0) await machine.run(['kill', '-KILL', ...pids]);
}
