import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** What is put into the kernel: packets as hex, each with its device. */
export interface Question {
  readonly ruleset: string;
  readonly iptables?: Readonly<Record<string, string>>;
  readonly packets: readonly (readonly [number, string])[];
  readonly sets: readonly (readonly [string, string])[];
  readonly dump?: boolean;
}

/** What the kernel made of it. */
export interface Answer {
  readonly refused: string | null;
  readonly out: readonly (readonly (readonly [number, string])[])[];
  readonly sets: Readonly<Record<string, readonly (number | { concat: readonly unknown[] })[]>>;
  readonly dump?: string;
}

/** One namespace with two TUN devices, kept for many questions. Needs root. */
export class KernelRouter {
  readonly #worker: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    const script = new URL('../support/netfilter-worker.py', import.meta.url).pathname;
    this.#worker = spawn('python3', [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#lines = createInterface({ input: this.#worker.stdout })[Symbol.asyncIterator]();
  }

  async #line(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('the kernel worker ended');
    return JSON.parse(value);
  }

  /** Waits until the namespace is there. */
  async ready(): Promise<void> {
    await this.#line();
  }

  /** Loads the ruleset, puts the packets in one after the other. */
  async ask(question: Question): Promise<Answer> {
    this.#worker.stdin.write(`${JSON.stringify(question)}\n`);
    return (await this.#line()) as Answer;
  }

  /** Ends the worker; the namespace vanishes with it. */
  close(): void {
    this.#worker.stdin.end();
  }
}
