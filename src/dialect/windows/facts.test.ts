import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../ip/index.ts';
import { formatRoute } from '../iproute2/index.ts';
import { windowsFacts } from './facts.ts';

const read = (text: string) => {
  const { value, diagnostics } = windowsFacts.parse(text, 'paste');
  return {
    interfaces: value.interfaces.map((i) => `${i.name}: ${i.addresses.map((a) => `${formatAddress(a.address)}/${a.length}`).join(' ')}`), // prettier-ignore
    routes: value.routes.map(formatRoute),
    table: value.table,
    settings: Object.fromEntries([...value.settings].map(([key, s]) => [key, s.value])),
    said: diagnostics.map((d) => `${d.severity} ${d.code} ${d.span?.line}`),
  };
};

describe('facts of Windows', () => {
  it('takes own addresses from route print alone, in German too', () => {
    const text = `IPv4-Routentabelle
===========================================================================
Aktive Routen:
     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik
          0.0.0.0          0.0.0.0    192.168.120.1   192.168.120.23     25
    192.168.120.0    255.255.255.0   Auf Verbindung    192.168.120.23    281
   192.168.120.23  255.255.255.255   Auf Verbindung    192.168.120.23    281
  192.168.120.255  255.255.255.255   Auf Verbindung    192.168.120.23    281
===========================================================================
`;
    expect(read(text)).toEqual({
      interfaces: ['192.168.120.23: 192.168.120.23/24'],
      routes: [
        'default via 192.168.120.1 dev 192.168.120.23 metric 25',
        '192.168.120.0/24 dev 192.168.120.23 proto kernel scope link metric 281',
        '192.168.120.23 dev 192.168.120.23 proto kernel scope link metric 281',
        '192.168.120.255 dev 192.168.120.23 proto kernel scope link metric 281',
      ],
      table: 'whole',
      settings: {},
      said: [],
    });
  });

  it('reads ipconfig in German, and says what is cut off', () => {
    const text = `Windows-IP-Konfiguration

   IP-Routing aktiviert  . . . . . . : Nein

Ethernet-Adapter Ethernet:

   Verbindungslokale IPv6-Adresse  . : fe80::1%12(Bevorzugt)
   IPv4-Adresse  . . . . . . . . . . : 192.168.120.23(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.255.0
   Standardgateway . . . . . . . . . : 192.168.120.1

Drahtlos-LAN-Adapter WLAN:

   IPv4-Adresse  . . . . . . . . . . : 192.168.121.300(Bevorzugt)
   Subnetzmaske  . . . . . . . . . . : 255.255.255.0

Ethernet-Adapter Ethernet 3:

   IPv4-Adresse  . . . . . . . . . . : 192.168.122.3
`;
    expect(read(text)).toEqual({
      interfaces: ['Ethernet: fe80::1/64 192.168.120.23/24', 'WLAN: ', 'Ethernet 3: '],
      routes: [],
      table: 'none',
      settings: { 'ipv4/ip_forward': '0' },
      said: ['error address-invalid 14', 'error input-cut-off 19'],
    });
  });

  it('reads Get-NetIPAddress as a table too, and adds up the metrics of Get-NetRoute', () => {
    const text = `ifIndex IPAddress       PrefixLength PrefixOrigin SuffixOrigin AddressState PolicyStore
------- ---------       ------------ ------------ ------------ ------------ -----------
12      10.5.5.1                  24 Manual       Manual       Preferred    ActiveStore
14      10.6.6.1                  24 Manual       Manual       Preferred    ActiveStore

ifIndex DestinationPrefix   NextHop      RouteMetric ifMetric PolicyStore
------- -----------------   -------      ----------- -------- -----------
12      0.0.0.0/0           10.5.5.254             0 25       ActiveStore
14      0.0.0.0/0           10.6.6.254             0 75       ActiveStore
`;
    expect(read(text)).toMatchObject({
      interfaces: ['12: 10.5.5.1/24', '14: 10.6.6.1/24'],
      routes: ['default via 10.5.5.254 dev 12 metric 25', 'default via 10.6.6.254 dev 14 metric 75'],
      said: [],
    });
  });
});
