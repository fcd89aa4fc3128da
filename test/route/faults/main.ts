import { parseArgs } from 'node:util';
import { faultRounds } from './rounds.ts';

/** Breaks changes of routes in every way that is known: `npm run route-faults -- [--every 1] [--side 6]`. Ends non-zero when a state was left behind. */
const { values } = parseArgs({ options: { every: { type: 'string' }, side: { type: 'string' } } });
const begin = performance.now();
const { injected, kept, faults } = await faultRounds(Number(values.every ?? 1), Number(values.side ?? 6));
const total = [...injected.values()].reduce((a, b) => a + b, 0);
for (const [kind, count] of [...injected].sort()) console.log(`${String(count).padStart(5)}  ${kind}`);
console.log(`${String(total).padStart(5)}  faults injected in ${((performance.now() - begin) / 1000).toFixed(0)} s; new state ${kept} times, ${faults.length} wrong`); // prettier-ignore
for (const fault of faults) console.log(fault);
process.exitCode = faults.length === 0 && total > 0 ? 0 : 1;
