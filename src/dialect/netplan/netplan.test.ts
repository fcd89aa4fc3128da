import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { Route } from '../../model/index.ts';
import { parseRouteWords } from '../iproute2/index.ts';
import { persistWithNetplan } from './index.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;
const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');
const SAMPLES: readonly (readonly [string, string])[] = [
  ['gateway.yaml', '10.67.0.0/16 via 192.168.120.254 dev eth0'],
  [
    'everything.yaml',
    '10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50 table 100 onlink mtu 1400 src 192.168.120.1',
  ],
  ['link.yaml', '10.8.0.0/24 dev eth0'],
  ['unreachable.yaml', 'unreachable 10.69.0.0/16'],
  ['ipv6.yaml', '2001:db8:67::/48 via fe80::1 dev eth0'],
  ['default.yaml', 'default via 192.168.120.254 dev eth0'],
];
const generate = ['/usr/libexec/netplan/generate', '/usr/lib/netplan/generate'].find((path) => existsSync(path));
if (generate === undefined) console.log('skipped: netplan is not installed, so its own parser is not asked');

describe('persistWithNetplan', () => {
  it.each(SAMPLES)('%s', (file, words) => {
    const { content, cannot } = persistWithNetplan(route(words), 'eth0');
    expect(content).toBe(golden(file));
    expect(cannot).toEqual([]);
  });

  it('names a file of its own and what to run', () => {
    const { file, commands } = persistWithNetplan(route('10.8.0.0/24 via 10.5.5.5 metric 50 table 7'), 'eth0');
    expect(file).toBe('/etc/netplan/90-waymark-10.8.0.0-24-table-7-metric-50.yaml');
    expect(commands).toEqual([['netplan', 'apply']]);
    expect(persistWithNetplan(route('2001:db8::/32 dev eth0'), 'eth0').file).toBe(
      '/etc/netplan/90-waymark-2001-db8---32.yaml',
    );
  });

  it('quotes what YAML would misread', () => {
    const { content } = persistWithNetplan(route('10.8.0.0/24 via 10.5.5.5'), 'no: {x}', 'bridges');
    expect(parse(content)).toEqual({
      network: { version: 2, bridges: { 'no: {x}': { routes: [{ to: '10.8.0.0/24', via: '10.5.5.5' }] } } },
    });
  });

  it('says what it cannot say', () => {
    const several = persistWithNetplan(route('10.8.0.0/24 tos 0x10 nexthop via 10.5.5.5 nexthop via 10.5.5.6'), 'eth0');
    expect(several).toEqual({ file: null, content: '', commands: [], cannot: ['several next hops', 'the TOS'] });
  });

  it.skipIf(generate === undefined).each(SAMPLES)('is taken by netplan itself: %s', (_file, words) => {
    const root = mkdtempSync(join(tmpdir(), 'wm-netplan-'));
    try {
      mkdirSync(join(root, 'etc/netplan'), { recursive: true });
      writeFileSync(join(root, 'etc/netplan/1.yaml'), persistWithNetplan(route(words), 'eth0').content, {
        mode: 0o600,
      });
      const { status, stderr } = spawnSync(generate!, ['--root-dir', root], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([0, '']);
      expect(readdirSync(join(root, 'run/systemd/network'))).toContain('10-netplan-eth0.network');
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
