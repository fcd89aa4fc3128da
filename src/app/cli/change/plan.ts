import { routesAt, routeText, samePlace, type RouteSystem } from '../../../change/index.ts';
import {
  failure,
  formatAddress,
  formatPrefix,
  sameAddress,
  samePrefix,
  success,
  type Address,
  type Result,
} from '../../../ip/index.ts';
import type { Host, Route } from '../../../model/index.ts';
import { wayTo } from '../../../trace/index.ts';

/** What is done with a route. */
export type Verb = 'add' | 'replace' | 'del';

/** A change of one place of the routing table. */
export interface RoutePlan {
  readonly before: readonly Route[];
  readonly after: readonly Route[];
}

/** The change that the words ask for. Codes: `route-exists`, `route-missing`, `gateway-off-link`, `value-invalid`. */
export function planOf(host: Host, system: RouteSystem, verb: Verb, words: Route, isSaid: Said): Result<RoutePlan> {
  if (verb === 'del') return deletion(host, words, isSaid);
  const unsayable = system.cannotSay(words);
  if (unsayable.length > 0) return failure('value-invalid', `this system has no words for ${unsayable.join(', ')}`);
  const route = complete(host, { ...words, protocol: system.protocol });
  if (!route.ok) return route;
  const before = routesAt(host.routes, route.value);
  if (verb === 'add' && before.length > 0)
    return failure(
      'route-exists',
      `there is ${routeText(before[0]!)} already`,
      'waymark route replace puts this in its place',
    );
  return success({ before, after: [route.value] });
}

/** Which parts of a route a person has named. */
export type Said = (word: 'via' | 'dev' | 'metric' | 'table' | 'proto' | 'src') => boolean;

/** `ip route del` takes the first that fits; here only one may fit. */
function deletion(host: Host, words: Route, isSaid: Said): Result<RoutePlan> {
  const hop = words.nexthops[0];
  const fits = (r: Route): boolean =>
    samePrefix(r.prefix, words.prefix) &&
    r.table === words.table &&
    (words.type === 'unicast' ? r.type !== 'local' && r.type !== 'broadcast' : r.type === words.type) &&
    (!isSaid('metric') || r.metric === words.metric) &&
    (!isSaid('proto') || r.protocol === words.protocol) &&
    (!isSaid('via') || r.nexthops.some((n) => n.via && hop?.via && sameAddress(n.via, hop.via))) &&
    (!isSaid('dev') || r.nexthops.some((n) => n.dev === hop?.dev));
  const found = host.routes.filter(fits);
  const name = words.prefix.length === 0 ? 'default' : formatPrefix(words.prefix);
  if (found.length === 0)
    return failure('route-missing', `there is no route ${name} like that`, 'waymark route list --all');
  if (found.length > 1)
    return failure(
      'route-missing',
      `${found.length} routes ${name} fit: ${found.map(routeText).join('; ')}`,
      'say via, dev, metric or proto too',
    );
  const before = routesAt(host.routes, found[0]!);
  const gone = routeText(found[0]!);
  return success({ before, after: before.filter((r) => routeText(r) !== gone) });
}

/** The route with the interface of its gateway, which must be on a link. */
function complete(host: Host, route: Route): Result<Route> {
  const hops = [];
  for (const hop of route.nexthops) {
    if (!hop.via || hop.onlink) {
      hops.push(hop);
      continue;
    }
    const way = wayTo(host, hop.via);
    const isNear = way.kind === 'goes' && way.via === null;
    const isLinkLocal = hop.dev !== undefined && hop.via.family === 6 && hop.via.w0 >>> 22 === 0x3fa;
    if (!isNear && !isLinkLocal) return offLink(hop.via);
    const dev = hop.dev ?? (way.kind === 'goes' ? way.dev : undefined);
    if (isNear && way.kind === 'goes' && hop.dev !== undefined && hop.dev !== way.dev && !isLinkLocal)
      return offLink(hop.via);
    hops.push(dev === undefined ? hop : { ...hop, dev });
  }
  return success({ ...route, nexthops: hops });
}

function offLink(via: Address): Result<Route> {
  return failure(
    'gateway-off-link',
    `the gateway ${formatAddress(via)} is on no link of this machine`,
    'a gateway is a neighbour; say onlink where it is one all the same',
  );
}

/** The host as it is after the plan. */
export function hostAfter(host: Host, { before, after }: RoutePlan): Host {
  const place = (before[0] ?? after[0])!;
  return { ...host, routes: [...host.routes.filter((r) => !samePlace(r, place)), ...after] };
}
