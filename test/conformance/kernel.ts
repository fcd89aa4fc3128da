import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { collectScript } from '../../src/facts/index.ts';
import type { NetworkObservation } from './observation.ts';
import { iptablesText, nftText, type HostSpec, type NetworkSpec } from './spec.ts';

/** The worker's program. */
export const WORKER = fileURLToPath(new URL('../support/kernel-worker.py', import.meta.url));

interface Reply {
  readonly networks: readonly NetworkObservation[];
  readonly seconds: readonly number[];
}

/** The process that builds and probes networks in real namespaces. Everything it made vanishes with it. */
export class Kernel {
  /** Settings that every namespace starts with, in the order in which they are written. */
  readonly base: readonly (readonly [key: string, value: string])[];
  /** What building, probing and taking down cost so far. */
  readonly seconds: number[] = [];
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(process: ChildProcessWithoutNullStreams, lines: AsyncIterator<string>, base: Kernel['base']) {
    this.#process = process;
    this.#lines = lines;
    this.base = base;
  }

  /** Starts the worker; fails with its last words where namespaces can't be made. */
  static async start(): Promise<Kernel> {
    const process = spawn('python3', [WORKER], { stdio: ['pipe', 'pipe', 'pipe'] });
    let errors = '';
    process.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(-4000)));
    process.stdin.on('error', () => undefined);
    const lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error(`the kernel worker did not start: ${errors.trim() || 'python3 is missing?'}`);
    const kernel = new Kernel(process, lines, (JSON.parse(first.value) as { base: Kernel['base'] }).base);
    kernel.errors = () => errors;
    return kernel;
  }

  /** What the worker said on standard error. */
  errors: () => string = () => '';

  /** Builds the networks, sends all their probes at once, and waits until nothing happened for `quiet` seconds. */
  observe(networks: readonly NetworkSpec[], quiet: number): Promise<readonly NetworkObservation[]> {
    const question = questionFor(networks, quiet);
    const answer = this.#busy.then(async () => {
      this.#process.stdin.write(`${question}\n`);
      const line = await this.#lines.next();
      if (line.done) throw new Error(`the kernel worker ended: ${this.errors().trim()}`);
      const { networks: seen, seconds } = JSON.parse(line.value) as Reply;
      for (const [i, s] of seconds.entries()) this.seconds[i] = (this.seconds[i] ?? 0) + s;
      return seen;
    });
    this.#busy = answer.catch(() => undefined);
    return answer;
  }

  /** Ends the worker, and with it all namespaces. */
  stop(): void {
    this.#process.stdin.end();
    this.#process.kill();
  }
}

/** What the worker reads to build and probe the networks. */
export const questionFor = (networks: readonly NetworkSpec[], quiet: number): string =>
  JSON.stringify({ quiet, networks: networks.map(forWorker) });

function forWorker(network: NetworkSpec): unknown {
  const host = ({ nft, iptables, ...rest }: HostSpec): unknown => ({
    ...rest,
    ...(nft.length > 0 ? { nft: nftText(nft) } : {}),
    ...(iptables
      ? {
          iptables: {
            variant: iptables.variant,
            ...(iptables[4].length > 0 ? { 4: iptablesText(iptables[4]) } : {}),
            ...(iptables[6].length > 0 ? { 6: iptablesText(iptables[6]) } : {}),
          },
        }
      : {}),
  });
  return { ...network, hosts: network.hosts.map(host), ...(network.collected ? { collect: collectScript() } : {}) };
}
