import { randomBytes } from 'node:crypto';
import type { Machine } from '../../../host/index.ts';

/**
 * Has something tried out in a network namespace of its own, with nothing in it, that is gone afterwards. Null where none can
 * be made.
 */
export async function inNamespaceApart<T>(machine: Machine, use: (apart: Machine) => Promise<T>): Promise<T | null> {
  const name = `waymark-${randomBytes(4).toString('hex')}`;
  const inside = (argv: readonly string[]): readonly string[] => ['ip', 'netns', 'exec', name, ...argv];
  if ((await machine.run(['ip', 'netns', 'add', name])).code !== 0) return null;
  try {
    return await use({
      ...machine,
      run: (argv, options) => machine.run(inside(argv), options),
      talk: (argv, options) => machine.talk(inside(argv), options),
    });
  } finally {
    await machine.run(['ip', 'netns', 'del', name]);
  }
}
