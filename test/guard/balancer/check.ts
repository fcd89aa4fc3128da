import { strict as assert } from 'node:assert';
import type { Balancer } from './balancer.ts';

/** One thing that must hold; checks of a list follow each other on the same network. */
export interface Check {
  readonly name: string;
  readonly run: (balancer: Balancer) => Promise<void>;
}

/** How a check ended. */
export interface Checked {
  readonly name: string;
  /** What was wrong, or null. */
  readonly fault: string | null;
  readonly ms: number;
}

/** Runs one, and says how it ended. */
export async function runCheck({ name, run }: Check, balancer: Balancer): Promise<Checked> {
  const began = performance.now();
  const fault = await run(balancer).then(
    () => null,
    (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  );
  return { name, fault, ms: Math.round(performance.now() - began) };
}

/** Asks until the answer is that, for at most so long; gives how long it took, in milliseconds. */
export async function until<T>(wanted: (said: T) => boolean, ask: () => Promise<T>, limitMs = 60_000): Promise<number> {
  const began = performance.now();
  for (;;) {
    const said = await ask();
    const took = performance.now() - began;
    if (wanted(said)) return Math.round(took);
    assert(took < limitMs, `still ${JSON.stringify(said)} after ${limitMs} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
