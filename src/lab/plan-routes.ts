import type { Diagnostic, Family } from '../ip/index.ts';
import { TABLE, type Host, type Route } from '../model/index.ts';
import { formatRoute, routeAddWords } from '../dialect/index.ts';
import type { IpLine } from './ip-line.ts';
import { limit } from './limit.ts';

/** Lines for `ip -batch -` that add a host's routes of one family, in an order in which gateways are known. */
export function routeLines(
  host: Host,
  family: Family,
): { lines: readonly IpLine[]; diagnostics: readonly Diagnostic[] } {
  const own = host.routes.filter((r) => r.prefix.address.family === family && !isMadeByKernel(r));
  const up = new Set(['lo', ...host.interfaces.filter((i) => i.up).map((i) => i.name)]);
  const isUsable = (r: Route): boolean => r.nexthops.every((hop) => hop.dev === undefined || up.has(hop.dev));
  const left = own.filter((r) => !isUsable(r));
  const usable = inAddableOrder(own.filter(isUsable));
  return {
    lines: usable.map((r) => ['route', 'append', ...routeAddWords(r)]),
    diagnostics: left.map((r) =>
      limit(`${host.name}: the route '${formatRoute(r)}' is left out, since its interface is down`, r.fact),
    ),
  };
}

/** What comes with an address or with `lo`, and can't be written. */
function isMadeByKernel(route: Route): boolean {
  if (route.protocol !== 'kernel') return false;
  if (route.table === TABLE.local || route.type !== 'unicast') return true;
  return route.nexthops.every((hop) => hop.dev === 'lo');
}

/**
 * Routes of the same prefix, table, metric and TOS keep their order, since the first of them wins. Groups without a
 * gateway come first: the kernel wants to find a gateway on a link when it takes a route to it.
 */
function inAddableOrder(routes: readonly Route[]): readonly Route[] {
  const groups = new Map<string, Route[]>();
  for (const r of routes) {
    const { prefix: p, table, metric, tos } = r;
    const key = [p.address.w0, p.address.w1, p.address.w2, p.address.w3, p.length, table, metric, tos].join();
    const group = groups.get(key);
    if (group) group.push(r);
    else groups.set(key, [r]);
  }
  const all = [...groups.values()];
  const needs = (group: readonly Route[]): number => {
    const behind = group.filter((r) => r.nexthops.some((hop) => hop.via)).length;
    return behind === 0 ? 0 : behind < group.length ? 1 : 2;
  };
  return [0, 1, 2].flatMap((n) => all.filter((g) => needs(g) === n)).flat();
}
