import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, ipv4, prefixOf } from '../ip/index.ts';
import { emptyRuleset, type Host, type Route } from '../model/index.ts';
import { routeTable } from './table-index.ts';

const fact = { source: 'test', line: 0, text: '' };
const route = fc
  .record({ bits: fc.nat(0xffff), length: fc.nat(32), metric: fc.nat(3), tos: fc.constantFrom(0, 16) })
  .map(({ bits, length, metric, tos }): Route => ({
    prefix: prefixOf(ipv4((10 << 24) | bits), length),
    type: 'unicast',
    table: 254,
    metric,
    tos,
    scope: 'global',
    protocol: 'static',
    nexthops: [],
    fact,
  }));

const hostWith = (routes: readonly Route[]): Host => ({
  name: 'h',
  interfaces: [],
  routes,
  rules: [],
  neighbours: [],
  settings: new Map(),
  ruleset: emptyRuleset(true),
  openvpn: [],
  virtualServers: [],
  knowledge: 'declared',
  manager: 'unknown',
  fact,
});

describe('route table', () => {
  it('gives the same candidates in the same order with and without an index', () => {
    fc.assert(
      fc.property(
        fc.array(route, { minLength: 70, maxLength: 120 }),
        fc.array(fc.nat(0xffff), { minLength: 10 }),
        (routes, asked) => {
          const table = routeTable(hostWith(routes), 4, 254)!;
          for (const bits of asked) {
            const address = ipv4((10 << 24) | bits);
            const slow = routes
              .filter((r) => contains(r.prefix, address))
              .sort((a, b) => b.prefix.length - a.prefix.length || b.tos - a.tos || a.metric - b.metric);
            expect(table.candidates(address)).toEqual(slow);
          }
        },
      ),
    );
  });

  it('knows no table that has no route', () => {
    expect(routeTable(hostWith([]), 4, 254)).toBeUndefined();
  });
});
