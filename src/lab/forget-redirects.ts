import type { Machine } from '../host/index.ts';
import type { Lab } from './lab-state.ts';

/** Makes all hosts forget what redirects taught them, as a trace begins with hosts that know nothing yet. */
export async function forgetRedirects(machine: Machine, lab: Lab): Promise<void> {
  const hosts = [...lab.hosts.values()];
  await Promise.all(hosts.map((n) => machine.run(['ip', '-n', n, 'route', 'flush', 'cache'])));
}
