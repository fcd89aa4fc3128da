import type { Random } from '../../support/random.ts';
import type { NextHopSpec, RouteSpec } from '../spec.ts';
import { at, bare, familyOf, type Segment, type Topology } from './topology.ts';

/** A host's way to a segment or host: the first gateway. */
interface Way {
  readonly via: string;
  readonly dev: string;
}

/** Address blocks outside all segments that some routes and probes name. */
export const STRANGERS = {
  4: ['203.0.113.0/24', '198.51.100.0/25', '10.200.0.0/16'],
  6: ['2001:db8:99::/48', 'fd99::/64'],
} as const;

/** What the routes of one host are made from. */
export interface RoutingGround {
  readonly random: Random;
  readonly topology: Topology;
  readonly host: string;
  /** Share of routes that are wrong in some way. */
  readonly faults: number;
}

/** All routes of one host, both families. */
export function routesOf(ground: RoutingGround): RouteSpec[] {
  return ([4, 6] as const).flatMap((family) => [...honest(ground, family), ...odd(ground, family)]);
}

/** Neighbours of a host on its links, with an address of theirs. */
export function neighboursOf(
  { topology, host }: Pick<RoutingGround, 'topology' | 'host'>,
  family: 4 | 6,
): (Way & { readonly host: string })[] {
  return topology.segments.flatMap((s) =>
    s.ends
      .filter((own) => own.host === host)
      .flatMap((own) =>
        s.ends
          .filter((e) => e !== own)
          .flatMap((e) =>
            e.addresses
              .filter((a) => familyOf(a) === family)
              .map((a) => ({ via: bare(a), dev: own.dev, host: e.host })),
          ),
      ),
  );
}

/** First gateways on shortest ways, by host that is to be reached. */
function waysOf(ground: RoutingGround, family: 4 | 6): Map<string, Way> {
  const ways = new Map<string, Way>();
  const seen = new Set([ground.host]);
  let edge: { host: string; way: Way | null }[] = [{ host: ground.host, way: null }];
  while (edge.length > 0) {
    const next: { host: string; way: Way | null }[] = [];
    for (const { host, way } of edge) {
      for (const n of neighboursOf({ topology: ground.topology, host }, family)) {
        if (seen.has(n.host)) continue;
        seen.add(n.host);
        const first = way ?? { via: n.via, dev: n.dev };
        ways.set(n.host, first);
        next.push({ host: n.host, way: first });
      }
    }
    edge = next;
  }
  return ways;
}

/** Routes as a careful person would set them, with some mistakes. */
function honest(ground: RoutingGround, family: 4 | 6): RouteSpec[] {
  const { random, topology, host } = ground;
  const ways = waysOf(ground, family);
  if (ways.size === 0) return [];
  const routes: RouteSpec[] = [];
  const whole = family === 4 ? '0.0.0.0/0' : '::/0';
  const style = random.weighted([
    [4, 'each'],
    [3, 'default'],
    [2, 'both'],
  ]);
  if (style !== 'each') routes.push({ prefix: whole, ...withDev(random, random.pick([...ways.values()])) });
  if (style === 'default' && random.chance(0.6)) return routes;
  for (const segment of topology.segments) {
    const prefix = segment.prefixes.find((p) => familyOf(p) === family);
    if (!prefix || segment.ends.some((e) => e.host === host)) continue;
    const way = wayTo(ways, segment);
    if (way) routes.push(...route(ground, prefix, way));
  }
  for (const [owner, addresses] of topology.loopbacks) {
    const way = ways.get(owner);
    if (!way) continue;
    for (const a of addresses.filter((x) => familyOf(x) === family)) routes.push(...route(ground, a, way));
  }
  return routes;
}

const wayTo = (ways: ReadonlyMap<string, Way>, segment: Segment): Way | undefined =>
  segment.ends.map((e) => ways.get(e.host)).find((w) => w !== undefined);

/** With and without its device named, as people do. */
const withDev = (random: Random, way: Way): RouteSpec | Way => (random.chance(0.5) ? { via: way.via } : way) as Way;

function route(ground: RoutingGround, prefix: string, way: Way): RouteSpec[] {
  const { random, faults } = ground;
  const good = { prefix, ...withDev(random, way) };
  if (!random.chance(faults)) return random.chance(0.05) ? [{ ...good, metric: random.int(1, 300) }] : [good];
  const wrong = random.weighted<RouteSpec[]>([
    [3, []],
    [2, [{ prefix, type: random.pick(['blackhole', 'unreachable', 'prohibit', 'throw']) }]],
    [3, [{ prefix, ...otherWay(ground, familyOf(prefix)) }]],
    [2, [good, { ...otherWay(ground, familyOf(prefix)), prefix, metric: random.int(1, 2000) }]],
    [2, [{ ...dead(ground, familyOf(prefix)), prefix }]],
  ]);
  return wrong.map((r) => ({ ...r, prefix: r.prefix || prefix }));
}

function otherWay(ground: RoutingGround, family: 4 | 6): Way | Record<string, never> {
  const all = neighboursOf(ground, family);
  if (all.length === 0) return {};
  const { via, dev } = ground.random.pick(all);
  return { via, dev };
}

/** A gateway on one of the host's links that nobody has. */
function dead({ random, topology, host }: RoutingGround, family: 4 | 6): Way | Record<string, never> {
  const places = topology.segments.flatMap((s) =>
    s.ends
      .filter((e) => e.host === host)
      .flatMap((e) => s.prefixes.filter((p) => familyOf(p) === family).map((p) => ({ p, dev: e.dev }))),
  );
  if (places.length === 0) return {};
  const { p, dev } = random.pick(places);
  return { via: bare(at(p, random.int(111, 119))), dev };
}

/** Routes that few people write but every kernel takes. */
function odd(ground: RoutingGround, family: 4 | 6): RouteSpec[] {
  const { random } = ground;
  if (!random.chance(0.5)) return [];
  const count = random.weighted([
    [3, 1],
    [3, 2],
    [2, 4],
    [1, 6],
  ]);
  const routes = Array.from({ length: count }, () => oddRoute(ground, family)).flat();
  // what a gateway is to the kernel depends on the routes that are there before its own
  return [...routes.filter((r) => !isOwnGateway(ground, r)), ...routes.filter((r) => isOwnGateway(ground, r))];
}

const isOwnGateway = ({ topology, host }: RoutingGround, { via }: RouteSpec): boolean =>
  topology.hosts.some((h) => h.name === host && h.addresses.some((a) => bare(a.address) === via));

function oddRoute(ground: RoutingGround, family: 4 | 6): RouteSpec[] {
  const { random, topology, host } = ground;
  const neighbours = neighboursOf(ground, family);
  if (neighbours.length === 0) return [];
  const way = otherWay(ground, family) as Way;
  const prefix = anyPrefix(ground, family);
  const own = topology.hosts.find((h) => h.name === host)!.addresses.filter((a) => familyOf(a.address) === family);
  const table = random.pick([100, 101, 102, 254]);
  const operation = random.weighted<RouteSpec['operation']>([
    [6, 'add'],
    [1, 'append'],
    [1, 'prepend'],
    [1, 'replace'],
  ]);
  const base = { prefix, ...(table === 254 ? {} : { table }), operation: operation! };
  const onlyV4 = (r: RouteSpec): RouteSpec[] => (family === 4 ? [r] : []);
  return random.weighted<() => RouteSpec[]>([
    [4, () => [{ ...base, ...way }]],
    [3, () => [{ ...base, type: random.pick(['blackhole', 'unreachable', 'prohibit', 'throw']) }]],
    [2, () => [{ ...base, ...dead(ground, family) }]],
    [3, () => [{ ...base, ...way, metric: random.pick([0, 1, 50, 1024, 2000]) }]],
    [2, () => onlyV4({ ...base, ...way, tos: random.pick([0x04, 0x08, 0x10, 0x1c]) })],
    [
      2,
      () => [
        {
          ...base,
          ...way,
          source: bare(random.pick(own.length > 0 ? own.map((a) => a.address) : ['192.0.2.99/32'])),
          // IPv6 routes of one metric join, and the kernel lists the source of the first only
          ...(family === 6 ? ({ operation: 'add', metric: 900 } as const) : {}),
        },
      ],
    ],
    [2, () => [{ ...base, nexthops: hops(ground, family) }]],
    [2, () => [{ ...base, dev: way.dev }]],
    [
      1,
      () => [
        {
          ...base,
          dev: way.dev,
          via: bare(random.pick(own.length > 0 ? own.map((a) => a.address) : ['192.0.2.99/32'])),
        },
      ],
    ],
    [1, () => [{ ...base, ...way, via: bare(at(random.pick(STRANGERS[family]), 7)), onlink: true }]],
    // a gateway must not become an own address after its route was made: the kernel would not notice
    [
      1,
      () => [
        {
          ...base,
          prefix: random.pick(STRANGERS[family]),
          type: 'local',
          dev: 'lo',
          table: random.pick([255, 254, table]),
        },
      ],
    ],
    [1, () => onlyV4({ ...base, ...viaSix(ground) })],
    [1, () => [{ ...base, prefix: family === 4 ? '0.0.0.0/0' : '::/0', ...way }]],
  ])();
}

/** An IPv4 route over an IPv6 gateway. */
function viaSix(ground: RoutingGround): Way | { type: string } {
  const six = neighboursOf(ground, 6);
  return six.length > 0
    ? { via: ground.random.pick(six).via, dev: ground.random.pick(six).dev }
    : { type: 'unreachable' };
}

function hops(ground: RoutingGround, family: 4 | 6): NextHopSpec[] {
  const { random } = ground;
  const all = neighboursOf(ground, family).map(({ via, dev }) => ({ via, dev }));
  const chosen: NextHopSpec[] = random.sample(all, random.int(2, 3)).map((w) => ({ ...w, weight: random.int(1, 3) }));
  if (random.chance(0.2)) chosen.push(dead(ground, family));
  return chosen.length > 1 ? chosen : [...chosen, ...chosen];
}

/** A segment's prefix, half of one, an address of one, or a stranger's. */
export function anyPrefix({ random, topology }: Pick<RoutingGround, 'random' | 'topology'>, family: 4 | 6): string {
  const known = topology.segments.flatMap((s) => s.prefixes).filter((p) => familyOf(p) === family);
  const addresses = topology.hosts
    .flatMap((h) => h.addresses.map((a) => a.address))
    .filter((a) => familyOf(a) === family);
  const whole = family === 4 ? 32 : 128;
  const of = random.pick(known.length > 0 ? known : STRANGERS[family]);
  return random.weighted<() => string>([
    [3, () => of],
    [
      2,
      () => `${of.slice(0, of.indexOf('/'))}/${family === 4 ? random.pick([25, 26, 28]) : random.pick([65, 72, 120])}`,
    ],
    [3, () => (addresses.length > 0 ? `${bare(random.pick(addresses))}/${whole}` : of)],
    [2, () => random.pick(STRANGERS[family])],
    [
      1,
      () =>
        family === 4
          ? random.pick(['10.0.0.0/8', '192.168.0.0/16', '128.0.0.0/1'])
          : random.pick(['fd00::/16', '2001:db8::/32']),
    ],
  ])();
}
