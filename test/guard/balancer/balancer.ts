import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { linuxMachine, type Machine } from '../../../src/host/index.ts';
import type { Order } from './actor.ts';

/** Addresses of the network that `makeBalancer` makes. */
export const AT = {
  blocked: { 4: '1.2.3.4', 6: '2001:db8:1::4' },
  ordinary: { 4: '5.6.7.8', 6: '2001:db8:5::8' },
  site: { 4: '203.0.113.80', 6: '2001:db8:80::80' },
  page1: { 4: '10.10.10.1', 6: 'fd00:10::1' },
  page2: { 4: '10.10.10.2', 6: 'fd00:10::2' },
  web: { 4: '10.10.10.9', 6: 'fd00:10::9' },
} as const;

/** Where page1 reaches the visitors without the director. */
export const SIDE = { 4: '192.0.2.1', 6: '2001:db8:2::1' } as const;

type Server = 'page1' | 'page2' | 'web' | 'director';

/**
 * Visitors, a director that has the site's addresses, and behind it the site's own server and two page servers.
 *
 *     visitors ---- eth0 director lan ---- page1, page2, web
 *        side ------------------------- side
 */
export interface Balancer {
  readonly stage: Stage;
  /** Runs commands on the director. */
  readonly director: Machine;
  /** The director's network namespace: a path. */
  readonly directorNetns: string;
  /** Runs commands on a server behind it. */
  on(server: Server): Machine;
  /** Connects from that address to a port of the site: `welcome`, `page1`, `page2`, an error's code, `closed`, `timeout`. */
  visit(from: string, port: number): Promise<string>;
  /** The same on a connection that is kept; what is given asks once more on it. */
  open(from: string, port: number): Promise<() => Promise<string>>;
  start(server: Server): Promise<void>;
  stop(server: Server): Promise<void>;
  remove(): Promise<void>;
}

/** Where the actor's program and waymark's are, and the certificate that all servers have. Paths. */
export interface Stage {
  readonly folder: string;
  readonly actor: string;
  readonly waymark: string;
  readonly certificate: string;
  readonly key: string;
}

/** Makes the namespaces and starts all servers. */
export async function makeBalancer(stage: Stage): Promise<Balancer> {
  const run = `wm-${randomBytes(4).toString('hex')}`;
  const names = ['visitors', 'director', 'page1', 'page2', 'web'] as const;
  build(run, names);
  const started = new Map<Server, ChildProcess>();
  const start = async (server: Server): Promise<void> => {
    const words = server === 'web' || server === 'director' ? ['site'] : ['page', server];
    started.set(server, await act(`${run}-${server}`, [stage.actor, ...words, stage.certificate, stage.key]));
  };
  const stop = async (server: Server): Promise<void> => end(started.get(server)!);
  const visitor = await act(`${run}-visitors`, [stage.actor, 'visitor']);
  for (const server of ['web', 'page1', 'page2'] as const) await start(server);
  return {
    stage,
    director: machineIn(`${run}-director`),
    directorNetns: `/run/netns/${run}-director`,
    on: (server) => machineIn(`${run}-${server}`),
    ...asking(visitor),
    start,
    stop,
    remove: async () => {
      for (const child of [visitor, ...started.values()]) await end(child);
      for (const name of names) must(['netns', 'del', `${run}-${name}`]);
    },
  };
}

const siteFor = (from: string): string => AT.site[from.includes(':') ? 6 : 4];

/** One question at a time. */
function asking(visitor: ChildProcess): Pick<Balancer, 'visit' | 'open'> {
  let inTurn: Promise<unknown> = Promise.resolve();
  const lines = createInterface({ input: visitor.stdout! });
  const ask = (order: Order): Promise<string> => {
    const mine = inTurn.then(() => {
      const answer = new Promise<string>((done) => lines.once('line', (line) => done(JSON.parse(line) as string)));
      visitor.stdin!.write(`${JSON.stringify(order)}\n`);
      return answer;
    });
    inTurn = mine;
    return mine;
  };
  return {
    visit: (from, port) => ask({ do: 'visit', from, to: siteFor(from), port }),
    open: async (from, port) => {
      const name = randomBytes(4).toString('hex');
      const first = await ask({ do: 'open', name, from, to: siteFor(from), port });
      if (first === 'timeout') throw new Error('no connection to keep');
      return () => ask({ do: 'again', name });
    },
  };
}

/** Starts the actor in a namespace and waits until it is ready. */
function act(namespace: string, words: readonly string[]): Promise<ChildProcess> {
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  return new Promise((done, fail) => {
    child.once('close', (code) => fail(new Error(`${words.join(' ')} ended: ${code}`)));
    child.stdout.once('data', () => done(child));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await new Promise((done) => child.once('exit', done));
}

function machineIn(namespace: string): Machine {
  const machine = linuxMachine();
  const within = (argv: readonly string[]): readonly string[] => ['ip', 'netns', 'exec', namespace, ...argv];
  return {
    ...machine,
    run: (argv, options) => machine.run(within(argv), options),
    spawn: (argv, options) => machine.spawn(within(argv), options),
  };
}

function must(words: readonly string[], input = ''): void {
  const { status, stderr } = spawnSync('ip', words, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
}

function build(run: string, names: readonly string[]): void {
  const behind = ['page1', 'page2', 'web'] as const;
  must(
    ['-batch', '-'],
    [
      ...names.map((n) => `netns add ${run}-${n}`),
      `link add eth0 netns ${run}-visitors type veth peer name eth0 netns ${run}-director`,
      `link add lan netns ${run}-director type bridge forward_delay 0`,
      `link add side netns ${run}-visitors type veth peer name side netns ${run}-page1`,
      ...behind.map((n) => `link add eth0 netns ${run}-${n} type veth peer name ${n} netns ${run}-director`),
    ].join('\n'),
  );
  const host = (name: string, addresses: readonly string[], more: readonly string[]): void =>
    must(
      ['-n', `${run}-${name}`, '-batch', '-'],
      [
        ...['lo', 'eth0', ...(name === 'director' ? ['lan'] : [])].map((dev) => `link set ${dev} up`),
        ...addresses.map((a) => `addr add ${a} dev eth0${a.includes(':') ? ' nodad' : ''}`),
        ...more,
      ].join('\n'),
    );
  const visitors = [AT.blocked, AT.ordinary].flatMap((a) => [`${a[4]}/32`, `${a[6]}/128`]);
  host('visitors', ['203.0.113.1/24', '2001:db8:80::1/64', ...visitors], []);
  host(
    'director',
    [`${AT.site[4]}/24`, `${AT.site[6]}/64`],
    [
      'addr add 10.10.10.254/24 dev lan',
      'addr add fd00:10::254/64 dev lan nodad',
      ...behind.map((n) => `link set ${n} up master lan`),
      'route add default via 203.0.113.1',
      'route add default via 2001:db8:80::1',
    ],
  );
  for (const n of behind) {
    const routes = ['route add default via 10.10.10.254', 'route add default via fd00:10::254'];
    host(n, [`${AT[n][4]}/24`, `${AT[n][6]}/64`], routes);
  }
  const side = (name: string, last: string): void =>
    must(
      ['-n', `${run}-${name}`, '-batch', '-'],
      `addr add 192.0.2.${last}/24 dev side\naddr add 2001:db8:2::${last}/64 dev side nodad\nlink set side up`,
    );
  side('visitors', '1');
  side('page1', '2');
  const forward =
    'cd /proc/sys/net; echo 1 >ipv4/ip_forward; echo 1 >ipv6/conf/all/forwarding; for f in ipv4/conf/*/rp_filter; do echo 0 >$f; done';
  must(['netns', 'exec', `${run}-director`, 'sh', '-c', forward]);
}

/** What is where in such a folder. */
export const stageIn = (folder: string): Stage => ({
  folder,
  actor: join(folder, 'actor.mjs'),
  waymark: join(folder, 'bin/waymark'),
  certificate: join(folder, 'site.crt'),
  key: join(folder, 'site.key'),
});
