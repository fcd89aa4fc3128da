import { writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { slicesOf } from '../src/guard/enforce/nft-slices.ts';
import { newSetText } from '../src/guard/enforce/nft-text.ts';
import { decisionsFor, writeJournal } from './blocks/decisions.ts';
import { end, pssOf, quantile, run, whyNot, World } from './blocks/world.ts';

/**
 * A guard with 1,000,000 addresses and 50,000 prefixes, in namespaces of its own: from its start to "the guard runs" beside
 * what `nft -f` needs to fill the same sets from a file, in turns; then a block, an unblock and an open connection, proved by
 * connection attempts; memory of all its processes (what they share counted once), the highest while it starts and afterwards;
 * a restart with 100,000 decisions. `tsx bench/block-load.ts [ROUNDS [CHANGES]]`.
 */
const ADDRESSES = 1_000_000;
const PREFIXES = 50_000;
const RESTART = 100_000;
const LIMITS = { ratio: 1.3, blockMs: 10, liftMs: 100, memoryMb: 400, restartMs: 2000 };
const [rounds = 3, changes = 200] = process.argv.slice(2).map(Number);

const missed: string[] = [];
/** Prints a figure beside its limit. */
function figure(name: string, value: number, limit: number, unit: string): void {
  const isKept = value <= limit;
  if (!isKept) missed.push(name);
  console.log(
    `  ${name}: ${value.toFixed(value < 20 ? 2 : 0)} ${unit}, limit ${limit} ${unit}${isKept ? '' : '  MISSED'}`,
  );
}

const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The same sets and elements as one text for `nft -f`. */
function baseline(file: string): void {
  const [slice] = slicesOf(decisionsFor(ADDRESSES, PREFIXES), Date.now(), Infinity);
  const table = 'add table inet waymark\nadd chain inet waymark to-page4\nadd chain inet waymark to-page6\n';
  const chains = ['new', 'open', 'to-end4', 'to-end6'].map((c) => `add chain inet waymark ${c}\n`).join('');
  writeFileSync(file, Buffer.concat([Buffer.from(table + chains + slice!.sets.map(newSetText).join('')), slice!.text]));
}

async function main(): Promise<void> {
  const world = new World();
  const [site, visitors, plain] = ['site', 'visitors', 'plain'].map((n) => world.namespace(n)) as [
    string,
    string,
    string,
  ];
  world.link(site, visitors, 1);
  for (let i = 10; i < 210; i++) run(['ip', '-n', visitors, 'addr', 'add', `10.77.1.${i}/24`, 'dev', 'v1']);
  const journal = join(world.folder, 'large');
  writeJournal(journal, decisionsFor(ADDRESSES, PREFIXES));
  const file = join(world.folder, 'plain.nft');
  baseline(file);
  const serve =
    "require('net').createServer((s) => s.on('error', () => {}).on('data', () => s.write('site'))).listen(80, () => console.log('ready'))";
  const server = world.start(site, [process.execPath, '-e', serve]);
  await new Promise((done) => server.stdout!.once('data', done));

  const times: { nft: number; guard: number }[] = [];
  const socket = join(world.folder, 'guard.sock');
  for (let round = 1; ; round++) {
    const begin = performance.now();
    run(['ip', 'netns', 'exec', plain, 'nft', '-f', file]);
    const nft = performance.now() - begin;
    run(['ip', 'netns', 'exec', plain, 'nft', 'delete', 'table', 'inet', 'waymark']);
    const guard = await world.guard(site, journal, socket);
    times.push({ nft, guard: guard.ms });
    console.log(
      `  round ${round}: nft -f ${(nft / 1000).toFixed(2)} s, guard ${(guard.ms / 1000).toFixed(2)} s, load ${spawnSync('cut', ['-d ', '-f1', '/proc/loadavg']).stdout.toString().trim()}`,
    );
    if (round < rounds) {
      await end(guard.child);
      continue;
    }
    figure('start beside nft -f', median(times.map((t) => t.guard / t.nft)), LIMITS.ratio, '×');
    measureChanges(visitors, socket);
    figure('memory, highest', Math.max(guard.pss, pssOf(guard.child.pid!)), LIMITS.memoryMb, 'MB');
    await end(guard.child);
    break;
  }
  await measureRestart(world, site);
  world.remove();
}

function measureChanges(visitors: string, socket: string): void {
  const argv = [process.execPath, ...process.execArgv, join(import.meta.dirname, 'blocks/visitor.ts'), '10.77.1.1'];
  const said = run(['ip', 'netns', 'exec', visitors, ...argv, socket, String(changes)]);
  const { block, lift, reset, answer } = JSON.parse(said) as Record<'block' | 'lift' | 'reset' | 'answer', number[]>;
  const p50 = (values: number[]): string => `${median(values).toFixed(2)} ms`;
  console.log(`  p50: block ${p50(block)}, its answer ${p50(answer)}, reset ${p50(reset)}, unblock ${p50(lift)}`);
  figure('a block takes effect, p99', quantile(block, 0.99), LIMITS.blockMs, 'ms');
  figure('an open connection is reset, p99', quantile(reset, 0.99), LIMITS.blockMs, 'ms');
  figure('an unblock takes effect, p99', quantile(lift, 0.99), LIMITS.liftMs, 'ms');
}

async function measureRestart(world: World, site: string): Promise<void> {
  const folder = join(world.folder, 'small');
  writeJournal(folder, decisionsFor(RESTART, 0));
  const times: number[] = [];
  for (let round = 0; round < 3; round++) {
    const guard = await world.guard(site, folder, join(world.folder, 'small.sock'));
    times.push(guard.ms);
    await end(guard.child, 'SIGKILL');
  }
  figure('restart with 100,000 decisions', median(times), LIMITS.restartMs, 'ms');
}

const reason = whyNot(['ip', 'nft', 'setpriv', 'flock']);
console.log(`guard with ${ADDRESSES} addresses and ${PREFIXES} prefixes`);
if (reason !== null) console.log(`  not measured: ${reason}`);
else await main();
process.exitCode = missed.length === 0 ? 0 : 1;
