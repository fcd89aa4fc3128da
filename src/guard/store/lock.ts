import { failure, success, type Result } from '../../ip/index.ts';
import type { Machine } from '../../host/index.ts';

/** That no other process may have. */
export interface Lock {
  release(): Promise<void>;
}

const WAIT_MS = 5000;

/**
 * Takes a lock on a file, which the kernel gives back when this process ends, however it ends: a child holds it that dies
 * with its parent (setpriv(1), flock(1)). Code: `store-busy`, `component-missing`.
 */
export async function holdLock(machine: Machine, path: string): Promise<Result<Lock>> {
  // a second, since the child of a process that was just killed may not be gone yet
  const held = ['sh', '-c', 'echo held; exec sleep infinity'];
  const child = machine.spawn(['setpriv', '--pdeathsig', 'KILL', 'flock', '-w', '1', '--no-fork', path, ...held]);
  let over: { readonly code: number | null } | null = null;
  void child.ended.then((how) => (over = how));
  const deadline = machine.elapsedMs() + WAIT_MS;
  while (!child.output().includes('held') && !over && machine.elapsedMs() < deadline) await machine.sleep(5);
  if (child.output().includes('held'))
    return success({
      release: async () => {
        child.stop('SIGKILL');
        await child.ended;
      },
    });
  child.stop('SIGKILL');
  const { code } = await child.ended;
  if (code === 127)
    return failure('component-missing', 'there is no setpriv on this machine', 'apt-get install util-linux');
  if (code === 1) return failure('store-busy', `another process has ${path}`, 'wait, or ask the guard that runs');
  return failure('fact-unreadable', `${path}: ${child.output().trim() || 'no lock'}`);
}
