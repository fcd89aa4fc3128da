import { describe, expect, it } from 'vitest';
import { readPing } from './read-ping.ts';

const tail = '\n--- 10.5.5.20 ping statistics ---\n1 packets transmitted, 0 received, 100% packet loss, time 0ms\n';

describe('what ping says', () => {
  it.each([
    ['64 bytes from 10.5.5.20: icmp_seq=1 ttl=62 time=0.3 ms\n', 4, { kind: 'answered', from: '10.5.5.20' }],
    ['64 bytes from fd00::1: icmp_seq=1 ttl=62 time=0.3 ms\n', 6, { kind: 'answered', from: 'fd00::1' }],
    [tail, 4, { kind: 'timeout' }],
    [
      `From 10.5.5.1 icmp_seq=1 Destination Net Unreachable\n${tail}`,
      4,
      { kind: 'icmp', type: 3, code: 0, from: '10.5.5.1' },
    ],
    [
      `From 10.5.5.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)\n${tail}`,
      4,
      { kind: 'icmp', type: 3, code: 4, from: '10.5.5.1' },
    ],
    [
      `From fd00::1 icmp_seq=1 Destination unreachable: No route\n${tail}`,
      6,
      { kind: 'icmp', type: 1, code: 0, from: 'fd00::1' },
    ],
    [`From 10.5.5.1 icmp_seq=1 Redirect Host(New nexthop: 10.5.5.5)\n${tail}`, 4, { kind: 'timeout' }],
    [`From 10.5.5.1 icmp_seq=1 Something New\n${tail}`, 4, { kind: 'other', text: 'Something New' }],
    ['ping: connect: Network is unreachable\n', 4, { kind: 'error', errno: 'ENETUNREACH' }],
    [`ping: sendmsg: Operation not permitted\n${tail}`, 4, { kind: 'error', errno: 'EPERM' }],
    [
      'ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n',
      4,
      { kind: 'error', errno: 'EACCES' },
    ],
    ['ping: bind: Cannot assign requested address\n', 4, { kind: 'error', errno: 'EADDRNOTAVAIL' }],
    ['', 4, { kind: 'other', text: '' }],
  ] as const)('%j', (text, family, seen) => {
    expect(readPing(text, family)).toEqual(seen);
  });
});
