import fc from 'fast-check';
import { hostPrefix, ipv4, ipv6, prefixOf, type Address, type Family } from '../../ip/index.ts';
import type { Route, RouteType } from '../../model/index.ts';
import { routeOf, type HopParts } from '../route-parts.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });
const address4 = fc.oneof(
  fc.integer({ min: 0x01000000, max: 0xdfffffff }).map(ipv4),
  fc.integer({ min: 0x0a000001, max: 0x0affffff }).map(ipv4),
  fc.integer({ min: 0xc0a80001, max: 0xc0a8ffff }).map(ipv4),
);
const global6 = fc.tuple(fc.integer({ min: 0x20000000, max: 0x3fffffff }), word, word, word).map((w) => ipv6(...w));
const linkLocal6 = fc.tuple(word, word).map(([a, b]) => ipv6(0xfe800000, 0, a, b));
const address = (family: Family): fc.Arbitrary<Address> => (family === 4 ? address4 : global6);
const device = fc.constantFrom('eth0', 'en0', 'tun0', 'br-lan', 'eth0.100', 'ge-0/0/0', 'wg0');
const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

/** Destinations as people have them: whole bytes more often than others, defaults and hosts among them. */
const prefix = (family: Family) => {
  const bits = family === 4 ? 32 : 128;
  const usual = family === 4 ? [0, 8, 16, 24, 32] : [0, 32, 48, 64, 128];
  const length = fc.oneof(fc.constantFrom(...usual), fc.integer({ min: 0, max: bits }));
  return fc.oneof(
    fc.tuple(address(family), length).map(([a, n]) => prefixOf(a, n)),
    fc.constantFrom(
      ...(family === 4
        ? [hostPrefix(ipv4(0x01020304)), prefixOf(ipv4(0x0a430000), 16)]
        : [hostPrefix(ipv6(0x20010db8, 0, 0, 1))]),
    ),
  );
};

function hop(family: Family): fc.Arbitrary<HopParts> {
  const via = address(family);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ via }) },
    { weight: 3, arbitrary: fc.record({ via, dev: device }) },
    { weight: 2, arbitrary: fc.record({ dev: device }) },
    { weight: 1, arbitrary: fc.record({ via, dev: device, onlink: fc.constant(true) }) },
    { weight: 2, arbitrary: fc.record({ via: family === 6 ? linkLocal6 : via, dev: device }) },
    { weight: 1, arbitrary: fc.record({ via: global6, dev: device }) },
  );
}

const hops = (family: Family): fc.Arbitrary<readonly HopParts[]> =>
  fc.oneof(
    { weight: 8, arbitrary: hop(family).map((h) => [h]) },
    { weight: 1, arbitrary: fc.uniqueArray(fc.record({ via: address(family), weight: fc.integer({ min: 1, max: 3 }) }), { minLength: 2, maxLength: 3, selector: (h) => JSON.stringify(h.via) }) }, // prettier-ignore
    { weight: 1, arbitrary: fc.uniqueArray(fc.record({ via: address(family), dev: device }), { minLength: 2, maxLength: 3, selector: (h) => JSON.stringify(h.via) }) }, // prettier-ignore
  );

const REJECTS = ['unreachable', 'prohibit', 'blackhole', 'throw'] as const;
const TYPES: readonly RouteType[] = [...Array<RouteType>(12).fill('unicast'), ...REJECTS, 'local', 'multicast'];

/** Routes that a person may ask for: mostly plain ones, and each trait now and then. */
export const askedRoute: fc.Arbitrary<Route> = fc
  .tuple(fc.constantFrom<Family>(4, 4, 6), fc.constantFrom(...TYPES))
  .chain(
    ([family, type]) =>
    fc
      .record({
        prefix: prefix(family),
        metric: seldom(fc.oneof(fc.integer({ min: 1, max: 255 }), fc.integer({ min: 1, max: 0xffffffff }))),
        table: seldom(fc.oneof(fc.integer({ min: 1, max: 252 }), fc.integer({ min: 256, max: 0xffffffff }))),
        tos: fc.constantFrom(...Array<number>(15).fill(0), 0x10),
        mtu: seldom(fc.integer({ min: 1280, max: 9000 })),
        source: seldom(address(family)),
        hops: (REJECTS as readonly string[]).includes(type) ? fc.constant([]) : hops(family),
        scope: fc.constantFrom(...Array<undefined>(20).fill(undefined), 'link' as const),
      })
      .map(({ scope, ...parts }) => routeOf({ ...parts, type, ...(type === 'unicast' && { scope }), ...(type === 'local' && { table: 255, scope: family === 4 ? 'host' : 'global' }) }, { source: 'x', line: 1, text: '' })), // prettier-ignore
  );
