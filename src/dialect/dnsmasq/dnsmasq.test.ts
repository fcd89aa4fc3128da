import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { ipv4 } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { parseRouteWords } from '../iproute2/index.ts';
import { classlessRouteBytes, persistWithDnsmasq } from './index.ts';

const route = (words: string): Route => parseRouteWords(words, { source: 'x', line: 1 }).value!;
const gateway = ipv4(0x0a050501);
const back = route('10.8.0.0/24 via 10.5.5.5');
const installed = spawnSync('dnsmasq', ['--version']).status === 0;
if (!installed) console.log('skipped: dnsmasq is not installed, so dnsmasq --test is not asked');

describe('persistWithDnsmasq', () => {
  it('carries the default route too', () => {
    expect(persistWithDnsmasq([back], gateway)).toEqual({
      file: '/etc/dnsmasq.d/90-waymark.conf',
      content: 'dhcp-option=121,10.8.0.0/24,10.5.5.5,0.0.0.0/0,10.5.5.1\n',
      commands: [
        ['dnsmasq', '--test'],
        ['systemctl', 'restart', 'dnsmasq'],
      ],
      cannot: [],
    });
  });

  it('takes the default route from the routes where they have one', () => {
    const { content, cannot } = persistWithDnsmasq([back, route('default via 10.5.5.9')], gateway);
    expect([content, cannot]).toEqual(['dhcp-option=121,10.8.0.0/24,10.5.5.5,0.0.0.0/0,10.5.5.9\n', []]);
  });

  it('says what it cannot say', () => {
    const cannot = (...words: string[]): readonly string[] => persistWithDnsmasq(words.map(route), gateway).cannot;
    expect(cannot('unreachable 10.9.0.0/16')).toEqual(['a route that refuses packets (10.9.0.0/16)']);
    expect(cannot('10.9.0.0/16 dev eth0')).toEqual(['a route without a gateway (10.9.0.0/16)']);
    expect(cannot('10.8.0.0/24 via 10.5.5.5 metric 5 mtu 1400')).toEqual([
      'the metric (10.8.0.0/24)',
      'the MTU (10.8.0.0/24)',
    ]);
    expect(cannot('2001:db8::/32 via fe80::1 dev eth0')).toEqual([
      'IPv6 (2001:db8::/32): router advertisements carry it instead',
    ]);
    expect(persistWithDnsmasq([route('unreachable 10.9.0.0/16')], gateway).content).toBe('');
    expect(persistWithDnsmasq([back], null).cannot).toEqual([
      'the default route, which is not known: clients will have none',
    ]);
    const many = Array.from({ length: 40 }, (_, i) => route(`10.8.${i}.0/24 via 10.5.5.5`));
    expect(persistWithDnsmasq(many, gateway)).toMatchObject({ content: '', cannot: ['more than 255 bytes of routes'] });
  });

  it.skipIf(!installed)('is taken by dnsmasq', () => {
    const test = (input: string): number | null =>
      spawnSync('dnsmasq', ['--test', '--conf-file=-'], { input, encoding: 'utf8' }).status;
    expect(test(persistWithDnsmasq([back], gateway).content)).toBe(0);
    expect(test('no-such-option\n')).not.toBe(0);
  });
});

describe('classlessRouteBytes', () => {
  it.each([
    ['10.67.0.0/16 via 192.168.120.254', '10:0a:43:c0:a8:78:fe'],
    ['10.8.0.0/24 via 192.168.120.5', '18:0a:08:00:c0:a8:78:05'],
    ['1.2.3.4 via 192.168.120.5', '20:01:02:03:04:c0:a8:78:05'],
    ['default via 192.168.120.254', '00:c0:a8:78:fe'],
    ['10.128.0.0/9 via 10.0.0.1', '09:0a:80:0a:00:00:01'],
  ])('%s', (words, bytes) => {
    expect(classlessRouteBytes([route(words)])).toBe(bytes);
  });

  it('joins several', () => {
    expect(classlessRouteBytes([back, route('default via 10.5.5.1')])).toBe('18:0a:08:00:0a:05:05:05:00:0a:05:05:01');
  });
});
