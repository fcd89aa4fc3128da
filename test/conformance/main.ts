import { parseArgs } from 'node:util';
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
for (const j of await oneOfEachKind(confirmed, Number(values.show))) console.log(`\n${printJudged(j)}`);
console.log(
  `\n${networks} networks (seeds ${values.seed} to ${Number(values.seed) + networks - 1}), ${probes} probes, ${rate} a minute; ` +
    `${different} differed at first, ${passing} of them not again; ${left} disagreements in ${confirmed.length} networks`,
);
kernel.stop();
process.exitCode = confirmed.length > 0 ? 1 : 0;

function kindCount(j: Judged): number {
  return j.comparisons.filter((c) => c.verdict === 'different').length;
}

/** For each kind of disagreement the smallest network that shows it, cut down to one probe and shrunk when asked. */
async function oneOfEachKind(all: readonly Judged[], most: number): Promise<Judged[]> {
  const seen = new Map<string, number>();
  const shown: Judged[] = [];
  for (const j of all) {
    for (const c of j.comparisons.filter((x) => x.verdict === 'different')) {
      const kind = [...kindsOf({ ...j, comparisons: [c] })][0]!;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (seen.get(kind)! > 1 || shown.length >= most) continue;
      const [one] = await judge(kernel, [{ ...j.spec, probes: [c.probe] }], LONG_QUIET);
      const start = kindsOf(one!).has(kind) ? one! : j;
      shown.push(values.shrink ? await shrink(kernel, start) : start);
    }
  }
  for (const [kind, n] of [...seen].sort((a, b) => b[1] - a[1])) console.log(`${n}\t${kind}`);
  return shown;
}
