import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NftEngine, type Delivery } from '../src/guard/index.ts';
import { linuxMachine, type Machine } from '../src/host/index.ts';
import { decisionsFor } from './blocks/decisions.ts';
import { quantile, run, whyNot, World } from './blocks/world.ts';

/**
 * New connections a second (nginx with one worker, wrk, a connection a request) to three sites in namespaces of their own, in
 * turns: behind a guard's table without decisions, behind one with 1,000,000 addresses and 50,000 prefixes, and behind 10,000
 * single rules of iptables as people write them. The median of the ratios. `tsx bench/block-connections.ts [ROUNDS]`.
 */
const ADDRESSES = 1_000_000;
const PREFIXES = 50_000;
const RULES = 10_000;
const LIMIT = 0.95;
const SECONDS = 2;
const [rounds = 7] = process.argv.slice(2).map(Number);

const DELIVERY: Delivery = { ports: [{ site: 80, page: 28080 }], allowed: [], way: { kind: 'here' }, gone: 'open' };
const KINDS = ['empty', 'full', 'rules'] as const;
type Kind = (typeof KINDS)[number];

function inside(namespace: string): Machine {
  const machine = linuxMachine();
  return { ...machine, run: (argv, options) => machine.run(['ip', 'netns', 'exec', namespace, ...argv], options) };
}

async function guarded(namespace: string, addresses: number, prefixes: number): Promise<void> {
  const engine = new NftEngine(inside(namespace), DELIVERY);
  const faults = [...(await engine.prepare()), ...(await engine.load(decisionsFor(addresses, prefixes), Date.now()))];
  if (faults.length > 0) throw new Error(faults[0]!.message);
}

/** `-A INPUT -s ADDRESS -j DROP`, none of which is the visitor's. */
function singleRules(namespace: string): void {
  const rules = Array.from({ length: RULES }, (_, i) => `-A INPUT -s 192.168.${i >> 8}.${i & 255} -j DROP\n`).join('');
  run(['ip', 'netns', 'exec', namespace, 'iptables-restore'], `*filter\n${rules}COMMIT\n`);
}

function serve(world: World, namespace: string, address: string): void {
  const folder = join(world.folder, namespace);
  mkdirSync(folder);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((t) => `${t}_temp_path ${folder}/${t};`);
  writeFileSync(
    join(folder, 'conf'),
    `worker_processes 1; daemon off; pid ${folder}/pid; error_log ${folder}/error; events { worker_connections 4096; }
http { access_log off; ${temporary.join(' ')} server { listen ${address}:80 backlog=4096; location / { return 200 "site"; } } }`,
  );
  world.start(namespace, ['nginx', '-p', folder, '-e', `${folder}/error`, '-c', join(folder, 'conf')]);
}

function rate(visitors: string, address: string): number {
  const argv = ['-t1', '-c32', `-d${SECONDS}s`, '-H', 'Connection: close', `http://${address}/`];
  const said = run(['ip', 'netns', 'exec', visitors, 'wrk', ...argv]);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(said)![1]);
}

async function main(): Promise<boolean> {
  const world = new World();
  const visitors = world.namespace('visitors');
  for (const [i, kind] of KINDS.entries()) {
    const namespace = world.namespace(kind);
    world.link(namespace, visitors, i + 1);
    serve(world, namespace, `10.77.${i + 1}.1`);
    if (kind === 'empty') await guarded(namespace, 0, 0);
    if (kind === 'full') await guarded(namespace, ADDRESSES, PREFIXES);
    if (kind === 'rules') singleRules(namespace);
  }
  const rates: Record<Kind, number[]> = { empty: [], full: [], rules: [] };
  for (let round = 0; round < rounds; round++)
    for (const [i, kind] of KINDS.entries()) rates[kind].push(rate(visitors, `10.77.${i + 1}.1`));
  const ratio = (kind: Kind): number =>
    quantile(
      rates[kind].map((r, i) => r / rates.empty[i]!),
      0.5,
    );
  for (const kind of KINDS)
    console.log(
      `  ${kind}: ${quantile(rates[kind], 0.5).toFixed(0)} connections/s, ${ratio(kind).toFixed(2)} of empty`,
    );
  const isKept = ratio('full') >= LIMIT;
  console.log(`  limit for full: ${LIMIT} of empty${isKept ? '' : '  MISSED'}`);
  return isKept;
}

const reason = whyNot(['ip', 'nft', 'iptables-restore', 'nginx', 'wrk']);
console.log(`connections through ${ADDRESSES} addresses and ${PREFIXES} prefixes, and through ${RULES} rules`);
if (reason !== null) console.log(`  not measured: ${reason}`);
else process.exitCode = (await main()) ? 0 : 1;
