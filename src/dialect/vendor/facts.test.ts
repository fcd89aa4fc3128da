import { describe, expect, it } from 'vitest';
import { formatAddress } from '../../ip/index.ts';
import { formatRoute } from '../iproute2/index.ts';
import { recogniseFacts } from '../facts-languages.ts';

const read = (text: string) => {
  const { value, diagnostics } = recogniseFacts(text)!.parse(text, 'paste');
  return {
    system: value.system,
    table: value.table,
    interfaces: value.interfaces.map((i) => `${i.name}${i.up ? '' : ' down'} ${i.addresses.map((a) => `${formatAddress(a.address)}/${a.length}`).join(' ')}`.trim()), // prettier-ignore
    routes: value.routes.map(formatRoute),
    settings: Object.fromEntries([...value.settings].map(([key, s]) => [key, s.value])),
    filter: value.filter?.line,
    said: diagnostics.map((d) => `${d.severity} ${d.code} ${d.span?.line}`),
  };
};

describe('a configuration of IOS', () => {
  it('tells what of it is not followed', () => {
    const text = `hostname gw
interface GigabitEthernet0/0
 ip address dhcp
 ip nat outside
interface GigabitEthernet0/1
 ip address 10.5.5.1 255.255.255.0
 ipv6 address 2001:db8:5::1/64
 ip nat inside
interface GigabitEthernet0/2
 vrf forwarding guests
 ip address 10.6.6.1 255.0.255.0
interface GigabitEthernet0/3
 ip address 10.7.7.1
router ospf 1
no ip routing
ipv6 unicast-routing
ip route 10.8.0.0 255.255.255.0 Null0
ip route vrf guests 10.9.0.0 255.255.255.0 10.5.5.9
`;
    expect(read(text)).toEqual({
      system: 'ios',
      table: 'configured',
      interfaces: [
        'GigabitEthernet0/0',
        'GigabitEthernet0/1 10.5.5.1/24 2001:db8:5::1/64',
        'GigabitEthernet0/2',
        'GigabitEthernet0/3',
      ],
      routes: ['unreachable 10.8.0.0/24'],
      settings: { 'ipv4/ip_forward': '0', 'ipv6/conf/all/forwarding': '1' },
      filter: 4,
      said: [
        'warning line-not-modelled 4',
        'warning line-not-modelled 10',
        'error prefix-invalid 11',
        'error input-cut-off 13',
        'warning line-limited 3',
        'warning line-limited 14',
        'warning line-not-modelled 18',
      ],
    });
  });

  it('counts no route twice when the table is there too', () => {
    const text = `interface GigabitEthernet0/1
 ip address dhcp
ip route 0.0.0.0 0.0.0.0 203.0.113.254
gw#show ip route
Gateway of last resort is 203.0.113.254 to network 0.0.0.0

S*    0.0.0.0/0 [1/0] via 203.0.113.254
C        203.0.113.0/24 is directly connected, GigabitEthernet0/1
L        203.0.113.77/32 is directly connected, GigabitEthernet0/1
`;
    expect(read(text)).toMatchObject({
      table: 'whole',
      interfaces: ['GigabitEthernet0/1 203.0.113.77/24'],
      routes: ['default via 203.0.113.254', expect.any(String), expect.any(String)],
      said: [],
    });
  });
});

describe('an export of RouterOS', () => {
  it('tells what of it is not followed', () => {
    const text = `/ip address
add address=10.5.5.1/24 interface=bridge
add address=10.6.6.300/24 interface=bridge
add address=10.7.7.1/24
/ip dhcp-client
add interface=ether1
/ip firewall filter
add action=drop chain=forward connection-state=invalid
/ip firewall nat
add action=masquerade chain=srcnat out-interface=ether1
/ip settings set ip-forward=no
/ip/route/add dst-address=10.8.0.0/24 gateway=10.5.5.5 routing-table=guests
what is this
`;
    expect(read(text)).toEqual({
      system: 'routeros',
      table: 'configured',
      interfaces: ['bridge 10.5.5.1/24'],
      routes: [],
      settings: { 'ipv4/ip_forward': '0' },
      filter: 8,
      said: [
        'error address-invalid 3',
        'error key-missing 4',
        'warning line-not-modelled 8',
        'warning line-unknown 13',
        'warning line-limited 6',
        'error line-not-modelled 12',
      ],
    });
  });
});

describe('a configuration of VyOS', () => {
  it('tells what of it is not followed, in braces and as commands', () => {
    const braces = `firewall {
    ipv4 {
        forward {
            filter {
                default-action drop
            }
        }
    }
}
interfaces {
    bridge br0 {
        address 10.5.5.1/24
        member {
            interface eth1 {
            }
        }
    }
    ethernet eth0 {
        address dhcp
        disable
        ip {
            source-validation strict
        }
    }
}
system {
    ip {
        disable-forwarding
    }
}
`;
    const commands = `set firewall ipv4 forward filter default-action 'drop'
set interfaces bridge br0 address '10.5.5.1/24'
set interfaces bridge br0 member interface eth1
set interfaces ethernet eth0 address 'dhcp'
set interfaces ethernet eth0 disable
set interfaces ethernet eth0 ip source-validation 'strict'
set system ip disable-forwarding
`;
    const same = {
      system: 'vyos',
      interfaces: ['br0 10.5.5.1/24', 'eth1', 'eth0 down'],
      settings: { 'ipv4/conf/eth0/rp_filter': '1', 'ipv4/ip_forward': '0' },
    };
    expect(read(braces)).toMatchObject({ ...same, filter: 5, said: ['warning line-not-modelled 5', 'warning line-limited 19'] }); // prettier-ignore
    expect(read(commands)).toMatchObject({ ...same, filter: 1, said: ['warning line-not-modelled 1', 'warning line-limited 4'] }); // prettier-ignore
  });

  it('leaves out of show ip route what is not in use', () => {
    const text = `S   10.8.0.0/24 [5/0] via 10.5.5.6, eth0, weight 1, 00:00:10
S>* 10.8.0.0/24 [1/0] via 10.5.5.5, eth0, weight 1, 00:00:10
C>* 10.5.5.0/24 is directly connected, eth0, 00:00:10
`;
    expect(read(text).routes).toEqual(['10.8.0.0/24 via 10.5.5.5 dev eth0', '10.5.5.0/24 dev eth0 proto kernel scope link']); // prettier-ignore
  });
});
