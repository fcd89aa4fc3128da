import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { collectScript } from '../../../src/facts/index.ts';
import type { Ground } from './ground.ts';

/** What the kernel answered to one question. */
export interface KernelAnswer {
  /** errno(3) by the words of strerror(3), or null. */
  readonly error: string | null;
  readonly type: string;
  readonly dev: string;
  readonly via: string;
  readonly source: string;
  readonly table: string;
  /** The very route, as `ip route get fibmatch` names it; empty where the kernel names none. */
  readonly match: string;
}

/** A ground built in a namespace, and what was learnt there. */
export interface Asked {
  /** The host's facts bundle. */
  readonly bundle: string;
  readonly answers: readonly KernelAnswer[];
}

function run(argv: readonly string[], input = ''): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
  });
  return { code: status, stdout, stderr };
}

const WIRES = [
  ...['eth0', 'eth1', 'eth2'].map(
    (dev) => `link add ${dev} address 02:00:00:00:00:0${dev.at(-1)} type veth peer name peer`,
  ),
];

/** Addresses that every ground has. */
const ADDRESSES = [
  'addr add 10.255.0.1/32 dev lo', 'addr add fd00:255::1/128 dev lo',
  'addr add 10.1.0.1/24 brd + dev eth0', 'addr add 10.1.0.7/24 dev eth0', 'addr add fd00:1::1/64 dev eth0 nodad',
  'addr add 10.2.0.1/16 brd + dev eth1', 'addr add fd00:2::1/64 dev eth1 nodad',
  'addr add 192.168.5.1/24 brd + dev eth2', 'addr add fd00:5::1/64 dev eth2 nodad',
]; // prettier-ignore

/** Builds the ground, asks all its questions, and takes it down. `noCarrier`: eth2 has none. */
export function ask(ground: Ground, noCarrier: boolean): Asked {
  const here = `wm-${randomBytes(4).toString('hex')}-why`;
  const there = `${here}-far`;
  const inside = (argv: readonly string[], input = ''): ReturnType<typeof run> =>
    run(['ip', 'netns', 'exec', here, ...argv], input);
  try {
    for (const ns of [here, there]) must(run(['ip', 'netns', 'add', ns]));
    const wires = WIRES.flatMap((w, i) => [`${w}${i} netns ${there}`, `link set eth${i} addrgenmode none`]);
    const up = ['lo', 'eth0', 'eth1', 'eth2'].map((dev) => `link set ${dev} up`);
    must(inside(['ip', '-batch', '-'], [...wires, ...ADDRESSES, ...up].join('\n')));
    const far = [0, 1, 2].filter((i) => i < 2 || !noCarrier).map((i) => `link set peer${i} up`);
    must(run(['ip', '-n', there, '-batch', '-'], far.join('\n')));
    inside(['sh', '-s'], ground.settings.map(([k, v]) => `echo ${v} >/proc/sys/net/${k}`).join('\n'));
    const isSix = (line: string): boolean => line.startsWith('-6 ');
    inside(['ip', '-force', '-batch', '-'], ground.setup.filter((l) => !isSix(l)).join('\n'));
    inside(
      ['ip', '-6', '-force', '-batch', '-'],
      ground.setup
        .filter(isSix)
        .map((l) => l.slice(3))
        .join('\n'),
    );
    const bundle = must(inside(['sh', '-s'], collectScript())).stdout;
    const plain = gets(inside, ground.questions, '');
    const matches = gets(inside, ground.questions, 'fibmatch ');
    return { bundle, answers: plain.map((p, i) => answerOf(p, matches[i]!)) };
  } finally {
    for (const ns of [here, there]) run(['ip', 'netns', 'del', ns]);
  }
}

function must(result: ReturnType<typeof run>): ReturnType<typeof run> {
  if (result.code !== 0) throw new Error(`the ground was not built: ${result.stderr}`);
  return result;
}

type Got = { readonly error: string } | { readonly route: Readonly<Record<string, unknown>> };

/** One answer a question: those that went well stand on standard output in order, the others are named by their line. */
function gets(
  inside: (argv: readonly string[], input: string) => ReturnType<typeof run>,
  questions: readonly string[],
  word: string,
): Got[] {
  const lines = questions.map((q) => `route get ${word}${q}`);
  const { stdout, stderr } = inside(['ip', '-j', '-details', '-N', '-force', '-batch', '-'], `${lines.join('\n')}\n`);
  const failed = new Map([...stderr.matchAll(/(?:RTNETLINK answers|Error): (.*)\n(?:.*\n)?Command failed -:(\d+)/g)].map((m) => [Number(m[2]), m[1]!])); // prettier-ignore
  const routes = stdout.split('\n').filter((l) => l.startsWith('[')).flatMap((l) => JSON.parse(l) as Readonly<Record<string, unknown>>[]); // prettier-ignore
  const got = questions.map((_, i): Got | null => {
    const error = failed.get(i + 1);
    if (error !== undefined) return { error };
    const route = routes.shift();
    return route ? { route } : null;
  });
  if (routes.length > 0 || got.includes(null))
    throw new Error(`answers are missing or left over: ${stderr.slice(0, 2000)}`);
  return got as Got[];
}

function answerOf(plain: Got, match: Got): KernelAnswer {
  const text = (r: Readonly<Record<string, unknown>>, key: string): string => {
    const value = r[key];
    return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
  };
  const empty = { type: '', dev: '', via: '', source: '', table: '', match: '' };
  if ('error' in plain) return { ...empty, error: plain.error };
  const r = plain.route;
  const via = r['via'] as { host?: string } | undefined;
  return {
    error: null,
    type: text(r, 'type'),
    dev: text(r, 'dev'),
    via: text(r, 'gateway') || (via?.host ?? ''),
    source: text(r, 'prefsrc'),
    table: text(r, 'table'),
    match: 'route' in match ? JSON.stringify(match.route) : '',
  };
}
