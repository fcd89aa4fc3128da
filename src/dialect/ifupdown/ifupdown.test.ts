import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Route } from '../../model/index.ts';
import { parseRouteWords } from '../iproute2/index.ts';
import { persistWithIfupdown } from './index.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;
const ROUTES = [
  '10.67.0.0/16 via 192.168.120.254 dev eth0',
  '10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50 table 100 proto 187 onlink mtu 1400 src 192.168.120.1',
  'unreachable 10.69.0.0/16',
  '2001:db8:67::/48 via fe80::1 dev eth0',
];
const installed = spawnSync('ifup', ['--version']).status === 0;
if (!installed) console.log('skipped: ifupdown is not installed, so ifup -n is not asked');

describe('persistWithIfupdown', () => {
  it('writes up and down lines', () => {
    const lines = ROUTES.map((words) => persistWithIfupdown(route(words)).content).join('');
    expect(lines).toBe(readFileSync(join(import.meta.dirname, 'golden/lines.txt'), 'utf8'));
  });

  it('is a piece of a file that says other things too', () => {
    expect(persistWithIfupdown(route(ROUTES[0]!))).toMatchObject({ file: null, commands: [], cannot: [] });
  });

  it('quotes interface names that the shell would read', () => {
    const { content } = persistWithIfupdown(route(`10.0.0.0/8 dev a;$(b)'`));
    expect(content.split('\n')[0]).toBe(`    up ip route add 10.0.0.0/8 dev 'a;$(b)'\\''' || true`);
    const said = spawnSync('sh', ['-c', content.split('\n')[0]!.replace('    up ip', 'printf %s\\\\n')], {
      encoding: 'utf8',
    });
    expect(said.stdout.trim().split('\n')).toEqual(['route', 'add', '10.0.0.0/8', 'dev', `a;$(b)'`]);
  });

  it.skipIf(!installed)('is taken by ifup', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wm-ifupdown-'));
    try {
      const file = join(folder, 'interfaces');
      const lines = persistWithIfupdown(route(ROUTES[0]!)).content;
      writeFileSync(file, `iface eth0 inet static\n    address 192.168.120.1/24\n${lines}`);
      const { status, stdout, stderr } = spawnSync('ifup', ['-n', '-i', file, 'eth0'], { encoding: 'utf8' });
      expect(status).toBe(0);
      expect(stdout + stderr).toContain('ip route add 10.67.0.0/16 via 192.168.120.254 dev eth0 || true');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
