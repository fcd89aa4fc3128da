import { formatAddress, formatPrefix } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import type { RouteListJson } from './route-list-schema.ts';

/** The answer of `waymark route list --json`, as `routeListSchema` describes it. `text` says a route, `isOwn` who made it. */
export const routeListJson = (
  routes: readonly Route[],
  text: (route: Route) => string,
  isOwn: (route: Route) => boolean,
): RouteListJson => ({
  routes: routes.map((route) => ({
    text: text(route),
    prefix: formatPrefix(route.prefix),
    type: route.type,
    table: route.table,
    metric: route.metric,
    hops: route.nexthops.map(({ via, dev }) => ({ via: via ? formatAddress(via) : null, dev: dev ?? null })),
    own: isOwn(route),
  })),
});
