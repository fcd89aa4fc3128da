import type { Comparison } from './compare.ts';
import { Coverage } from './coverage.ts';
import { networkOfSeed } from './generate/network.ts';
import type { Kernel } from './kernel.ts';
import { compareAll, differs, judge, LONG_QUIET, type Judged } from './shrink.ts';
import type { NetworkSpec } from './spec.ts';

/** What a run found. */
export interface Findings {
  readonly coverage: Coverage;
  /** Networks cut down to the probes that are seen differently each time they are asked. */
  readonly confirmed: readonly Judged[];
  readonly seconds: number;
}

/** Networks that share one silence. */
const TOGETHER = 10;
const QUIET = 0.05;

/** Compares `count` networks, seeds from `seed` on, and asks again, alone and with patience, where something differs. */
export async function runNetworks(kernel: Kernel, seed: number, count: number): Promise<Findings> {
  const begun = performance.now();
  const coverage = new Coverage();
  const confirmed: Judged[] = [];
  const batches = Array.from({ length: Math.ceil(count / TOGETHER) }, (_, i) =>
    Array.from({ length: Math.min(TOGETHER, count - i * TOGETHER) }, (_, k) => seed + i * TOGETHER + k),
  );
  let next = batches[0]?.map(networkOfSeed) ?? [];
  let pending = kernel.observe(next, QUIET);
  for (const [i] of batches.entries()) {
    const [specs, seen] = [next, await pending];
    next = batches[i + 1]?.map(networkOfSeed) ?? [];
    if (next.length > 0) pending = kernel.observe(next, QUIET);
    const judged = compareAll(kernel, specs, seen);
    for (const j of judged) coverage.add(j);
    confirmed.push(...(await confirm(kernel, judged.filter(differs), coverage)));
  }
  return { coverage, confirmed, seconds: (performance.now() - begun) / 1000 };
}

/** Those that differ again. */
export async function confirm(kernel: Kernel, judged: readonly Judged[], coverage: Coverage): Promise<Judged[]> {
  const alone = judged.map(onlyDifferent);
  const again = (await judge(kernel, alone, LONG_QUIET)).filter(differs);
  coverage.passing += count(judged) - count(again);
  return again;
}

const isDifferent = (c: Comparison): boolean => c.verdict === 'different';
const count = (judged: readonly Judged[]): number =>
  judged.reduce((n, j) => n + j.comparisons.filter(isDifferent).length, 0);

const onlyDifferent = (j: Judged): NetworkSpec => ({
  ...j.spec,
  probes: j.comparisons.filter(isDifferent).map((c) => c.probe),
});
