import { describe, expect, it } from 'vitest';
import { formatRoute } from './iproute2/index.ts';
import { recogniseRoutes } from './route-dialects.ts';

/** What of a listing a person put there, in the words of ip route. */
function read(text: string): { readonly as: string | undefined; readonly routes: readonly string[] } {
  const [dialect] = recogniseRoutes(text);
  const parsed = dialect?.parse(text, 'paste');
  expect(parsed?.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  const own = parsed?.value.filter((r) => r.protocol !== 'kernel') ?? [];
  return { as: dialect?.name, routes: own.map(formatRoute) };
}

// Written after what these systems print, as the sources of their programs and their manuals have it; not captured here,
// apart from those of Linux, which test/route compares with the programs themselves.
describe('listings', () => {
  it('netstat -rn of macOS: abbreviated networks, neighbours, scoped routes', () => {
    const text = `Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.120.1      UGScg                 en0
default            link#19            UCSIg              utun4
10                 192.168.120.5      UGSc                  en0
10.67/16           192.168.120.254    UGSc                  en0
10.8/24            10.8.0.1           UGSc                utun4
127                127.0.0.1          UCS                   lo0
127.0.0.1          127.0.0.1          UH                    lo0
169.254            link#6             UCS                   en0      !
172.16/12          192.168.120.6      UGSc                  en0
192.168.120        link#6             UCS                   en0      !
192.168.120.1/32   link#6             UCS                   en0      !
192.168.120.1      a4:91:b1:2:3:4     UHLWIir               en0   1174
192.168.0/16       192.168.120.7      UGSc                  en0
1.2.3.4            127.0.0.1          UGHRS                 lo0
224.0.0/4          link#6             UmCS                  en0      !

Internet6:
Destination                             Gateway                         Flags               Netif Expire
default                                 fe80::1%en0                     UGcg                  en0
::1                                     ::1                             UHL                   lo0
fe80::%lo0/64                           fe80::1%lo0                     UcI                   lo0
2001:db8:67::/48                        fe80::1%en0                     UGSc                  en0
`;
    expect(read(text)).toEqual({
      as: 'macos',
      routes: [
        'default via 192.168.120.1 dev en0',
        '10.0.0.0/8 via 192.168.120.5 dev en0',
        '10.67.0.0/16 via 192.168.120.254 dev en0',
        '10.8.0.0/24 via 10.8.0.1 dev utun4',
        '172.16.0.0/12 via 192.168.120.6 dev en0',
        '192.168.0.0/16 via 192.168.120.7 dev en0',
        'unreachable 1.2.3.4',
        'default via fe80::1 dev en0 metric 1024',
        '2001:db8:67::/48 via fe80::1 dev en0 metric 1024',
      ],
    });
  });

  it('netstat -rn of FreeBSD: whole prefixes', () => {
    const text = `Routing tables

Internet:
Destination        Gateway            Flags     Netif Expire
default            203.0.113.1        UGS         em0
10.67.0.0/16       192.168.120.254    UGS         em1
127.0.0.1          link#3             UH          lo0
192.168.120.0/24   link#2             U           em1
192.168.120.1      link#2             UHS         lo0
`;
    expect(read(text)).toEqual({
      as: 'freebsd',
      routes: ['default via 203.0.113.1 dev em0', '10.67.0.0/16 via 192.168.120.254 dev em1'],
    });
  });

  it('netstat -rn of OpenBSD: columns for use, MTU and priority', () => {
    const text = `Routing tables

Internet:
Destination        Gateway            Flags   Refs      Use   Mtu  Prio Iface
default            203.0.113.1        UGS        5      103     -     8 vio0
224/4              127.0.0.1          URS        0        0 32768     8 lo0
10.67/16           192.168.120.254    UGS        0        0     -     8 vio1
127.0.0.1          127.0.0.1          UHhl       1        2 32768     1 lo0
192.168.120/24     192.168.120.1      UCn        1        0     -     4 vio1
192.168.120.254    52:54:00:12:34:56  UHLch      1        1     -     3 vio1
`;
    expect(read(text)).toEqual({
      as: 'openbsd',
      routes: [
        'default via 203.0.113.1 dev vio0',
        'unreachable 224.0.0.0/4',
        '10.67.0.0/16 via 192.168.120.254 dev vio1',
      ],
    });
  });

  it('route print of Windows, in English and in German', () => {
    const rows = (onLink: string): string => `
          0.0.0.0          0.0.0.0    192.168.120.1   192.168.120.23     25
        10.67.0.0      255.255.0.0  192.168.120.254   192.168.120.23     26
        127.0.0.0        255.0.0.0        ${onLink}         127.0.0.1    331
    192.168.120.0    255.255.255.0        ${onLink}    192.168.120.23    281
        224.0.0.0        240.0.0.0        ${onLink}         127.0.0.1    331
===========================================================================
`;
    const v6 = `IPv6 Route Table
===========================================================================
Active Routes:
 If Metric Network Destination      Gateway
 12    281 ::/0                     fe80::1
  1    331 ::1/128                  On-link
 12    281 2001:db8:67:aaaa:bbbb::/80
                                    fe80::1
 12    281 fe80::/64                On-link
`;
    const english = `Interface List
 12...00 15 5d 01 02 03 ......Ethernet
===========================================================================
IPv4 Route Table
===========================================================================
Active Routes:
Network Destination        Netmask          Gateway       Interface  Metric${rows('On-link')}
Persistent Routes:
  Network Address          Netmask  Gateway Address  Metric
        10.67.0.0      255.255.0.0  192.168.120.254       1
===========================================================================
${v6}`;
    const german = `IPv4-Routentabelle\n===\nAktive Routen:\n     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik${rows('Auf Verbindung')}`;
    const four = ['default via 192.168.120.1 metric 25', '10.67.0.0/16 via 192.168.120.254 metric 26'];
    const six = ['default via fe80::1 dev 12 metric 281', '2001:db8:67:aaaa:bbbb::/80 via fe80::1 dev 12 metric 281'];
    expect(read(english)).toEqual({ as: 'windows', routes: [...four, ...six] });
    expect(read(german)).toEqual({ as: 'windows', routes: four });
  });

  it('Get-NetRoute', () => {
    const text = `ifIndex DestinationPrefix                              NextHop                                  RouteMetric ifMetric PolicyStore
------- -----------------                              -------                                  ----------- -------- -----------
12      255.255.255.255/32                             0.0.0.0                                          256 25       ActiveStore
12      10.67.0.0/16                                   192.168.120.254                                   50 25       ActiveStore
12      0.0.0.0/0                                      192.168.120.1                                    256 25       ActiveStore
12      2001:db8:67::/48                               fe80::1                                          256 25       ActiveStore
`;
    expect(read(text)).toEqual({
      as: 'powershell',
      routes: ['10.67.0.0/16 via 192.168.120.254 dev 12 metric 50', 'default via 192.168.120.1 dev 12', '2001:db8:67::/48 via fe80::1 dev 12 metric 1024'], // prettier-ignore
    });
  });

  it('show ip route of IOS, with several next hops', () => {
    const text = `Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
Gateway of last resort is 203.0.113.1 to network 0.0.0.0

S*    0.0.0.0/0 [1/0] via 203.0.113.1
      10.0.0.0/8 is variably subnetted, 3 subnets, 3 masks
S        10.67.0.0/16 [1/0] via 192.168.120.254
                      [1/0] via 192.168.120.253
S        10.68.0.0/16 [200/0] via 192.168.120.9
S        10.69.0.0/16 is directly connected, Null0
      192.168.120.0/24 is variably subnetted, 2 subnets, 2 masks
C        192.168.120.0/24 is directly connected, GigabitEthernet0/1
L        192.168.120.1/32 is directly connected, GigabitEthernet0/1
`;
    expect(read(text)).toEqual({
      as: 'ios',
      routes: [
        'default via 203.0.113.1',
        '10.67.0.0/16 nexthop via 192.168.120.254 weight 1 nexthop via 192.168.120.253 weight 1',
        '10.68.0.0/16 via 192.168.120.9 metric 200',
        'unreachable 10.69.0.0/16',
      ],
    });
  });

  it('an export of RouterOS, with its broken lines', () => {
    const text = `# 2025-01-01 12:00:00 by RouterOS 7.16
/ip address
add address=192.168.120.1/24 interface=bridge network=192.168.120.0
/ip route
add comment="to the office" disabled=no distance=1 dst-address=10.67.0.0/16 gateway=\\
    192.168.120.254 routing-table=main scope=30 target-scope=10
add blackhole disabled=no dst-address=10.12.0.0/16 gateway="" routing-table=main
/ipv6 route
add dst-address=2001:db8:67::/48 gateway=fe80::1%ether1
/system clock
set time-zone-name=Europe/Berlin
`;
    expect(read(text)).toEqual({
      as: 'routeros',
      routes: ['10.67.0.0/16 via 192.168.120.254 metric 1', 'blackhole 10.12.0.0/16', '2001:db8:67::/48 via fe80::1 dev ether1 metric 1024'], // prettier-ignore
    });
  });
});

describe('commands that read otherwise than they look', () => {
  it.each([
    ['sudo route -n add -net 10 192.168.120.254', '10.0.0.0/8 via 192.168.120.254'],
    ['route add -net 10.67 192.168.120.254', '10.67.0.0/16 via 192.168.120.254'],
    ['route add -net 192.168.5 192.168.120.254', '192.168.5.0/24 via 192.168.120.254'],
    ['route add 10.67.0.0 192.168.120.254', '10.67.0.0 via 192.168.120.254'],
    ['route add 192.168.5.0 192.168.120.254', '192.168.5.0/24 via 192.168.120.254'],
    ['route add -net 010.67/16 192.168.120.254', '8.67.0.0/16 via 192.168.120.254'],
    ['route add -net 10.67.0.0 -netmask 255.255.0.0 192.168.120.254', '10.67.0.0/16 via 192.168.120.254'],
    ['route add -net 10.67.0.0 192.168.120.254 255.255.0.0', '10.67.0.0/16 via 192.168.120.254'],
    ['route add -net 10.67.0.0 netmask 255.255.0.0 gw 192.168.120.254', '10.67.0.0/16 via 192.168.120.254'],
    ['route add 10.68.0.0 gw 192.168.120.254', '10.68.0.0 via 192.168.120.254'],
    ['route add -host 1.2.3.4/32 reject', 'unreachable 1.2.3.4'],
    ['route ADD 10.1.2.3 192.168.120.254 METRIC 5', '10.1.2.3 via 192.168.120.254 metric 5'],
    ['route add 10.67.0.0 mask 255.255.0.0 192.168.120.254', '10.67.0.0/16 via 192.168.120.254'],
  ])('%s', (text, expected) => {
    expect(read(text).routes).toEqual([expected]);
  });

  it.each([
    ['route add 10.67 192.168.120.254', 'address-short', 11],
    ['route add -net 10.67.0.0 gw 192.168.120.254', 'prefix-host-bits', 16],
    ['route add 10.67.0.0/16 gw 192.168.120.254', 'value-invalid', 11],
    ['route ADD 10.67.0.1 MASK 255.255.0.0 192.168.120.254', 'prefix-host-bits', 11],
    ['ip route 10.67.0.1 255.255.0.0 192.168.120.254', 'prefix-host-bits', 10],
    ['ip route add 10.67.0.1/16 via 192.168.120.254', 'prefix-host-bits', 14],
    ['10:0a:43:c0:a8', 'input-cut-off', 1],
  ])('%s is wrong: %s', (text, code, column) => {
    const { value, diagnostics } = recogniseRoutes(text)[0]!.parse(text, 'x');
    expect(value).toEqual([]);
    expect(diagnostics.map((d) => [d.code, d.span?.column])).toEqual([[code, column]]);
  });
});
