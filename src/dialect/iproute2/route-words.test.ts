import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrefix, ipv4, ipv6, prefixOf, type Address, type Family } from '../../ip/index.ts';
import type { NextHop, Route, RouteType } from '../../model/index.ts';
import { formatRoute, parseRouteListing, parseRouteWords, routeAddCommand, routeDelCommand } from './index.ts';

const place = { source: 'net.yaml', line: 7 };
const read = (words: string): Route => {
  const { value, diagnostics } = parseRouteWords(words, place);
  if (!value) throw new Error(JSON.stringify(diagnostics));
  return value;
};
const faults = (words: string): unknown[][] =>
  parseRouteWords(words, place).diagnostics.map((d) => [d.code, d.span!.column, d.span!.length]);

const word = fc.integer({ min: 0, max: 0xffffffff });
const address = (family: Family): fc.Arbitrary<Address> =>
  family === 4 ? word.map(ipv4) : fc.tuple(word, word, word, word).map((w) => ipv6(...w));
const dev = fc.constantFrom('eth0', 'tun0', 'br-lan', 'eth0.100', 'wg_1', 'via', 'weight');
const flag = fc.boolean();

function hop(family: Family, weight: fc.Arbitrary<number>): fc.Arbitrary<NextHop> {
  const via = fc.oneof(address(family), family === 4 ? address(6) : address(6));
  const base = { weight, onlink: flag, dead: flag, linkdown: flag };
  return fc.oneof(fc.record({ via, dev, ...base }), fc.record({ via, ...base }), fc.record({ dev, ...base }));
}

const types: RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'multicast',
  'anycast',
  'unreachable',
  'prohibit',
  'blackhole',
  'throw',
];
const route: fc.Arbitrary<Route> = fc
  .tuple(fc.constantFrom<Family>(4, 6), fc.constantFrom(...types))
  .chain(([family, type]) => {
    const reject = types.indexOf(type) >= 5;
    const one = hop(family, fc.constant(1)).map((h) => [h]);
    const many = fc.array(hop(family, fc.integer({ min: 1, max: 256 })), { minLength: 2, maxLength: 4 });
    return fc.record(
      {
        prefix: fc
          .tuple(address(family), fc.integer({ min: 0, max: family === 4 ? 32 : 128 }))
          .map(([a, n]) => prefixOf(a, n)),
        type: fc.constant(type),
        table: fc.oneof(fc.constantFrom(253, 254, 255), word),
        metric: fc.oneof(fc.constantFrom(0, 1024), word),
        tos: fc.integer({ min: 0, max: 255 }),
        scope: fc.constantFrom<Route['scope']>('global', 'site', 'link', 'host', 'nowhere'),
        protocol: fc.constantFrom('boot', 'kernel', 'static', 'dhcp', 'ra', '187', '250'),
        source: address(family),
        nexthops: reject ? fc.constant([]) : fc.oneof(one, many),
        mtu: fc.integer({ min: 68, max: 65535 }),
        fact: fc.constant({ source: 'x', line: 1, text: '' }),
      },
      { requiredKeys: ['prefix', 'type', 'table', 'metric', 'tos', 'scope', 'protocol', 'nexthops', 'fact'] },
    );
  });
const bare = (r: Route): unknown => ({ ...r, fact: null });

describe('formatRoute', () => {
  it('is read back as the same route', () => {
    fc.assert(
      fc.property(route, (r) => {
        expect(bare(read(formatRoute(r)))).toEqual(bare(r));
      }),
      { numRuns: 2000 },
    );
  });

  it('is one line of a listing that says the same, where the listing can', () => {
    const plain = route.filter((r) => r.scope !== 'global' && r.table !== 254);
    fc.assert(
      fc.property(plain, (r) => {
        expect(parseRouteListing(formatRoute(r), 'x').value.map(bare)).toEqual([bare(r)]);
      }),
    );
  });

  it('adds, as a command, the same route without its states', () => {
    const alive = (r: Route): unknown => ({
      ...r,
      fact: null,
      nexthops: r.nexthops.map((h) => ({ ...h, dead: false, linkdown: false })),
    });
    fc.assert(
      fc.property(route, (r) => {
        expect(bare(read(routeAddCommand(r).join(' ')))).toEqual(alive(r));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('commands', () => {
  it('say no more than they must', () => {
    expect(routeAddCommand(read('10.8.0.0/24 via 10.5.5.5'))).toEqual([
      'ip',
      'route',
      'add',
      '10.8.0.0/24',
      'via',
      '10.5.5.5',
    ]);
    expect(routeAddCommand(read('2001:db8::/32 via fe80::1 dev eth0')).join(' ')).toBe(
      'ip -6 route add 2001:db8::/32 via fe80::1 dev eth0',
    );
    expect(routeAddCommand(read('unreachable 10.9.0.0/16')).join(' ')).toBe('ip route add unreachable 10.9.0.0/16');
    expect(routeAddCommand(read('10.8.0.0/24 dev tun0')).join(' ')).toBe('ip route add 10.8.0.0/24 dev tun0');
  });

  it('take away the very route', () => {
    expect(routeDelCommand(read('10.8.0.0/24 via 10.5.5.5 dev eth0 metric 50 table 100 proto 187')).join(' ')).toBe(
      'ip route del 10.8.0.0/24 via 10.5.5.5 dev eth0 table 100 proto 187 metric 50',
    );
    expect(routeDelCommand(read('default via fe80::1 dev eth0')).join(' ')).toBe(
      'ip -6 route del default via fe80::1 dev eth0 proto boot metric 1024',
    );
  });
});

describe('parseRouteWords', () => {
  it('fills in what ip route add fills in', () => {
    expect(read('10.8.0.0/24 dev tun0')).toMatchObject({ scope: 'link', table: 254, metric: 0, protocol: 'boot' });
    expect(read('10.8.0.0/24 via 10.5.5.5')).toMatchObject({ scope: 'global' });
    expect(read('local 10.9.0.0/16 dev lo')).toMatchObject({ scope: 'host', table: 255 });
    expect(read('multicast 239.0.0.0/8 dev eth0')).toMatchObject({ scope: 'link', table: 254 });
    expect(read('2001:db8::/32 dev tun0')).toMatchObject({ scope: 'global', metric: 1024 });
  });

  it('reads hosts, defaults and whole commands', () => {
    expect(formatPrefix(read('10.1.2.3 via 10.5.5.5').prefix)).toBe('10.1.2.3/32');
    expect(formatPrefix(read('default via 10.5.5.1').prefix)).toBe('0.0.0.0/0');
    expect(formatPrefix(read('default via fe80::1 dev eth0').prefix)).toBe('::/0');
    expect(formatPrefix(read('ip -6 route add default dev tun0').prefix)).toBe('::/0');
    expect(formatPrefix(read('default via inet6 fe80::1 dev eth0').prefix)).toBe('0.0.0.0/0');
    const plain = bare(read('10.8.0.0/24 via 10.5.5.5 dev eth0'));
    for (const command of [
      'sudo ip route add',
      'ip ro a',
      'ip -4 r replace',
      'ip -f inet route append',
      '/sbin/ip route add to',
    ]) {
      expect(bare(read(`${command} 10.8.0.0/24 via 10.5.5.5 dev eth0`))).toEqual(plain);
    }
    expect(read('10.8.0.0/24 via 10.5.5.5 dsfield 10 mtu lock 1400 realm 5 advmss 1200 pervasive')).toMatchObject({
      tos: 16,
      mtu: 1400,
    });
  });

  it('says where it stands', () => {
    expect(read('  10.8.0.0/24   via 10.5.5.5 ').fact).toEqual({
      source: 'net.yaml',
      line: 7,
      text: '10.8.0.0/24   via 10.5.5.5',
    });
    const inside = parseRouteWords('10.8.0.0/24 via nowhere', {
      source: 'f',
      line: 2,
      column: 9,
      lineText: 'routes: [10.8.0.0/24 via nowhere]',
    });
    expect(inside.diagnostics.map((d) => d.span)).toEqual([
      { source: 'f', line: 2, column: 25, length: 7, text: 'routes: [10.8.0.0/24 via nowhere]' },
    ]);
  });

  it.each<[string, unknown[][]]>([
    ['', [['key-missing', 1, 1]]],
    ['10.8.0.0/24', [['key-missing', 1, 11]]],
    ['10.8.0.1/24 via 10.5.5.5', [['prefix-host-bits', 1, 11]]],
    ['10.8.0.0/24 via', [['value-invalid', 13, 3]]],
    ['10.8.0.0/24 va 10.5.5.5', [['key-unknown', 13, 2]]],
    [
      '10.8.0.0/33 via 10.5.5 metric x',
      [
        ['prefix-invalid', 1, 11],
        ['address-short', 17, 6],
        ['value-invalid', 31, 1],
      ],
    ],
    ['10.69/16 via 10.5.5.5', [['address-short', 1, 8]]],
    ['10.8.0.0/24 via fe80::1', [['value-invalid', 17, 7]]],
    ['2001:db8::/32 via 10.5.5.5', [['value-invalid', 19, 8]]],
    ['10.8.0.0/24 dev eth0 src fd00::1', [['value-invalid', 26, 7]]],
    ['ip -6 route add 10.8.0.0/24 dev eth0', [['value-invalid', 1, 36]]],
    ['blackhole 10.8.0.0/24 via 10.5.5.5', [['value-invalid', 27, 8]]],
    ['10.8.0.0/24 via 10.5.5.5 nexthop via 10.5.5.6', [['value-invalid', 1, 45]]],
    ['10.8.0.0/24 nexthop via 10.5.5.5 weight 0', [['value-invalid', 41, 1]]],
    ['10.8.0.0/24 via 10.5.5.5 table vpn', [['name-unknown', 32, 3]]],
    ['10.8.0.0/24 via 10.5.5.5 tos 1ff', [['value-invalid', 30, 3]]],
    ['10.8.0.0/24 dev a/b', [['value-invalid', 17, 3]]],
    ['10.8.0.0/24 from 10.1.0.0/16 via 10.5.5.5', [['line-not-modelled', 13, 4]]],
    ['ip route del 10.8.0.0/24 via 10.5.5.5', [['line-not-modelled', 10, 3]]],
    ['route add -net 10.0.0.0/8 gw 10.5.5.5', [['address-invalid', 1, 5]]],
    [
      'sudo route add 10.0.0.0/8',
      [
        ['key-unknown', 1, 25],
        ['address-invalid', 6, 5],
      ],
    ],
  ])('%s', (words, expected) => {
    expect(parseRouteWords(words, place).value).toBeNull();
    expect(faults(words)).toEqual(expected);
  });

  it('says what would be right', () => {
    const hint = (words: string): string | undefined => parseRouteWords(words, place).diagnostics[0]!.hint;
    expect(hint('10.8.0.0/24 va 10.5.5.5')).toBe(`did you mean 'via'?`);
    expect(hint('10.69/16 via 10.5.5.5')).toBe('ip reads it as 10.69.0.0/16: write that');
    expect(hint('10.70 via 10.5.5.5')).toBe('ip reads it as 10.70.0.0/32: write that');
    expect(hint('10.8.0.0/24 via fe80::1')).toBe(`write 'via inet6 fe80::1' if that is meant`);
  });
});

describe('parseRouteListing', () => {
  it('reads what is right and notes what is wrong with its line', () => {
    const text =
      'default via 10.5.5.1 dev eth0 \n10.8.0.0/24 dev tun0 scope link\nFAILED\n10.9.0.0/16 \n\tnexthop via 10.5.5.2 weight 1\n\tnexthop via 10.5.5.3 weight x\n';
    const read = parseRouteListing(text, 'paste');
    expect(read.value.map((r) => r.fact)).toEqual([
      { source: 'paste', line: 1, text: 'default via 10.5.5.1 dev eth0' },
      { source: 'paste', line: 2, text: '10.8.0.0/24 dev tun0 scope link' },
    ]);
    expect(read.diagnostics.map((d) => [d.code, d.span!.line, d.span!.column])).toEqual([
      ['address-invalid', 3, 1],
      ['value-invalid', 6, 30],
    ]);
  });

  it('keeps a route whose encapsulation is not modelled', () => {
    const read = parseRouteListing('10.0.0.0/8 encap mpls 100 via 10.5.5.1 dev eth0', 'x');
    expect(read.value.map(formatRoute)).toEqual(['10.0.0.0/8 via 10.5.5.1 dev eth0']);
    expect(read.diagnostics.map((d) => d.code)).toEqual(['line-limited']);
  });
});
