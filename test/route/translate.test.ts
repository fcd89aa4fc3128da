import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  iproute2Routes,
  keepalivedRoutes,
  netToolsRoutes,
  openvpnRoutes,
  parseRouteWords,
  parseRoutes,
  printTakingAway,
  withinLimits,
  type RouteDialect,
} from '../../src/dialect/index.ts';
import { formatPrefix } from '../../src/ip/index.ts';
import type { Route } from '../../src/model/index.ts';

const namespace = `wm-${process.pid}-translate`;
interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
const run = (...words: readonly string[]): Ran =>
  spawnSync(words[0]!, words.slice(1), { encoding: 'utf8', timeout: 10_000 });
const inside = (...words: readonly string[]): Ran => run('ip', 'netns', 'exec', namespace, ...words);
const installed = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

const hasNetns = run('ip', 'netns', 'add', namespace).status === 0;
if (!hasNetns) console.log('skipped: no network namespaces here (needs root and iproute2)');
const has = Object.fromEntries(['route', 'keepalived', 'openvpn'].map((p) => [p, installed(p)]));
for (const [program, is] of Object.entries(has))
  if (!is) console.log(`skipped: ${program} is not installed, so it is not asked`);
console.log('skipped: no macOS, BSD, Windows or vendor router here, so their own programs are not asked');

const SETUP = [
  'ip link set lo up',
  'ip link add eth0 type veth peer name eth1',
  'ip link set eth0 up',
  'ip link set eth1 up',
  'ip addr add 192.168.120.1/24 dev eth0',
  'ip -6 addr add 2001:db8::2/64 dev eth0 nodad',
];
const ROUTES = [
  '10.67.0.0/16 via 192.168.120.254',
  '10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50',
  'default via 192.168.120.254',
  '192.0.2.7 via 192.168.120.254',
  '10.8.0.0/24 dev eth0',
  '10.128.0.0/9 dev eth0 metric 7',
  'unreachable 1.2.3.4',
  'unreachable 10.13.0.0/16 metric 3',
  '2001:db8:67::/48 via 2001:db8::1 metric 50',
  '2001:db8:68::/48 via fe80::1 dev eth0',
  'default via fe80::1 dev eth0 metric 5',
  '2001:db8:69::5 dev eth0 metric 1',
];
const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;
const said = (words: readonly string[], dialect: RouteDialect): readonly Route[] =>
  words.flatMap((w) => withinLimits(route(w), dialect.limits).route ?? []);

beforeAll(() => {
  if (hasNetns) for (const line of SETUP) expect(inside(...line.split(' '))).toMatchObject({ status: 0 });
});
afterAll(() => {
  if (hasNetns) run('ip', 'netns', 'del', namespace);
});

/** What the kernel has that was put there: the way it stands in, not who made it. */
function inKernel(): readonly unknown[] {
  const text = inside('ip', '-j', '-d', '-N', '-4', 'route', 'show', 'table', 'main').stdout;
  const six = inside('ip', '-j', '-d', '-N', '-6', 'route', 'show', 'table', 'main').stdout;
  const all = [text, six].flatMap((t) => parseRoutes(t, 'ip').value);
  return all.filter((r) => r.protocol !== 'kernel' && r.protocol !== '2').map(bare);
}

/** The kernel names the interface that it found, and gives scopes of its own to refusals. */
const bare = ({ prefix, type, metric, nexthops }: Route): unknown => ({
  prefix: formatPrefix(prefix),
  type,
  metric,
  hops: nexthops.map(({ via }) => via),
});

describe.skipIf(!hasNetns || !has['route'])('net-tools', () => {
  it.each(ROUTES)('%s is the same for route and the kernel', (words) => {
    const [own] = said([words], netToolsRoutes);
    if (!own) throw new Error(`net-tools says ${words}`);
    const command = netToolsRoutes.print([own]).trim();
    const done = inside(...command.split(' '));
    expect({ command, ...done }).toMatchObject({ status: 0, stderr: '' });
    try {
      expect(inKernel()).toEqual([bare(own)]);
      // and what route and netstat list is read as what there is
      const listed = inside('route', '-n', ...(own.prefix.address.family === 6 ? ['-6'] : [])).stdout;
      const read = netToolsRoutes.parse(listed, 'route -n').value.filter((r) => formatPrefix(r.prefix) === formatPrefix(own.prefix)); // prettier-ignore
      expect({ listed, routes: read.map(bare) }).toEqual({ listed, routes: [bare(own)] });
    } finally {
      for (const family of ['-4', '-6']) for (const proto of ['boot', 'static']) inside('ip', family, 'route', 'flush', 'proto', proto); // prettier-ignore
    }
  });

  it.each([
    ['route add -net 10.67.0.0 gw 192.168.120.254', 'its class'],
    ['route add -net 10.67.0.1/16 gw 192.168.120.254', 'host bits'],
    ['route add -net 10.67.0.0 netmask 255.0.255.0 gw 192.168.120.254', 'a hole'],
  ])('%s is refused by both: %s', (command) => {
    expect(netToolsRoutes.parse(command, 'x').value).toEqual([]);
    expect(inside(...command.split(' ')).status).not.toBe(0);
    expect(inKernel()).toEqual([]);
  });

  it.each(ROUTES)('%s is taken away by what it is translated to', (words) => {
    for (const dialect of [netToolsRoutes, iproute2Routes]) {
      const [own] = said([words], dialect);
      expect(own).toBeDefined();
      for (const line of dialect.print([own!]).trim().split('\n')) expect(inside(...line.split(' ')).status).toBe(0);
      expect(inKernel()).toHaveLength(1);
      const command = printTakingAway(dialect, [own!])!.text.trim();
      expect({ command, ...inside(...command.split(' ')) }).toMatchObject({ status: 0, stderr: '' });
      expect({ command, left: inKernel() }).toEqual({ command, left: [] });
    }
  });

  it('reads the two commands of the blog as the kernel takes them', () => {
    for (const [command, words] of [
      ['route add -net 10.67.0.0 netmask 255.255.0.0 gw 192.168.120.254', ROUTES[0]!],
      ['route add -host 1.2.3.4/32 reject', 'unreachable 1.2.3.4'],
    ] as const) {
      expect(inside(...command.split(' ')).status).toBe(0);
      expect(inKernel()).toEqual([bare(route(words))]);
      expect(netToolsRoutes.parse(command, 'x').value.map(bare)).toEqual([bare(route(words))]);
      inside('ip', 'route', 'flush', 'proto', 'boot');
    }
  });
});

/** A file in a folder of its own, for a program to read. */
function withFile<T>(text: string, use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'wm-translate-'));
  try {
    const path = join(folder, 'wg0.conf');
    writeFileSync(path, text, { mode: 0o600 });
    return use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('other programs', () => {
  const all = [
    ...ROUTES,
    'prohibit 10.11.0.0/16',
    'blackhole 10.12.0.0/16',
    'throw 10.14.0.0/16 table 100',
    'default dev eth0 metric 9',
    '10.9.0.0/16 via 192.168.120.254 dev eth0 table 100 src 192.168.120.1 mtu 1400 onlink',
    '10.10.0.0/16 nexthop via 192.168.120.2 weight 1 nexthop via 192.168.120.3 weight 3',
  ];

  it.skipIf(!has['keepalived'])('keepalived -t takes every route', () => {
    const check = (text: string): Ran => withFile(text, (path) => run('keepalived', '-t', '-f', path));
    for (const words of all) {
      const text = keepalivedRoutes.print(said([words], keepalivedRoutes));
      const { status, stderr } = check(text);
      expect({ text, status, stderr: status === 0 ? '' : stderr }).toEqual({ text, status: 0, stderr: '' });
    }
    expect(check('static_routes {\n 10.67.0.0/16 vai 192.168.120.254\n}\n').status).not.toBe(0);
  });

  it.skipIf(!has['openvpn'])('openvpn reads every route', () => {
    const text = openvpnRoutes.print(said(all, openvpnRoutes));
    // it reads all options and then misses keys; what it does not understand it says first
    const check = (lines: string): string =>
      withFile(`client\ndev tun\nremote 127.0.0.1\n${lines}`, (path) => run('openvpn', '--config', path).stdout);
    expect(text.split('\n').length).toBeGreaterThan(4);
    expect(check(text)).not.toMatch(/Unrecognized option|bad parameter|syntax error|not a valid|too many parameters/i);
    expect(check('rout 10.67.0.0 255.255.0.0')).toMatch(/Unrecognized option/);
  });
});
