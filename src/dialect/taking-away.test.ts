import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrefix } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import { ROUTE_DIALECTS } from './route-dialects.ts';
import { hasStandIn, printTakingAway, readTakingAway, withStandIn } from './taking-away.ts';
import { askedRoute } from './test-support/asked-route.ts';
import { withinLimits } from './within-limits.ts';

const TAKING = ['iproute2', 'net-tools', 'macos', 'freebsd', 'openbsd', 'windows', 'powershell', 'ios', 'junos', 'routeros', 'vyos', 'edgeos', 'nmcli']; // prettier-ignore
const WHOLE = ['junos', 'vyos', 'edgeos'];

const dialects = ROUTE_DIALECTS.map((dialect) => [dialect.name, dialect] as const);
const places = (routes: readonly Route[]): readonly string[] => [...new Set(routes.map((r) => formatPrefix(r.prefix)))];
/** What a deletion names: where a route goes, not how. */
const named = ({ prefix, type, nexthops }: Route): unknown => ({
  prefix: formatPrefix(prefix),
  type,
  hops: nexthops.map(({ via, dev }) => ({ via, dev })),
});

describe('deletions', () => {
  it.each(dialects)('read back as the same routes: %s', (name, dialect) => {
    fc.assert(
      fc.property(askedRoute, (asked) => {
        const { route } = withinLimits(asked, dialect.limits);
        if (!route) return;
        const text = printTakingAway(dialect, [route])?.text ?? null;
        expect(text !== null).toBe(TAKING.includes(name));
        if (text === null) return;
        const [taking] = readTakingAway(text, 'x', dialect);
        expect(taking?.read.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
        // several next hops stand in as many lines, or in none
        if (WHOLE.includes(name) || route.nexthops.length > 1)
          expect(places(taking!.read.value)).toEqual(places([route]));
        else expect(taking!.read.value.map(named)).toEqual([named(route)]);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['ip route del 10.67.0.0/16', 'iproute2'],
    ['ip -6 route delete 2001:db8::/32', 'iproute2'],
    ['sudo route del -net 10.67.0.0 netmask 255.255.0.0', 'net-tools'],
    ['sudo route -n delete -net 10.67.0.0/16', 'macos'],
    ['route delete 10.67.0.0 mask 255.255.0.0', 'windows'],
    ['Remove-NetRoute -DestinationPrefix 10.67.0.0/16 -Confirm:$false', 'powershell'],
    ['no ip route 10.67.0.0 255.255.0.0', 'ios'],
    ['delete routing-options static route 10.67.0.0/16', 'junos'],
    ['/ip route remove [find dst-address=10.67.0.0/16]', 'routeros'],
    ['delete protocols static route 10.67.0.0/16', 'vyos'],
  ])('need not name the next hop: %s', (text, name) => {
    const [first] = readTakingAway(text, 'x');
    expect([first?.dialect.name, first?.read.diagnostics]).toEqual([name, []]);
    const [route] = first!.read.value;
    expect(route!.nexthops.map(({ via, dev }) => [via, dev])).toEqual([[undefined, undefined]]);
    expect(hasStandIn(withStandIn(route!))).toBe(true);
    for (const [other, dialect] of dialects) {
      const { route: said } = withinLimits(withStandIn(route!), dialect.limits);
      const told = said && (printTakingAway(dialect, [said])?.text ?? null);
      if (told) expect(told).not.toMatch(/0\.0\.0\.1|100::1/);
      // to take it from a connection NetworkManager wants the whole route
      if (said) expect(told !== null, other).toBe(TAKING.includes(other) && other !== 'nmcli');
    }
  });

  it('are none where anything else is done, and where more would go than is named', () => {
    for (const text of [
      'ip route add 10.67.0.0/16 via 10.1.1.1',
      'ip route del 10.67.0.0/16\nip route add 10.67.0.0/16 via 10.1.1.1',
      'ip route flush 10.67.0.0/16',
      '',
    ])
      expect(readTakingAway(text, 'x')).toEqual([]);
    const windows = ROUTE_DIALECTS.find((d) => d.name === 'windows')!;
    expect(readTakingAway('route delete 10.67.0.0', 'x', windows)).toEqual([]);
  });
});
