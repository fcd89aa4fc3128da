import { formatPrefix, isLinkLocal, type Address } from '../ip/index.ts';
import { TABLE, type Route } from '../model/index.ts';

/** What makes a route last over a reboot, in one system's own language. */
export interface PersistedRoute {
  /** The file to write, whole. Null where the content goes into a file that says other things too, or where the commands do it all. */
  readonly file: string | null;
  /** The file's text; the lines to add where there is no file; empty where there is nothing to write. */
  readonly content: string;
  /** What to run afterwards, as arguments, in order. */
  readonly commands: readonly (readonly string[])[];
  /** What of the route this language cannot say, and so is left out. With neither content nor commands it cannot say the route at all. */
  readonly cannot: readonly string[];
}

/** What a route can have besides destination and next hop. */
export type RouteTrait =
  | 'reject'
  | 'type'
  | 'several-hops'
  | 'no-gateway'
  | 'other-family'
  | 'tos'
  | 'table'
  | 'metric'
  | 'source'
  | 'mtu'
  | 'onlink'
  | 'scope'
  | 'weight'
  | 'device'
  | 'link-local'
  | 'default'
  | 'bare-hop'
  | 'hop-onlink';

/** What this route has besides destination and next hop. A scope counts when it is not what every system takes by itself. */
export function traitsOf(route: Route): readonly RouteTrait[] {
  const family = route.prefix.address.family;
  const reject = route.nexthops.length === 0;
  const traits: readonly (readonly [RouteTrait, boolean])[] = [
    ['reject', reject],
    ['type', !reject && route.type !== 'unicast'],
    ['several-hops', route.nexthops.length > 1],
    ['no-gateway', !reject && !route.nexthops.some((hop) => hop.via)],
    ['other-family', route.nexthops.some((hop) => hop.via !== undefined && hop.via.family !== family)],
    ['tos', route.tos !== 0],
    ['table', route.table !== TABLE.main],
    ['metric', hasMetric(route)],
    ['source', route.source !== undefined],
    ['mtu', route.mtu !== undefined],
    ['onlink', route.nexthops.some((hop) => hop.onlink)],
    ['scope', route.type === 'unicast' && route.scope !== usualScope(route)],
    ['weight', route.nexthops.some((hop) => hop.weight !== 1)],
    ['device', route.nexthops.some((hop) => hop.dev !== undefined && hop.via && !isLinkLocal6(hop.via))],
    ['bare-hop', route.nexthops.length > 1 && route.nexthops.some((hop) => !hop.via)],
    ['hop-onlink', route.nexthops.length > 1 && route.nexthops.some((hop) => hop.onlink)],
    ['default', route.prefix.length === 0],
    ['link-local', route.nexthops.some((hop) => hop.via !== undefined && isLinkLocal6(hop.via))],
  ];
  return traits.filter(([, has]) => has).map(([trait]) => trait);
}

/** fe80::/10: an address that is different on every link, so that an interface has to be named with it. */
export const isLinkLocal6 = (address: Address): boolean => address.family === 6 && isLinkLocal(address);

/** Whether the metric is another than the kernel takes by itself: 0 for IPv4, 1024 for IPv6. */
export const hasMetric = (route: Route): boolean => route.metric !== (route.prefix.address.family === 4 ? 0 : 1024);

/** The scope that systems give a unicast or refusing route when nothing is said. */
export function usualScope(route: Route): Route['scope'] {
  const { family } = route.prefix.address;
  return family === 6 || route.nexthops.length === 0 || route.nexthops.some((hop) => hop.via) ? 'global' : 'link';
}

const SENTENCES: Readonly<Record<RouteTrait, string>> = {
  reject: 'a route that refuses packets',
  type: 'the route type',
  'several-hops': 'several next hops',
  'no-gateway': 'a route without a gateway',
  'other-family': 'a next hop of the other IP version',
  tos: 'the TOS',
  table: 'the table',
  metric: 'the metric',
  source: 'the source address',
  mtu: 'the MTU',
  onlink: 'onlink',
  scope: 'the scope',
  weight: 'the weight',
  device: 'the interface',
  'link-local': 'a link-local next hop',
  default: 'a default route',
  'bare-hop': 'a next hop without a gateway among several',
  'hop-onlink': 'onlink of one next hop among several',
};

/** Traits without which a route would be another one. */
const ESSENTIAL: readonly RouteTrait[] = [
  'reject',
  'type',
  'several-hops',
  'no-gateway',
  'other-family',
  'tos',
  'table',
  'link-local',
  'default',
  'bare-hop',
  'hop-onlink',
];

/** What of a route a language lacks, as phrases, and whether the rest is still worth saying. */
export function lacking(
  route: Route,
  lacks: readonly RouteTrait[],
): { readonly cannot: readonly string[]; readonly useless: boolean } {
  const missing = traitsOf(route).filter((trait) => lacks.includes(trait));
  return {
    cannot: missing.map((trait) => SENTENCES[trait]),
    useless: missing.some((trait) => ESSENTIAL.includes(trait)),
  };
}

/** The answer for a route that a language cannot say. */
export const unsayable = (cannot: readonly string[]): PersistedRoute => ({
  file: null,
  content: '',
  commands: [],
  cannot,
});

/** A piece of a file name that differs for routes that can stand beside each other: `10.8.0.0-24`, `10.8.0.0-24-metric-50`. */
export function routeSlug(route: Route): string {
  const { tos } = route;
  const own = traitsOf(route);
  return [
    formatPrefix(route.prefix).replace(/[:/]/g, '-'),
    ...(own.includes('table') ? ['table', route.table] : []),
    ...(own.includes('metric') ? ['metric', route.metric] : []),
    ...(tos === 0 ? [] : ['tos', tos]),
  ].join('-');
}
