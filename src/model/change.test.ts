import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../ip/index.ts';
import { loadText } from '../facts/index.ts';
import { applyChanges, proposed, type Change } from './change.ts';
import type { Host } from './host.ts';
import type { Network } from './network.ts';
import type { FilterRule } from './ruleset.ts';

const TEXT = `
networks: { office: 10.5.5.0/24, internet: internet }
hosts:
  server:
    on: { office: 10.5.5.5 }
    forwards: false
    iptables: |
      *filter
      :INPUT ACCEPT [0:0]
      :FORWARD DROP [0:0]
      :OUTPUT ACCEPT [0:0]
      -A FORWARD -i a -j DROP
      -A FORWARD -i b -j DROP
      COMMIT
    openvpn: { config: "dev tun\\ntopology subnet\\nserver 10.8.0.0 255.255.255.0\\nclient-config-dir ccd\\npush \\"route 192.168.9.0 255.255.255.0\\"\\n", ccd: { site: "ifconfig-push 10.8.0.9 255.255.255.0\\n" } }
  site: { on: { internet: 198.51.100.9 }, openvpn: "client\\ndev tun\\nremote 203.0.113.1\\n" }
  other: { on: { internet: 198.51.100.10 }, openvpn: "client\\ndev tun\\nremote 203.0.113.1\\n" }
`;

const network: Network = loadText(TEXT, 'network.yaml', { read: () => null, list: () => [] }).value;
const after = (...changes: Change[]): Host => applyChanges(network, changes).hosts.get('server')!;
const set = (key: string, value: string): Change => ({ kind: 'set', host: 'server', key, value });
const values = (host: Host, ...keys: string[]): string[] => keys.map((k) => host.settings.get(k)?.value ?? '?');

// what a kernel 6.18 did when the same was written with sysctl
describe('set', () => {
  it('turns forwarding on everywhere, and belief in redirects off', () => {
    const keys = [
      'ipv4/ip_forward',
      'ipv4/conf/all/forwarding',
      'ipv4/conf/eth0/forwarding',
      'ipv4/conf/lo/forwarding',
      'ipv4/conf/all/accept_redirects',
      'ipv6/conf/all/forwarding',
    ];
    expect(values(after(set('ipv4/ip_forward', '1')), ...keys)).toEqual(['1', '1', '1', '1', '0', '0']);
    expect(values(after(set('ipv4/conf/all/forwarding', '1')), ...keys)).toEqual(['1', '1', '1', '1', '0', '0']);
    expect(values(after(set('ipv4/ip_forward', '1'), set('ipv4/ip_forward', '0')), ...keys)).toEqual([
      '0',
      '0',
      '0',
      '0',
      '1',
      '0',
    ]);
  });

  it('leaves an IPv4 interface alone when the switch was on already, but no IPv6 one', () => {
    const four = after(set('ipv4/ip_forward', '1'), set('ipv4/conf/eth0/forwarding', '0'), set('ipv4/ip_forward', '1'));
    expect(values(four, 'ipv4/conf/eth0/forwarding', 'ipv4/conf/tun0/forwarding')).toEqual(['0', '1']);
    const six = after(
      set('ipv6/conf/all/forwarding', '1'),
      set('ipv6/conf/eth0/forwarding', '0'),
      set('ipv6/conf/all/forwarding', '1'),
    );
    expect(values(six, 'ipv6/conf/eth0/forwarding')).toEqual(['1']);
  });

  it('makes an IPv6 router forget the default route that others advertised, unless it keeps listening', () => {
    const server = network.hosts.get('server')!;
    const advertised = {
      ...server.routes[0]!,
      prefix: { address: { family: 6, w0: 0, w1: 0, w2: 0, w3: 0 } as const, length: 0 },
      protocol: 'ra',
      nexthops: [{ dev: 'eth0', weight: 1, onlink: false, dead: false, linkdown: false }],
    };
    const withRa: Network = {
      ...network,
      hosts: new Map(network.hosts).set('server', { ...server, routes: [...server.routes, advertised] }),
    };
    const has = (...changes: Change[]): boolean =>
      applyChanges(withRa, changes).hosts.get('server')!.routes.includes(advertised);
    expect(has()).toBe(true);
    expect(has(set('ipv6/conf/all/forwarding', '1'))).toBe(false);
    expect(has(set('ipv4/ip_forward', '1'))).toBe(true);
    expect(has(set('ipv6/conf/eth0/accept_ra', '2'), set('ipv6/conf/all/forwarding', '1'))).toBe(true);
  });
});

describe('add-rule', () => {
  const rule: FilterRule = { statements: [{ kind: 'verdict', verdict: { kind: 'accept' } }], fact: proposed('accept') };
  const at = (index: number): string[] => {
    const place = { family: 'ip', table: 'filter', chain: 'FORWARD', index } as const;
    const host = after({ kind: 'add-rule', host: 'server', place, rule });
    return host.ruleset.tables[0]!.chains.get('FORWARD')!.rules.map((r) => r.fact.text);
  };

  it('puts the rule before the one at its place, or last', () => {
    const [first, second] = ['-A FORWARD -i a -j DROP', '-A FORWARD -i b -j DROP'];
    expect(at(0)).toEqual(['accept', first, second]);
    expect(at(1)).toEqual([first, 'accept', second]);
    expect(at(2)).toEqual([first, second, 'accept']);
  });
});

describe('add-iroute, add-route, remove-route', () => {
  it('tells the tunnel, once', () => {
    const prefix = network.links.get('office')!.prefixes[0]!;
    const change: Change = {
      kind: 'add-iroute',
      host: 'server',
      tunnel: network.tunnels[0]!.name,
      commonName: 'site',
      prefix,
    };
    const changed = applyChanges(network, [change, change]);
    expect(changed.tunnels[0]!.clients.find((c) => c.commonName === 'site')!.iroutes.map((r) => r.prefix)).toEqual([
      prefix,
    ]);
    expect(network.tunnels[0]!.clients.flatMap((c) => c.iroutes)).toEqual([]);
  });

  it('no longer pushes a client what lies behind it, and leaves the others theirs', () => {
    const { tunnels, hosts } = network;
    const isPushed = (r: Host['routes'][number]): boolean => formatPrefix(r.prefix) === '192.168.9.0/24';
    const pushed = hosts.get('site')!.routes.find(isPushed)!;
    const change: Change = { kind: 'add-iroute', host: 'server', tunnel: tunnels[0]!.name, commonName: 'site', prefix: pushed.prefix }; // prettier-ignore
    const changed = applyChanges(network, [change]);
    expect(changed.hosts.get('site')!.routes).toEqual(hosts.get('site')!.routes.filter((r) => r !== pushed));
    expect(changed.hosts.get('other')!.routes.filter(isPushed)).toHaveLength(1);
  });

  it('puts a route in front, and takes that very route away', () => {
    const route = { ...network.hosts.get('server')!.routes[0]!, fact: proposed('again') };
    const add: Change = { kind: 'add-route', host: 'server', route, by: 'push' };
    expect(after(add).routes[0]).toBe(route);
    expect(after(add, { kind: 'remove-route', host: 'server', route }).routes).toEqual(
      network.hosts.get('server')!.routes,
    );
  });

  it('throws for a host that is not there', () => {
    expect(() => applyChanges(network, [{ ...set('a', '1'), host: 'nobody' }])).toThrow('nobody');
  });
});
