import { compareNetwork, type Comparison } from './compare.ts';
import type { Kernel } from './kernel.ts';
import { networkOf } from './network-of.ts';
import type { NetworkObservation } from './observation.ts';
import { reductionsOf } from './reduce.ts';
import type { NetworkSpec } from './spec.ts';

/** Silence after which a probe that is asked alone counts as lost. */
export const LONG_QUIET = 0.2;
const TOGETHER = 12;

/** What the model and the kernel said about a network. */
export interface Judged {
  readonly spec: NetworkSpec;
  readonly seen: NetworkObservation;
  readonly comparisons: readonly Comparison[];
  /** What the parsers of rulesets did not understand. */
  readonly problems: readonly string[];
}

/** Builds the networks together, probes them, and compares. */
export async function judge(kernel: Kernel, specs: readonly NetworkSpec[], quiet: number): Promise<Judged[]> {
  return specs.length === 0 ? [] : compareAll(kernel, specs, await kernel.observe(specs, quiet));
}

/** Compares what was seen of the networks with the model. */
export function compareAll(
  kernel: Kernel,
  specs: readonly NetworkSpec[],
  seen: readonly NetworkObservation[],
): Judged[] {
  return specs.map((spec, i) => {
    const { network, problems } = networkOf(spec, seen[i]!, kernel.base);
    return { spec, seen: seen[i]!, comparisons: compareNetwork(spec, network, seen[i]!), problems };
  });
}

/** Whether any probe of the network is seen differently. */
export const differs = (j: Judged): boolean => j.comparisons.some((c) => c.verdict === 'different');

/** What kind of disagreement it is: a smaller network must show the same kind, or shrinking wanders off to another. */
export function kindsOf(j: Judged): ReadonlySet<string> {
  const different = j.comparisons.filter((c) => c.verdict === 'different');
  return new Set(
    different.map((c) => {
      const { forward, return: back, sees } = c.trip;
      const kernel = c.differences
        .filter((d) => ['error', 'refused', 'sees'].includes(d.what))
        .map((d) => d.kernel.split(' from')[0]);
      return [forward.outcome, back?.outcome, sees.kind, ...c.differences.map((d) => d.what), ...kernel].join(' ');
    }),
  );
}

/** The smallest network found by leaving things out that the model and the kernel still see differently. */
export async function shrink(kernel: Kernel, start: Judged): Promise<Judged> {
  let best = start;
  const kinds = kindsOf(start);
  for (let progress = true; progress;) {
    progress = false;
    const candidates = [...reductionsOf(best.spec)];
    for (let i = 0; i < candidates.length; i += TOGETHER) {
      const judged = await judge(kernel, candidates.slice(i, i + TOGETHER), LONG_QUIET / 2);
      const smaller = judged.find((j) => [...kindsOf(j)].some((k) => kinds.has(k)));
      if (!smaller) continue;
      best = smaller;
      progress = true;
      break;
    }
  }
  return best;
}
