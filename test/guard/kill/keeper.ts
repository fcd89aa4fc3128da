import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { DecisionStore, Guard, NftEngine, type Decision } from '../../../src/guard/index.ts';
import { linuxMachine } from '../../../src/host/index.ts';
import { formatPrefix } from '../../../src/ip/index.ts';
import { decision, delivery, prefix } from '../decisions.ts';

/**
 * A guard that is killed at any moment: `keeper FOLDER SEED`. It says what store and kernel have once it is ready, then changes
 * decisions without a pause, each announced before and acknowledged after: one JSON a line, written at once.
 */
const [folder = '', seed = ''] = process.argv.slice(2);
const CLIENTS = 6;
const ADDRESSES = 12;

const say = (line: unknown): void => void writeSync(1, `${JSON.stringify(line)}\n`);

/** Numbers from 0 up to 1 (mulberry32). */
let state = Number(seed);
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const machine = linuxMachine();
const opened = await DecisionStore.open(machine, folder);
const store = opened.value;
if (!store) throw new Error(JSON.stringify(opened.diagnostics));
const guard = new Guard({ machine, store, engine: new NftEngine(machine, delivery) });
const faults = await guard.start();
if (faults.length > 0) throw new Error(JSON.stringify(faults));
say({
  store: [...guard.all()].map((d) => [formatPrefix(d.prefix), d.until]),
  kernel: kernel(),
  diagnostics: opened.diagnostics,
});
for (let c = 0; c < CLIENTS; c++) void client(c);

/** Every element in the sets of the guard, with the end that the kernel gives it. */
function kernel(): readonly (readonly [string, number])[] {
  const now = Date.now();
  const listed = spawnSync('nft', ['-j', 'list', 'ruleset'], { encoding: 'utf8' });
  const { nftables } = JSON.parse(listed.stdout) as { nftables: { set?: { name: string; elem?: Listed[] } }[] };
  return nftables.flatMap(({ set }) => {
    const length = /^page[46]_(\d+)$/.exec(set?.name ?? '')?.[1];
    if (!set || length === undefined) return [];
    return (set.elem ?? []).map(({ elem }) => [`${elem.val}/${length}`, now + elem.expires * 1000] as const);
  });
}
interface Listed {
  readonly elem: { readonly val: string; readonly expires: number };
}

/** Changes decisions about addresses of its own, one after the other. */
async function client(number: number): Promise<never> {
  const name = (): string => {
    const last = 1 + Math.floor(random() * ADDRESSES);
    return random() < 0.2
      ? `10.${number}.${last}.0/24`
      : random() < 0.2
        ? `fd00::${number + 1}:${last}/128`
        : `10.${number}.0.${last}/32`;
  };
  const until = (): number => Date.now() + 3_600_000 + Math.floor(random() * 3_600_000);
  for (let i = 0; ; i++) {
    const id = `${seed}-${number}-${i}`;
    const kind = random();
    if (kind < 0.3) {
      const which = name();
      say({ ask: id, lift: which });
      const { diagnostics } = await guard.lift(prefix(which), 'me');
      say({ done: id, ends: [[which, null]], diagnostics });
    } else {
      const many: Decision[] = [];
      for (const which of new Set(kind < 0.9 ? [name()] : [name(), name(), name(), name()]))
        many.push(decision(which, { until: until() }));
      say({ ask: id, block: many.map((d) => [formatPrefix(d.prefix), d.until]) });
      const { decisions, diagnostics } = kind < 0.9 ? await guard.block(many[0]!) : await guard.blockAll(many);
      say({ done: id, ends: decisions.map((d) => [formatPrefix(d.prefix), d.until]), diagnostics });
    }
  }
}
