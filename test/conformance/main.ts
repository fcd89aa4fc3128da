import { parseArgs } from 'node:util';
import { keepCase } from './found.ts';
import { Kernel } from './kernel.ts';
import { printJudged } from './print.ts';
import { runNetworks } from './run.ts';
import { judge, kindsOf, LONG_QUIET, shrink, type Judged } from './shrink.ts';

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
const { networks, probes, different, passing } = coverage;
const left = confirmed.reduce((n, j) => n + kindCount(j), 0);
const rate = Math.round((probes * 60) / seconds);
await showEachKind(confirmed, Number(values.show));
console.log(
  `\n${networks} networks (seeds ${values.seed} to ${Number(values.seed) + networks - 1}), ${probes} probes, ${rate} a minute; ` +
    `${different} differed at first, ${passing} of them not again; ${left} disagreements in ${confirmed.length} networks`,
);
kernel.stop();
process.exitCode = confirmed.length > 0 ? 1 : 0;

function kindCount(j: Judged): number {
  return j.comparisons.filter((c) => c.verdict === 'different').length;
}

/** For each kind of disagreement a network that shows it, cut down to one probe and shrunk when asked. */
async function showEachKind(all: readonly Judged[], most: number): Promise<void> {
  const seen = new Map<string, { count: number; first: () => Promise<Judged> }>();
  for (const j of all) {
    for (const c of j.comparisons.filter((x) => x.verdict === 'different')) {
      const kind = [...kindsOf({ ...j, comparisons: [c] })][0]!;
      const first = async (): Promise<Judged> => {
        const [one] = await judge(kernel, [{ ...j.spec, probes: [c.probe] }], LONG_QUIET);
        return kindsOf(one!).has(kind) ? one! : j;
      };
      const known = seen.get(kind);
      if (known) known.count++;
      else seen.set(kind, { count: 1, first });
    }
  }
  const byCount = [...seen].sort((a, b) => b[1].count - a[1].count);
  for (const [kind, { count }] of byCount) console.log(`${count}\t${kind}`);
  for (const [, { first }] of byCount.slice(0, most)) {
    const start = await first();
    if (!values.shrink) {
      console.log(`\n${printJudged(start)}`);
      continue;
    }
    const smallest = await shrink(kernel, start);
    const kept = keepCase([...kindsOf(smallest)][0]!, smallest);
    console.log(`\n${printJudged(smallest)}${kept === null ? '' : `\nkept as test/conformance/found/${kept}`}`);
  }
}
console.log(`kernel worker: ${kernel.seconds.map((s) => s.toFixed(1)).join(' + ')} s of ${seconds.toFixed(1)}`);
