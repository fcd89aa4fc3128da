import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../ip/index.ts';
import { formatRoute } from '../iproute2/index.ts';
import { bsdFacts } from './facts.ts';

const read = (text: string) => {
  const { value, diagnostics } = bsdFacts.parse(text, 'paste');
  return {
    system: value.system,
    table: value.table,
    interfaces: value.interfaces.map((i) => `${i.name} ${i.addresses.map((a) => `${formatAddress(a.address)}${a.peer ? ` peer ${formatAddress(a.peer)}` : ''}/${a.length}`).join(' ')}`), // prettier-ignore
    routes: value.routes.map(formatRoute),
    said: diagnostics.map((d) => `${d.code} ${d.span?.line}:${d.span?.column}`),
  };
};

describe('facts of macOS and the BSDs', () => {
  it('takes own addresses from netstat alone: they lead to the loopback', () => {
    const text = `Destination        Gateway            Flags     Netif Expire
default            203.0.113.254      UGS         em1
10.5.5.0/24        link#1             U           em0
10.5.5.1           link#1             UHS         lo0
127.0.0.1          link#3             UH          lo0
203.0.113.0/24     link#2             U           em1
203.0.113.1        link#2             UHS         lo0
`;
    expect(read(text)).toEqual({
      system: 'freebsd',
      table: 'whole',
      interfaces: ['em0 10.5.5.1/24', 'em1 203.0.113.1/24', 'lo0 '],
      routes: [
        'default via 203.0.113.254 dev em1',
        '10.5.5.0/24 dev em0 proto kernel scope link',
        '10.5.5.1 dev lo0 proto kernel scope link',
        '203.0.113.0/24 dev em1 proto kernel scope link',
        '203.0.113.1 dev lo0 proto kernel scope link',
      ],
      said: [],
    });
  });

  it('reads tunnels of OpenVPN: with another end, and with itself as the other end', () => {
    const text = `utun4: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1500
\tinet 10.8.0.6 --> 10.8.0.5 netmask 0xffffffff
utun5: flags=8051<UP,POINTOPOINT,RUNNING,MULTICAST> mtu 1500
\tinet 10.9.0.2 --> 10.9.0.2 netmask 0xffffff00
\tinet6 fe80::1%utun5 prefixlen 64 scopeid 0x10
\tinet6 2001:db8::2 prefixlen 64 duplicated
`;
    expect(read(text)).toMatchObject({
      system: 'macos',
      table: 'none',
      interfaces: ['utun4 10.8.0.6 peer 10.8.0.5/32', 'utun5 10.9.0.2/24 fe80::1/64'],
      said: ['line-limited 6:1'],
    });
  });

  it('reads answers of route get', () => {
    const text = `   route to: 10.67.1.1
destination: 10.67.0.0
       mask: 255.255.0.0
    gateway: 192.168.120.254
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC,PRCLONING>
 recvpipe  sendpipe  ssthresh  rtt,msec    rttvar  hopcount      mtu     expire
       0         0         0         0         0         0      1500         0
   route to: 9.9.9.9
destination: default
       mask: default
    gateway: 192.168.120.1
  interface: en0
      flags: <UP,GATEWAY,DONE,STATIC>
   route to: 1.2.3.4
destination: 1.2.3.4
    gateway: 127.0.0.1
  interface: lo0
      flags: <UP,GATEWAY,HOST,REJECT,STATIC>
`;
    expect(read(text).routes).toEqual([
      '10.67.0.0/16 via 192.168.120.254 dev en0',
      'default via 192.168.120.1 dev en0',
      'unreachable 1.2.3.4',
    ]);
  });

  it('says what is cut off, unknown or not followed, with its line', () => {
    const text = `hello
en0: flags=8863<UP,BROADCAST,SMART,RUNNING> mtu 1500
\tinet 10.5.5.1
\tinet 10.5.5.300 netmask 0xffffff00
\tinet 10.5.5.9 netmask 0xff00ff00
what is this
em1: flags=8863<UP,BROADCAST> metric 0 mtu 1500
\tfib: 1
\tinet 10.6.0.1 netmask 0xffffff00 broadcast 10.6.0.255 vhid 1
   route to: 10.67.1.1
    gateway: 192.168.120.254
`;
    expect(read(text).said).toEqual([
      'line-unknown 1:1',
      'key-missing 10:1',
      'input-cut-off 3:2',
      'address-invalid 4:7',
      'prefix-invalid 5:24',
      'line-unknown 6:1',
      'line-not-modelled 8:1',
      'line-limited 9:1',
    ]);
  });

  it.each([
    ['Darwin mac 23.1.0\nem0: flags=8843<UP> mtu 1500', 'macos'],
    ['em0: flags=8843<UP> metric 0 mtu 1500\novpns1: flags=8043<UP> metric 0 mtu 1500', 'pfsense'],
    ['vio0: flags=8b43<UP,BROADCAST,RUNNING> mtu 1500\n\tgroups: egress\n\tlladdr 52:54:00:12:34:56', 'openbsd'],
    ['em0: flags=8843<UP> metric 0 mtu 1500', 'freebsd'],
  ])('knows which of them %s', (text, system) => {
    expect(read(text).system).toBe(system);
  });
});
