import { describe, expect, it } from 'vitest';
import { emptyRuleset, type FibFlag, type Host, type Route, type RouteType, type Value } from '../../model/index.ts';
import { Choices } from '../choice.ts';
import { fibOf } from '../fib.ts';
import type { Asker } from './fib-question.ts';
import { fibReader } from './fib-value.ts';
import type { Run } from './run.ts';
import { at, packet, router } from './testing/hook-world.ts';
import { fact, prefix } from './testing/ruleset-builder.ts';

interface Written {
  readonly type?: RouteType;
  readonly table?: number;
  readonly metric?: number;
}

const route = (
  to: string,
  devs: readonly string[],
  { type = 'unicast', table = 254, metric = 0 }: Written = {},
): Route => ({
  prefix: prefix(to),
  type,
  table,
  metric,
  tos: 0,
  scope: 'global',
  protocol: 'static',
  nexthops: devs.map((dev) => ({ dev, weight: 1, onlink: false, dead: false, linkdown: false })),
  fact: fact(to),
});

const HOST: Host = {
  ...router(emptyRuleset(true)),
  routes: [
    route('fd00:0::1/128', ['t0'], { type: 'local', table: 255 }),
    route('fd00:0::/64', ['t0']),
    route('fd00:2::/64', ['lo'], { type: 'unreachable' }),
    route('fd00:3::/64', ['lo'], { type: 'prohibit' }),
    route('fd00:4::/64', ['lo'], { type: 'blackhole' }),
    route('fd00:5::/64', ['t0'], { metric: 1 }),
    route('fd00:5::/64', ['t1'], { metric: 2 }),
    route('10.0.0.1/32', ['t0'], { type: 'local', table: 255 }),
    route('10.5.0.0/16', ['t0', 't1']),
    route('10.5.5.255/32', ['t0'], { type: 'broadcast', table: 255 }),
  ],
};

type FibValue = Extract<Value, { kind: 'fib' }>;

/** What a packet from `source` that came in by t1 gives. */
function ask(engine: Asker['engine'], result: FibValue['result'], flags: readonly FibFlag[], source: string): unknown {
  const choices = new Choices();
  const context = {
    ...at('prerouting', HOST, { connections: [] }, { in: 't1', out: null, choices }),
    fib: fibOf(HOST, choices),
  };
  const to = source.includes(':') ? 'fd00:0::1' : '10.0.0.1';
  const run: Run = {
    context,
    packet: packet({ source, destination: to }),
    tracked: null,
    way: null,
    unrouted: false,
    fact: fact('rule'),
    translating: false,
    notrackFact: null,
  };
  const found = fibReader({ kind: 'fib', result, flags }, engine)(run);
  expect(choices.met).toEqual([]);
  return found;
}

describe('the type of an address', () => {
  it.each([
    ['fd00:0::1', 'local', 'local'],
    ['fd00:0::9', 'unicast', 'unicast'],
    ['fd00:0::', 'anycast', 'anycast'],
    ['fd00:2::9', 'unreachable', 'unreachable'],
    ['fd00:3::9', 'prohibit', 'unreachable'],
    ['fd00:4::9', 'blackhole', 'unreachable'],
    ['2001:db8::9', 'unreachable', 'unreachable'],
    ['10.0.0.1', 'local', 'local'],
    ['203.0.113.9', 'unicast', 'unicast'],
    ['10.5.5.255', 'broadcast', 'broadcast'],
  ])('%s is %s to nft and %s to iptables', (source, nft, iptables) => {
    expect(ask('nftables', 'type', ['saddr'], source)).toBe(nft);
    expect(ask('iptables', 'type', ['saddr'], source)).toBe(iptables);
  });

  it('is local on an interface only where the interface has it', () => {
    expect(ask('nftables', 'type', ['saddr', 'iif'], 'fd00:0::1')).toBe('unicast');
  });
});

describe('the interface back to a sender', () => {
  it('is any of the ways of an IPv4 route, and the first where none is asked for', () => {
    expect(ask('nftables', 'oifname', ['saddr', 'iif'], '10.5.0.9')).toBe('t1');
    expect(ask('nftables', 'oifname', ['saddr'], '10.5.0.9')).toBe('t0');
    expect(ask('iptables', 'present', ['saddr', 'iif'], '10.5.0.9')).toBe(1);
  });

  it("is the best IPv6 route's to nft, and that of any metric to rpfilter", () => {
    expect(ask('nftables', 'present', ['saddr', 'iif'], 'fd00:5::9')).toBe(0);
    expect(ask('iptables', 'present', ['saddr', 'iif'], 'fd00:5::9')).toBe(1);
    expect(ask('iptables', 'present', ['saddr', 'iif'], 'fd00:0::9')).toBe(0);
  });

  it('is none for own addresses, and for a broadcast address to rpfilter', () => {
    expect(ask('nftables', 'present', ['saddr'], '10.0.0.1')).toBe(0);
    expect(ask('nftables', 'present', ['saddr'], '10.5.5.255')).toBe(1);
    expect(ask('iptables', 'present', ['saddr'], '10.5.5.255')).toBe(0);
    expect(ask('nftables', 'present', ['saddr'], 'fd00:2::9')).toBe(0);
  });
});
