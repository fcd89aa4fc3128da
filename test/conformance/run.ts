import type { Comparison } from './compare.ts';
import { Coverage } from './coverage.ts';
import { networkOfSeed } from './generate/network.ts';
import { interferenceOf } from './interference.ts';
import type { Kernel } from './kernel.ts';
import { compareAll, differs, judge, LONG_QUIET, type Judged } from './shrink.ts';
import type { NetworkSpec } from './spec.ts';

/** What a run found. */
export interface Findings {
  readonly coverage: Coverage;
  /** Networks cut down to one probe each that is seen differently when it is asked alone. */
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

/** So often a doubtful probe is asked where nothing explains it: what the kernel decides by chance may agree once. */
const TIMES = 3;

/** Those probes that differ again, each asked alone in networks of its own: others may have been in the way. */
export async function confirm(kernel: Kernel, judged: readonly Judged[], coverage: Coverage): Promise<Judged[]> {
  const doubtful = judged.flatMap((j) => j.comparisons.filter(isDifferent).map((c) => ({ spec: j.spec, c })));
  const asked = doubtful.flatMap(({ spec, c }) => {
    const times = interferenceOf(c, spec) === 'cause unknown' ? TIMES : 1;
    return Array<NetworkSpec>(times).fill({ ...spec, probes: [c.probe] });
  });
  const again: Judged[] = [];
  for (let i = 0; i < asked.length; i += TOGETHER)
    again.push(...(await judge(kernel, asked.slice(i, i + TOGETHER), LONG_QUIET)));
  return doubtful.flatMap(({ spec, c }) => {
    const found = again.find((j) => j.spec.name === spec.name && j.comparisons[0]!.probe === c.probe && differs(j));
    if (!found) coverage.gone(spec, c);
    return found ?? [];
  });
}

const isDifferent = (c: Comparison): boolean => c.verdict === 'different';
