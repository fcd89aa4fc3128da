import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Route } from '../../model/index.ts';
import { parseRouteWords } from '../iproute2/index.ts';
import { connectionNameCommand, persistWithNmcli } from './index.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;
const ROUTES = [
  '10.67.0.0/16 via 192.168.120.254 dev eth0',
  '10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50 table 100 tos 0x10 onlink mtu 1400 src 192.168.120.1',
  '10.8.0.0/24 dev eth0',
  '10.8.0.0/24 via 192.168.120.254 scope link',
  'blackhole 10.69.0.0/16',
  'default via 192.168.120.254 metric 7',
  '2001:db8:67::/48 via fe80::1 dev eth0',
];
const modify = (words: string): readonly string[] => persistWithNmcli(route(words), 'eth0', 'my lan').commands[0]!;
const installed = spawnSync('nmcli', ['--version']).status === 0;
if (!installed) console.log('skipped: nmcli is not installed, so nmcli --offline is not asked');

describe('persistWithNmcli', () => {
  it('adds to the connection and takes it into use', () => {
    const { file, content, commands, cannot } = persistWithNmcli(route(ROUTES[0]!), 'eth0', 'my lan');
    expect([file, content, cannot]).toEqual([null, '', []]);
    expect(commands).toEqual([
      ['nmcli', 'connection', 'modify', 'my lan', '+ipv4.routes', '10.67.0.0/16 192.168.120.254'],
      ['nmcli', 'device', 'reapply', 'eth0'],
    ]);
    expect(connectionNameCommand('eth0').join(' ')).toBe('nmcli -g GENERAL.CONNECTION device show eth0');
  });

  it('writes routes as nmcli takes them', () => {
    const lines = ROUTES.map((words) => `${modify(words).slice(4).join(' ')}\n`).join('');
    expect(lines).toBe(readFileSync(join(import.meta.dirname, 'golden/routes.txt'), 'utf8'));
  });

  it('says what it cannot say', () => {
    const cannot = (words: string): readonly string[] => persistWithNmcli(route(words), 'eth0', 'lan').cannot;
    expect(cannot('10.8.0.0/24 nexthop via 10.5.5.5 nexthop via 10.5.5.6')).toEqual(['several next hops']);
    expect(cannot('10.8.0.0/24 via inet6 fe80::1 dev eth0')).toEqual(['a next hop of the other IP version']);
  });

  it.skipIf(!installed).each(ROUTES)('is taken by nmcli: %s', (words) => {
    const [property, value] = modify(words).slice(4);
    const add = ['--offline', 'connection', 'add', 'type', 'ethernet', 'con-name', 'lan', property!.slice(1), value!];
    const { status, stderr } = spawnSync('nmcli', add, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });
});
