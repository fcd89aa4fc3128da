import { defaultPrefix, formatAddress, formatPrefix, type Address } from '../../ip/index.ts';
import type { Route } from '../../model/index.ts';
import { lacking, unsayable, type PersistedRoute, type RouteTrait } from '../persist.ts';

/** Everything but destination and gateway. */
export const CLASSLESS_LACKS: readonly RouteTrait[] = [
  'reject',
  'type',
  'several-hops',
  'no-gateway',
  'other-family',
  'tos',
  'table',
  'metric',
  'source',
  'mtu',
  'onlink',
];

/** One destination with its gateway, as option 121 carries it. */
interface ClasslessRoute {
  readonly prefix: Route['prefix'];
  readonly router: Address;
}

/**
 * The dnsmasq line that hands IPv4 routes to every DHCP client (option 121, RFC 3442). A client that takes it ignores the
 * router option, so the default route must be in it: `defaultGateway` goes in unless the routes have one; null leaves it
 * out and says so. All routes of a network go into one line; a second line would replace the first. Source: dnsmasq(8).
 */
export function persistWithDnsmasq(routes: readonly Route[], defaultGateway: Address | null): PersistedRoute {
  const { known, cannot } = classless(routes);
  if (known.length === 0) return unsayable(cannot);
  const given = known.some(({ prefix }) => prefix.length === 0);
  const all = given || !defaultGateway ? known : [...known, { prefix: defaultPrefix(4), router: defaultGateway }];
  const gaps =
    given || defaultGateway ? cannot : [...cannot, 'the default route, which is not known: clients will have none'];
  if (bytesOf(all).length > 255) return unsayable([...gaps, 'more than 255 bytes of routes']);
  const line = all.map(({ prefix, router }) => `${formatPrefix(prefix)},${formatAddress(router)}`).join(',');
  return {
    file: '/etc/dnsmasq.d/90-waymark.conf',
    content: `dhcp-option=121,${line}\n`,
    commands: [
      ['dnsmasq', '--test'],
      ['systemctl', 'restart', 'dnsmasq'],
    ],
    cannot: gaps,
  };
}

/**
 * The routes as the bytes of option 121, for DHCP servers that take them raw: `18:0a:08:00:c0:a8:78:05`. Routes that the
 * option cannot carry are left out.
 */
export function classlessRouteBytes(routes: readonly Route[]): string {
  const bytes = bytesOf(classless(routes).known);
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function classless(routes: readonly Route[]): { known: readonly ClasslessRoute[]; cannot: readonly string[] } {
  const known: ClasslessRoute[] = [];
  const cannot: string[] = [];
  for (const route of routes) {
    const name = formatPrefix(route.prefix);
    const lack = lacking(route, CLASSLESS_LACKS);
    const router = route.nexthops[0]?.via;
    if (route.prefix.address.family === 6) cannot.push(`IPv6 (${name}): router advertisements carry it instead`);
    else cannot.push(...lack.cannot.map((what) => `${what} (${name})`));
    if (!lack.useless && router?.family === 4) known.push({ prefix: route.prefix, router });
  }
  return { known, cannot };
}

/** Length, the significant octets of the destination, the router (RFC 3442). */
function bytesOf(routes: readonly ClasslessRoute[]): readonly number[] {
  return routes.flatMap(({ prefix, router }) => {
    const significant = octets(prefix.address).slice(0, Math.ceil(prefix.length / 8));
    return [prefix.length, ...significant, ...octets(router)];
  });
}

const octets = ({ w3 }: Address): readonly number[] => [w3 >>> 24, (w3 >>> 16) & 255, (w3 >>> 8) & 255, w3 & 255];
