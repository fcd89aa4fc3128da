import { parseArgs } from 'node:util';
import { killRounds } from './rounds.ts';

/** Kills guards while they write: `npm run kill-rounds -- [--rounds 1000] [--seed N] [--side 4]`. Ends non-zero when something was lost. */
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, side: { type: 'string' } },
});
const rounds = Number(values.rounds ?? 1000);
const side = Number(values.side ?? 4);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const begin = performance.now();
const each = Array.from({ length: side }, (_, i) => killRounds(seed + i * 1_000_000, Math.ceil(rounds / side)));
const all = await Promise.all(each);
const faults = all.flatMap((r) => r.faults);
const sum = (of: (r: (typeof all)[number]) => number): number => all.reduce((s, r) => s + of(r), 0);
console.log(
  `seed ${seed}: ${sum((r) => r.rounds)} rounds, ${side} side by side, ${sum((r) => r.changes)} changes acknowledged, ` +
    `${((performance.now() - begin) / 1000).toFixed(0)} s, ${faults.length} faults`,
);
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
