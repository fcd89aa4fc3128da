import { formatAddress } from '../ip/index.ts';
import { TABLE, type NextHop, type Route } from '../model/index.ts';
import { hasMetric, isLinkLocal6, lacking, traitsOf, usualScope, type RouteTrait } from './persist.ts';
import type { RejectType, RouteLimits } from './route-dialect.ts';

/** A route, brought within what a language can say. */
export interface Sayable {
  /** The route as it will be said; null when it cannot be said at all. */
  readonly route: Route | null;
  /** What is lost or changed on the way, as phrases; empty when nothing is. */
  readonly cannot: readonly string[];
}

/**
 * The route as a language with these limits can say it. Nothing is left out that is not in `cannot`, apart from the
 * protocol (who made the route) and the states of next hops, which are no part of what a person asks for.
 */
export function withinLimits(route: Route, all: RouteLimits): Sayable {
  const { family } = route.prefix.address;
  const limits = family === 6 ? { ...all, ...all.of6 } : all;
  if (!limits.families.includes(family)) return { route: null, cannot: [`IPv${family}`] };
  if (rejectKind(route) === null && limits.types?.includes(route.type) === false)
    return { route: null, cannot: [`a route of the type ${route.type}`] };
  const refused = refusal(throughTunnel(route, limits.tunnel), limits);
  if (!refused.route) return refused;
  const lacks = [...limits.lacks, ...outOfRange(refused.route, limits)];
  const { cannot, useless } = lacking(refused.route, lacks);
  const named = [
    ...refused.cannot,
    ...gatewayLost(route, limits.tunnel),
    ...cannot.map((phrase) => withValue(route, phrase)),
  ];
  return { route: useless ? null : without(refused.route, lacks), cannot: named };
}

/** The route with the other end of the tunnel as its next hop, where a language knows no other. */
function throughTunnel(route: Route, tunnel: string | undefined): Route {
  if (tunnel === undefined || route.nexthops.length !== 1) return route;
  const direct = { ...route, nexthops: [{ dev: tunnel, weight: 1, onlink: false, dead: false, linkdown: false }] };
  return { ...direct, scope: route.scope === usualScope(route) ? usualScope(direct) : route.scope };
}

function gatewayLost({ nexthops }: Route, tunnel: string | undefined): readonly string[] {
  const [hop, ...more] = nexthops;
  if (tunnel === undefined || !hop || more.length > 0 || (!hop.via && hop.dev === tunnel)) return [];
  const lost = hop.via ? `the next hop ${formatAddress(hop.via)}` : `the interface ${hop.dev ?? ''}`;
  return [`${lost}: the other end of the tunnel takes its place`];
}

/** Refusals that answer the sender stand for each other, else the silent one does; `throw` sends packets on to other rules. */
function refusal(route: Route, { rejects }: RouteLimits): Sayable {
  const kind = rejectKind(route);
  if (kind === null || rejects.includes(kind)) return { route, cannot: [] };
  const likest = ['unreachable', 'prohibit', 'blackhole'] as const;
  const other = kind === 'throw' ? undefined : likest.find((k) => rejects.includes(k));
  if (other === undefined) return { route: null, cannot: [`a route that refuses packets (${kind})`] };
  return {
    route: { ...route, type: other },
    cannot: [`that it is '${kind}': it becomes '${other}', ${ANSWERS[other]}`],
  };
}

const ANSWERS: Readonly<Record<RejectType, string>> = {
  unreachable: 'whose sender is told so',
  prohibit: 'whose sender is told so',
  blackhole: 'which is silent',
  throw: 'which looks in the next table',
};

function rejectKind({ type }: Route): RejectType | null {
  return type === 'unreachable' || type === 'prohibit' || type === 'blackhole' || type === 'throw' ? type : null;
}

function outOfRange(route: Route, { metric, table, devices }: RouteLimits): readonly RouteTrait[] {
  const outside = (n: number, range: readonly [number, number] | undefined): boolean =>
    range !== undefined && (n < range[0] || n > range[1]);
  const isStrange = route.nexthops.some(({ dev }) => dev !== undefined && devices?.test(dev) === false);
  return [
    ...(isStrange ? (['device', 'no-gateway', 'link-local'] as const) : []),
    ...(hasMetric(route) && outside(route.metric, metric) ? (['metric'] as const) : []),
    ...(route.table !== TABLE.main && outside(route.table, table) ? (['table'] as const) : []),
  ];
}

/** The phrase with what would have been said. */
function withValue(route: Route, phrase: string): string {
  const hop = route.nexthops[0];
  const values: Readonly<Record<string, string | number | undefined>> = {
    'the metric': route.metric,
    'the table': route.table,
    'the MTU': route.mtu,
    'the interface': hop?.dev,
    'the source address': route.source && formatAddress(route.source),
  };
  const value = values[phrase];
  return value === undefined ? phrase : `${phrase} ${value}`;
}

/** The route without these traits, and without what a language never says. */
function without(route: Route, lacks: readonly RouteTrait[]): Route {
  const { source, mtu, ...rest } = route;
  const has = traitsOf(route).filter((trait) => !lacks.includes(trait));
  const nexthops = route.nexthops.map((hop) => hopWithout(hop, lacks));
  const bare = { ...rest, nexthops, protocol: 'boot' };
  return {
    ...bare,
    ...(has.includes('metric') ? {} : { metric: route.prefix.address.family === 4 ? 0 : 1024 }),
    ...(lacks.includes('scope') && route.type === 'unicast' ? { scope: usualScope(bare) } : {}),
    ...(source && has.includes('source') ? { source } : {}),
    ...(mtu !== undefined && has.includes('mtu') ? { mtu } : {}),
  };
}

function hopWithout({ via, dev, weight, onlink }: NextHop, lacks: readonly RouteTrait[]): NextHop {
  const keepsDev = dev !== undefined && (!via || isLinkLocal6(via) || !lacks.includes('device'));
  return {
    ...(via && { via }),
    ...(keepsDev && { dev }),
    weight: lacks.includes('weight') ? 1 : weight,
    onlink: onlink && !lacks.includes('onlink'),
    dead: false,
    linkdown: false,
  };
}
