import { parseArgs } from 'node:util';
import { keepCase } from './found.ts';
import { Kernel } from './kernel.ts';
import { printJudged } from './print.ts';
import { runNetworks } from './run.ts';
import { kindsOf, shrink, type Judged } from './shrink.ts';

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    shrink: { type: 'boolean', default: false },
    /** Kinds of disagreement that are shown. */
    show: { type: 'string', default: '10' },
  },
});
const kernel = await Kernel.start();
const { coverage, confirmed, seconds } = await runNetworks(kernel, Number(values.seed), Number(values.networks));
console.log(coverage.toString());
const { networks, probes, different, unexplained } = coverage;
const rate = Math.round((probes * 60) / seconds);
await showEachKind(confirmed, Number(values.show));
console.log(
  `\n${networks} networks (seeds ${values.seed} to ${Number(values.seed) + networks - 1}), ${probes} probes, ${rate} a minute; ` +
    `${different} differed at first, ${different - confirmed.length} of them not alone; ` +
    `${confirmed.length} disagreements in ${new Set(confirmed.map((j) => j.spec.name)).size} networks`,
);
for (const line of unexplained) console.log(`differed only beside others, cause unknown: ${line}`);
kernel.stop();
process.exitCode = confirmed.length > 0 ? 1 : 0;

/** For each kind of disagreement a network that shows it, shrunk when asked. */
async function showEachKind(all: readonly Judged[], most: number): Promise<void> {
  const byKind = new Map<string, Judged[]>();
  for (const j of all) {
    const kind = [...kindsOf(j)][0]!;
    byKind.set(kind, [...(byKind.get(kind) ?? []), j]);
  }
  const byCount = [...byKind].sort((a, b) => b[1].length - a[1].length);
  for (const [kind, { length }] of byCount) console.log(`${length}\t${kind}`);
  for (const [, [first]] of byCount.slice(0, most)) {
    if (!values.shrink) {
      console.log(`\n${printJudged(first!)}`);
      continue;
    }
    const smallest = await shrink(kernel, first!);
    const kept = keepCase([...kindsOf(smallest)][0]!, smallest);
    console.log(`\n${printJudged(smallest)}${kept === null ? '' : `\nkept as test/conformance/found/${kept}`}`);
  }
}
console.log(`kernel worker: ${kernel.seconds.map((s) => s.toFixed(1)).join(' + ')} s of ${seconds.toFixed(1)}`);
