import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Route } from '../../model/index.ts';
import { parseRouteWords } from '../iproute2/index.ts';
import { persistWithNetworkd } from './index.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;
const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');

describe('persistWithNetworkd', () => {
  it.each([
    ['gateway.conf', '10.67.0.0/16 via 192.168.120.254 dev eth0'],
    [
      'everything.conf',
      '10.67.0.0/16 via 192.168.120.254 dev eth0 metric 50 table 100 onlink mtu 1400 src 192.168.120.1',
    ],
    ['link.conf', '10.8.0.0/24 dev eth0'],
    ['unreachable.conf', 'unreachable 10.69.0.0/16'],
    ['ipv6.conf', 'default via fe80::1 dev eth0 metric 5'],
    ['multipath.conf', '10.67.0.0/16 nexthop via 192.168.120.1 dev eth0 weight 1 nexthop via 192.168.120.2 weight 3'],
  ])('%s', (file, words) => {
    const { content, cannot } = persistWithNetworkd(route(words), '10-eth0.network');
    expect(content).toBe(golden(file));
    expect(cannot).toEqual([]);
  });

  it('names a drop-in where the unit is known', () => {
    const some = route('10.8.0.0/24 via 10.5.5.5');
    expect(persistWithNetworkd(some, '10-eth0.network').file).toBe(
      '/etc/systemd/network/10-eth0.network.d/50-waymark-10.8.0.0-24.conf',
    );
    expect(persistWithNetworkd(some, null).file).toBeNull();
    expect(persistWithNetworkd(some, null).commands).toEqual([['networkctl', 'reload']]);
  });

  it('says what it cannot say', () => {
    expect(persistWithNetworkd(route('10.8.0.0/24 via 10.5.5.5 tos 0x10'), 'a.network')).toEqual({
      file: null,
      content: '',
      commands: [],
      cannot: ['the TOS'],
    });
    const bare = route('10.8.0.0/24 nexthop dev tun0 nexthop via 10.5.5.6 dev eth0 onlink');
    expect(persistWithNetworkd(bare, 'a.network').cannot).toEqual([
      'a next hop without a gateway among several',
      'onlink of one next hop among several',
    ]);
  });
});
