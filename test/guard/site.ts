import { randomBytes } from 'node:crypto';
import { linuxMachine, type Child, type Machine, type RunResult } from '../../src/host/index.ts';

const machine = linuxMachine();

/** What a visitor's connection came to: the word that was answered, or how it failed. */
export type Seen = string;

/** A site with its page in one namespace, and its visitors, with many addresses, in another. */
export interface Site {
  /** Where the site is, and where its visitors are. */
  readonly namespaces: { readonly site: string; readonly visitors: string };
  /** Runs commands where the site is. */
  readonly machine: Machine;
  /** Connects from that address to a TCP port of the site. */
  visit(from: string, port: number): Promise<Seen>;
  /** Sends a datagram from that address to a UDP port of the site. */
  send(from: string, port: number): Promise<Seen>;
  /** Opens a connection and says, once `until` is over, whether it still answers. */
  hold(from: string, port: number, until: () => Promise<void>): Promise<Seen>;
  remove(): Promise<void>;
}

/** The site's own addresses. */
export const SITE = { 4: '10.77.0.1', 6: 'fd77::1' } as const;
const VISITORS = ['10.77.0.2', '10.77.0.3', '10.77.1.2', 'fd77::2', 'fd77::3', 'fd77:0:0:1::2'];

/** Each port with what answers there. */
const SERVICES = { 22: 'other', 80: 'site', 443: 'site', 18080: 'page', 18443: 'page' };

const SERVE = `
const net = require('node:net');
for (const [port, word] of Object.entries(${JSON.stringify(SERVICES)}))
  net.createServer((s) => { s.on('error', () => {}); s.on('data', () => s.write(word)); }).listen(Number(port), '::', () => console.log('ready'));
const udp = require('node:dgram').createSocket('udp6');
udp.on('message', (m, from) => udp.send('udp', from.port, from.address)).bind(443, '::');
`;

const ASK = `
const [how, from, to, port] = process.argv.slice(1);
const say = (word) => { console.log(word); if (how !== 'hold' || word !== 'site') process.exit(0); };
if (how === 'send') {
  const s = require('node:dgram').createSocket(to.includes(':') ? 'udp6' : 'udp4');
  s.on('message', (m) => say(String(m))).on('error', (e) => say(e.code));
  s.bind(0, from, () => s.connect(Number(port), to, () => s.send('x')));
} else {
  const s = require('node:net').connect({ host: to, port: Number(port), localAddress: from });
  s.on('connect', () => s.write('x')).on('data', (d) => say(String(d))).on('error', (e) => say(e.code)).on('close', () => say('closed'));
  process.stdin.on('data', () => s.write('y'));
}
setTimeout(() => say('timeout'), how === 'hold' ? 8000 : 1500);
`;

/** What answers, and how visitors ask. */
export interface Services {
  /** Says `ready` as often as `count`. */
  readonly serve: string;
  readonly count: number;
  readonly ask: string;
}

const SOCKETS: Services = { serve: SERVE, count: Object.keys(SERVICES).length, ask: ASK };

/** Makes the namespaces and starts the services. */
export async function makeSite(services: Services = SOCKETS): Promise<Site> {
  const run = randomBytes(4).toString('hex');
  const [site, visitors] = [`wm-${run}-site`, `wm-${run}-visitors`];
  const up = [
    `netns add ${site}`,
    `netns add ${visitors}`,
    `link add v0 netns ${site} type veth peer name v0 netns ${visitors}`,
  ];
  const addresses = (all: readonly string[]): string[] => [
    ...['lo', 'v0'].map((dev) => `link set ${dev} up`),
    ...all.map((a) => `addr add ${a}/${a.includes(':') ? '48 nodad' : '16'} dev v0`),
  ];
  await must(machine.run(['ip', '-batch', '-'], { stdin: `${up.join('\n')}\n` }));
  await must(
    machine.run(['ip', '-n', site, '-batch', '-'], { stdin: `${addresses(Object.values(SITE)).join('\n')}\n` }),
  );
  await must(machine.run(['ip', '-n', visitors, '-batch', '-'], { stdin: `${addresses(VISITORS).join('\n')}\n` }));
  const server = machine.spawn(['ip', 'netns', 'exec', site, process.execPath, '-e', services.serve]);
  while ((server.output().match(/ready/g) ?? []).length < services.count) await machine.sleep(10);
  return {
    namespaces: { site, visitors },
    machine: inNamespace(site),
    visit: (from, port) => ask(visitors, services, ['visit', from, to(from), String(port)]),
    send: (from, port) => ask(visitors, services, ['send', from, to(from), String(port)]),
    hold: (from, port, until) => hold(visitors, services, ['hold', from, to(from), String(port)], until),
    remove: () => remove(server, [site, visitors]),
  };
}

const to = (from: string): string => (from.includes(':') ? SITE[6] : SITE[4]);

const inNamespace = (namespace: string): Machine => ({
  ...machine,
  run: (argv, options) => machine.run(['ip', 'netns', 'exec', namespace, ...argv], options),
  talk: (argv, options) => machine.talk(['ip', 'netns', 'exec', namespace, ...argv], options),
});

async function ask(namespace: string, services: Services, words: readonly string[]): Promise<Seen> {
  const argv = ['ip', 'netns', 'exec', namespace, process.execPath, '-e', services.ask, ...words];
  const said = await must(machine.run(argv));
  return said.stdout.trim();
}

/** The first word it gets is `site`; afterwards it is told to speak again by whoever ends `until`. */
async function hold(
  namespace: string,
  { ask: program }: Services,
  words: readonly string[],
  until: () => Promise<void>,
): Promise<Seen> {
  const child = machine.spawn([
    'ip',
    'netns',
    'exec',
    namespace,
    process.execPath,
    '-e',
    `${program}setInterval(() => process.stdin.emit('data'), 50);`,
    ...words,
  ]);
  while (!child.output().includes('site')) await machine.sleep(10);
  await until();
  const before = child.output().length;
  const deadline = machine.elapsedMs() + 1000;
  while (machine.elapsedMs() < deadline && !/E[A-Z]+|closed|page/.test(child.output().slice(before)))
    await machine.sleep(10);
  child.stop('SIGKILL');
  await child.ended;
  return /E[A-Z]+|closed|page/.exec(child.output())?.[0] ?? 'site';
}

async function remove(server: Child, namespaces: readonly string[]): Promise<void> {
  server.stop('SIGKILL');
  await server.ended;
  for (const n of namespaces) {
    const pids = (await machine.run(['ip', 'netns', 'pids', n])).stdout
      .split('\n')
      .filter((line) => /^\d+$/.test(line));
    if (pids.length > 0) await machine.run(['kill', '-KILL', ...pids]);
    await machine.run(['ip', 'netns', 'del', n]);
  }
}

async function must(running: Promise<RunResult>): Promise<RunResult> {
  const result = await running;
  if (result.code !== 0) throw new Error(result.stderr);
  return result;
}
