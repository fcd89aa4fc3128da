import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../../ip/index.ts';
import type { Interface, Route, Rule } from '../../model/index.ts';
import {
  parseAddresses,
  parseNeighbours,
  parseRouteListing,
  parseRoutes,
  parseRuleListing,
  parseRules,
} from './index.ts';

const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');
const bare = (things: readonly { fact: unknown }[]): unknown[] => things.map((thing) => ({ ...thing, fact: null }));
const routes = parseRoutes(golden('route-all.json'), 'ip -j -d route show table all');
const to = (destination: string): Route[] => routes.value.filter((r) => formatPrefix(r.prefix) === destination);

describe('ip -j route', () => {
  it("reads every route in the kernel's order, and says which one it cannot hold", () => {
    const listed = JSON.parse(golden('route-all.json')) as { dst: string }[];
    expect(routes.value).toHaveLength(listed.length - 1);
    expect(routes.diagnostics.map((d) => [d.code, d.severity])).toEqual([['line-not-modelled', 'warning']]);
    expect(routes.diagnostics[0]!.span!.text).toContain('from: fd00:5::/64');
  });

  it('means the same as what ip prints for people', () => {
    const details = parseRouteListing(golden('route-all-details.txt'), 'ip -d route show table all');
    expect(bare(details.value)).toEqual(bare(routes.value));
    const plain = [
      ...parseRouteListing(golden('route4.txt'), '4').value,
      ...parseRouteListing(golden('route6.txt'), '6').value,
    ];
    expect(bare(plain)).toEqual(bare(routes.value));
  });

  it('means the same with -N', () => {
    expect(bare(parseRoutes(golden('route-all-numeric.json'), 'ip -N').value)).toEqual(bare(routes.value));
  });

  it('quotes each route as ip prints it', () => {
    const lines = golden('route4.txt')
      .split('\n')
      .map((line) => line.trim());
    const plain = routes.value.filter((r) => r.prefix.address.family === 4 && r.nexthops.length < 2);
    const said = /(10\.79|10\.68|10\.75|10\.78|10\.80)\.0\.0/; // realm, lock, isis, advmss, nhid
    const quoted = plain.map((r) => r.fact.text).filter((text) => !said.test(text));
    expect(quoted.length).toBeGreaterThan(25);
    expect(quoted.filter((text) => !lines.includes(text))).toEqual([]);
  });

  it('holds what makes a route special', () => {
    expect(to('10.68.0.0/16')[0]).toMatchObject({
      mtu: 1400,
      protocol: 'static',
      nexthops: [{ dev: 'eth0', weight: 1 }],
    });
    expect(formatAddress(to('10.68.0.0/16')[0]!.source!)).toBe('10.5.5.6');
    expect(to('10.73.0.0/16')[0]).toMatchObject({ tos: 16 });
    expect(to('10.74.0.0/16')[0]!.nexthops.map((h) => [formatAddress(h.via!), h.weight, h.onlink])).toEqual([
      ['10.5.5.1', 1, false],
      ['10.5.5.2', 3, true],
    ]);
    expect(to('10.75.0.0/16')[0]).toMatchObject({ protocol: '187', nexthops: [{ onlink: true }] });
    expect(formatAddress(to('10.76.0.0/16')[0]!.nexthops[0]!.via!)).toBe('fd00:5::1');
    expect(to('10.79.0.0/16')[0]).toMatchObject({ table: 100000, scope: 'link' });
    expect(to('10.57.0.0/16')[0]!.nexthops.map((h) => h.linkdown)).toEqual([true, false]);
    expect(to('10.8.0.2/32')[0]).toMatchObject({ scope: 'link', nexthops: [{ dev: 'tun0', linkdown: true }] });
    expect(to('::/0')).toHaveLength(2);
  });

  it('gives routes that refuse packets no next hop, in both families', () => {
    const refusing = routes.value.filter((r) => ['unreachable', 'prohibit', 'blackhole', 'throw'].includes(r.type));
    expect(refusing).toHaveLength(8);
    expect(refusing.flatMap((r) => r.nexthops)).toEqual([]);
    expect(to('2001:db8:69::/48')[0]!.fact.text).toBe('unreachable 2001:db8:69::/48 dev lo metric 1024');
  });

  it('keeps the routes of a table known by name only together', () => {
    const read = parseRoutes('[{"dst":"10.0.0.0/8","dev":"eth0","table":"vpn"}]', 'x');
    const rule = parseRules('[{"priority":5,"src":"all","table":"vpn"}]', 'x', 4).value[0]!;
    expect(read.diagnostics.map((d) => d.code)).toEqual(['name-unknown']);
    expect(rule.action).toEqual({ kind: 'table', table: read.value[0]!.table });
    expect(read.value[0]!.table).toBeGreaterThanOrEqual(0x80000000);
  });

  it('takes an empty output for an empty list, and says where JSON goes wrong', () => {
    for (const text of ['', '\n', '[]', '[ ]', '[{},{}]'])
      expect(parseRoutes(text, 'x')).toEqual({ value: [], diagnostics: [] });
    expect(parseRoutes('default via 10.0.0.1 dev eth0', 'x').diagnostics[0]!.code).toBe('json-invalid');
    const cut = parseRoutes('[{"dst":"default"},\n{"dst":"10.', 'ip -j route').diagnostics[0]!;
    expect([cut.code, cut.span!.line, cut.span!.column]).toEqual(['input-cut-off', 2, 12]);
  });
});

describe('ip -j rule', () => {
  const rules = parseRules(golden('rule4.json'), 'ip -j -d rule show', 4);
  const at = (priority: number): Rule => rules.value.find((r) => r.priority === priority)!;

  it('means the same as what ip prints for people', () => {
    const listed = parseRuleListing(golden('rule4.txt'), 'ip rule', 4);
    expect(bare(listed.value)).toEqual(bare(rules.value));
    const rules6 = parseRules(golden('rule6.json'), 'ip -j -6 rule show', 6);
    expect(bare(parseRuleListing(golden('rule6.txt'), 'ip -6 rule', 6).value)).toEqual(bare(rules6.value));
    expect(rules6.value.map((r) => r.family)).toEqual([6, 6, 6, 6, 6]);
  });

  it('reads all selectors and actions', () => {
    expect(at(101).mark).toEqual({ value: 1, mask: 0xff });
    expect(at(102)).toMatchObject({
      not: true,
      mark: { value: 51820, mask: 0xffffffff },
      action: { kind: 'table', table: 51820 },
    });
    expect(at(103).action).toEqual({ kind: 'table', table: 254, suppressPrefixLength: 0 });
    expect(at(104)).toMatchObject({ iif: 'eth0', oif: 'tun0', tos: 16, action: { kind: 'prohibit' } });
    expect(formatPrefix(at(104).to!)).toBe('10.9.9.9/32');
    expect(at(105)).toMatchObject({
      protocol: 6,
      sport: { from: 1000, to: 2000 },
      dport: { from: 22, to: 22 },
      uid: { from: 0, to: 1000 },
      action: { kind: 'unreachable' },
    });
    expect(at(107).action).toEqual({ kind: 'goto', priority: 200 });
    expect(at(200).action).toEqual({ kind: 'nop' });
  });

  it('names the selectors it does not know', () => {
    expect(rules.value.filter((r) => r.unmodelled !== undefined).map((r) => r.unmodelled)).toEqual([
      'suppress_ifgroup 3',
      'l3mdev',
      'tun_id 5',
    ]);
    expect(rules.diagnostics.map((d) => d.code)).toEqual(['line-limited', 'line-limited', 'line-limited']);
    const future = parseRules('[{"priority":9,"src":"all","flavour":"x","table":"main"}]', 'x', 4).value[0]!;
    expect(future.unmodelled).toBe('flavour x');
  });
});

describe('ip -j addr', () => {
  const { value, diagnostics } = parseAddresses(golden('addr.json'), 'ip -j -d addr show');
  const named = (name: string): Interface => value.find((i) => i.name === name)!;

  it('reads kinds, states and both ends of a veth', () => {
    expect(diagnostics).toEqual([]);
    expect(value.map((i) => [i.name, i.index, i.kind, i.up, i.carrier])).toEqual([
      ['lo', 1, 'loopback', true, true],
      ['eth0', 2, 'ethernet', true, true],
      ['br0', 3, 'bridge', true, true],
      ['tun0', 4, 'tun', true, false],
      ['tap0', 5, 'ethernet', false, false],
      ['v2', 6, 'ethernet', false, false],
      ['v1', 7, 'ethernet', true, false],
    ]);
    expect(named('eth0')).toMatchObject({ mtu: 1450, mac: '32:38:4c:05:43:00', peer: { index: 2, namespace: '0' } });
    expect(named('v1').peer).toEqual({ index: 6 });
    expect(named('lo').mac).toBeUndefined();
  });

  it('reads addresses', () => {
    const eth0 = named('eth0').addresses;
    expect(eth0.map((a) => a.fact.text)).toEqual([
      'inet 10.5.5.5/24 scope global eth0',
      'inet 10.5.5.6/24 scope global secondary eth0',
      'inet6 fd00:5::6/64 scope global deprecated eth0',
      'inet6 fd00:5::5/64 scope global eth0',
      'inet6 fe80::3038:4cff:fe05:4300/64 scope link eth0',
    ]);
    expect(eth0.map((a) => [a.secondary, a.deprecated])).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [false, false],
      [false, false],
    ]);
    const tun = named('tun0').addresses[0]!;
    expect([formatAddress(tun.address), formatAddress(tun.peer!), tun.length]).toEqual(['10.8.0.1', '10.8.0.2', 32]);
  });

  it('does without -d', () => {
    const plain = parseAddresses(golden('addr-plain.json'), 'ip -j addr').value;
    expect(plain.map((i) => i.kind)).toEqual([
      'loopback',
      'ethernet',
      'ethernet',
      'tun',
      'ethernet',
      'ethernet',
      'ethernet',
    ]);
    expect(plain.map((i) => i.addresses.length)).toEqual(value.map((i) => i.addresses.length));
  });

  it('tells ports of a bridge, VLANs, WireGuard, VRF ports and failed addresses apart', () => {
    const text = JSON.stringify([
      {
        ifname: 'p1',
        flags: ['UP'],
        link_type: 'ether',
        master: 'br0',
        linkinfo: { info_kind: 'veth', info_slave_kind: 'bridge' },
      },
      { ifname: 'e1', flags: [], link_type: 'ether', master: 'red', linkinfo: { info_slave_kind: 'vrf' } },
      {
        ifname: 'eth0.5',
        link_index: 3,
        link_netnsid: 1,
        flags: [],
        link_type: 'ether',
        linkinfo: { info_kind: 'vlan' },
      },
      { ifname: 'wg0', flags: ['POINTOPOINT'], link_type: 'none', linkinfo: { info_kind: 'wireguard' } },
      { ifname: 'ov0', flags: [], link_type: 'none', linkinfo: { info_kind: 'ovpn-dco' } },
      { ifname: 'x', flags: [], link_type: 'ether', addr_info: [{ local: 'fd00::1', prefixlen: 64, dadfailed: true }] },
    ]);
    const read = parseAddresses(text, 'x');
    expect(read.value.map((i) => [i.kind, i.master, i.peer])).toEqual([
      ['ethernet', 'br0', undefined],
      ['ethernet', undefined, undefined],
      ['ethernet', undefined, undefined],
      ['wireguard', undefined, undefined],
      ['tun', undefined, undefined],
      ['ethernet', undefined, undefined],
    ]);
    expect(read.value[5]!.addresses).toEqual([]);
    expect(read.diagnostics.map((d) => d.code)).toEqual(['line-not-modelled', 'line-limited']);
  });
});

describe('ip -j neigh', () => {
  it('reads addresses, states and MACs', () => {
    const read = parseNeighbours(golden('neigh.json'), 'ip -j neigh show');
    expect(read.diagnostics).toEqual([]);
    expect(read.value.map((n) => [formatAddress(n.address), n.state, n.mac !== undefined])).toEqual([
      ['10.5.5.79', 'stale', true],
      ['10.5.5.78', 'failed', false],
      ['10.5.5.200', 'incomplete', false],
      ['10.5.5.77', 'permanent', true],
      ['10.5.5.1', 'reachable', true],
      ['fd00:5::77', 'reachable', true],
    ]);
    expect(read.value[3]!.fact.text).toBe('10.5.5.77 dev eth0 lladdr 02:00:00:00:00:77 PERMANENT');
  });
});
