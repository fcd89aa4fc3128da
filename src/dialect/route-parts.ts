import type { Address, Fact, Prefix } from '../ip/index.ts';
import { TABLE, type NextHop, type Route, type RouteType } from '../model/index.ts';
import { usualScope } from './persist.ts';

/** What stands where a language wants an interface and nobody named one. */
export const PLACEHOLDER = 'INTERFACE';

/** What a language said of one next hop. */
export interface HopParts {
  readonly via?: Address | undefined;
  readonly dev?: string | undefined;
  readonly weight?: number | undefined;
  readonly onlink?: boolean | undefined;
}

/** What a language said of a route; what is left out becomes what `ip route add` takes. */
export interface RouteParts {
  readonly prefix: Prefix;
  readonly type?: RouteType | undefined;
  readonly hops?: readonly HopParts[] | undefined;
  readonly table?: number | undefined;
  readonly metric?: number | undefined;
  readonly tos?: number | undefined;
  readonly scope?: Route['scope'] | undefined;
  readonly source?: Address | undefined;
  readonly mtu?: number | undefined;
  /** `kernel` for those that a system makes itself; `boot` when not said. */
  readonly protocol?: string | undefined;
}

/** The route with everything that was left out filled in. */
export function routeOf(parts: RouteParts, fact: Fact): Route {
  const { prefix, type = 'unicast', source, mtu } = parts;
  const route: Route = {
    prefix,
    type,
    table: parts.table ?? TABLE.main,
    metric: parts.metric ?? (prefix.address.family === 4 ? 0 : 1024),
    tos: parts.tos ?? 0,
    scope: parts.scope ?? 'global',
    protocol: parts.protocol ?? 'boot',
    ...(source && { source }),
    nexthops: (parts.hops ?? []).map(hopOf),
    ...(mtu !== undefined && { mtu }),
    fact,
  };
  return parts.scope === undefined && type === 'unicast' ? { ...route, scope: usualScope(route) } : route;
}

const hopOf = ({ via, dev, weight, onlink }: HopParts): NextHop => ({
  ...(via && { via }),
  ...(dev !== undefined && { dev }),
  weight: weight ?? 1,
  onlink: onlink ?? false,
  dead: false,
  linkdown: false,
});
