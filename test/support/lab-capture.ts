import type { Machine } from '../../src/host/index.ts';
import { commandIn, type Lab } from '../../src/lab/index.ts';

/** What tcpdump saw on one interface. */
export interface Capture {
  /** Waits until a line matches, at most a second; whether one did. */
  saw(pattern: RegExp): Promise<boolean>;
  /** How many lines match now. */
  count(pattern: RegExp): number;
  /** Forgets what was seen so far. */
  clear(): void;
  stop(): Promise<void>;
}

/** Starts tcpdump on a host's interface and waits until it listens. */
export async function capture(
  machine: Machine,
  lab: Lab,
  host: string,
  dev: string,
  filter = 'icmp',
): Promise<Capture> {
  const child = machine.spawn(commandIn(lab, host, ['tcpdump', '-l', '-nn', '--immediate-mode', '-i', dev, filter])!);
  const start = machine.elapsedMs();
  while (!child.output().includes('listening on')) {
    if (machine.elapsedMs() - start > 5000) throw new Error(`tcpdump on ${host} ${dev}: ${child.output()}`);
    await machine.sleep(10);
  }
  let from = child.output().length;
  const linesNow = (): readonly string[] => child.output().slice(from).split('\n');
  return {
    async saw(pattern) {
      for (let waited = 0; waited < 1000; waited += 20) {
        if (linesNow().some((l) => pattern.test(l))) return true;
        await machine.sleep(20);
      }
      return false;
    },
    count: (pattern) => linesNow().filter((l) => pattern.test(l)).length,
    clear: () => {
      from = child.output().length;
    },
    async stop() {
      child.stop();
      await child.ended;
    },
  };
}
