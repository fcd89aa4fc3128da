import { WRONG, type Path } from '../dialect/yaml/index.ts';
import { contains, formatAddress, formatPrefix, type Address } from '../ip/index.ts';
import { defaultRules, TABLE, type Interface, type NextHop, type Route, type Rule } from '../model/index.ts';
import { parseRouteWords, parseRuleWords } from '../dialect/index.ts';
import type { NetworkFileReader } from './network-file-reader.ts';

/** What a host has before its written routes are added. */
export interface RoutesBefore {
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
}

/**
 * A host's routes with those written added, as `ip route add` would do it one after the other: a gateway's interface is
 * looked up as the kernel does it, and a route that is there already is refused, unless `ip route append` or `prepend`
 * is written. What facts have and is written again is there once. Codes: those of `parseRouteWords`, `name-unknown`,
 * `name-duplicate`.
 */
export function readRoutes(
  words: readonly string[],
  path: Path,
  before: RoutesBefore,
  reader: NetworkFileReader,
): readonly Route[] {
  const routes = [...before.routes];
  // few of many: a gateway is looked up among these
  const onLink = routes.filter(isOnLink);
  const seen = new Map(routes.map((r) => [routeKey(r), r]));
  for (const [i, text] of words.entries()) {
    if (text === WRONG) continue;
    const at = [...path, i];
    const read = reader.take(parseRouteWords(text, reader.place(at)));
    if (!read || !knowsDevices(read, before.interfaces, at, reader)) continue;
    const route = { ...read, nexthops: read.nexthops.map((hop) => withDevice(hop, onLink)) };
    const verb = /^(?:sudo\s+)?ip\s.*?\b(append|prepend)\s/.exec(text)?.[1];
    const same = verb === undefined ? seen.get(routeKey(route)) : undefined;
    if (!same) {
      for (const list of isOnLink(route) ? [routes, onLink] : [routes])
        if (verb === 'prepend') list.unshift(route);
        else list.push(route);
      seen.set(routeKey(route), route);
    } else if (!before.routes.includes(same) || same.protocol === 'kernel') {
      const message = `there is a route to ${formatPrefix(route.prefix)} with this metric already`;
      reader.note('name-duplicate', message, at, `write another metric, such as 'metric 100'`);
    }
  }
  return routes;
}

/** What the kernel takes for the same route: IPv4 by prefix, TOS and metric; IPv6 by the next hop too. */
export function routeKey(route: Route): string {
  const { prefix, table, tos, metric, nexthops } = route;
  const key = [formatPrefix(prefix), table, tos, metric];
  if (prefix.address.family === 4) return key.join(' ');
  return [...key, ...nexthops.map((h) => `${h.dev ?? ''} ${h.via ? formatAddress(h.via) : ''}`)].join(' ');
}

function knowsDevices(route: Route, interfaces: readonly Interface[], path: Path, reader: NetworkFileReader): boolean {
  const names = interfaces.map((i) => i.name);
  const unknown = route.nexthops.flatMap((hop) => (hop.dev === undefined || names.includes(hop.dev) ? [] : [hop.dev]));
  for (const dev of unknown) {
    const hint = reader.nearest(dev, names) ?? `there are ${names.join(', ')}`;
    reader.note('name-unknown', `this host has no interface '${dev}'`, path, hint);
  }
  return unknown.length === 0;
}

/** The kernel fixes the interface when the route is made: the one its on-link routes give for the gateway (fib_semantics.c). */
function withDevice(hop: NextHop, routes: readonly Route[]): NextHop {
  if (hop.dev !== undefined || !hop.via) return hop;
  const dev = onLinkDevice(routes, hop.via);
  return dev === undefined ? hop : { ...hop, dev };
}

/** Whether the route says that what it covers is on a link. */
function isOnLink({ type, table, nexthops: [hop] }: Route): boolean {
  return type === 'unicast' && table === TABLE.main && hop?.dev !== undefined && !hop.via;
}

/** The interface whose on-link route covers the address best; undefined when it is on no link of the host. */
export function onLinkDevice(routes: readonly Route[], address: Address): string | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    if (!isOnLink(route) || !contains(route.prefix, address)) continue;
    if (!best || route.prefix.length > best.prefix.length) best = route;
  }
  return best?.nexthops[0]?.dev;
}

/**
 * A host's rules with those written added as `ip rule add` would: without a priority, in front of all but the first.
 * Codes: those of `parseRuleWords`.
 */
export function readRules(
  words: readonly string[],
  path: Path,
  before: readonly Rule[],
  reader: NetworkFileReader,
): readonly Rule[] {
  let rules = before;
  for (const [i, text] of words.entries()) {
    if (text === WRONG) continue;
    const read = reader.take(parseRuleWords(text, reader.place([...path, i]), -1));
    if (!read) continue;
    const lowest = Math.min(
      32766,
      ...rules.filter((r) => r.family === read.family && r.priority > 0).map((r) => r.priority),
    );
    const rule = read.priority < 0 ? { ...read, priority: lowest - 1 } : read;
    rules = [...rules, rule].sort((a, b) => a.priority - b.priority);
  }
  return rules;
}

/** The rules a kernel starts with, both families. */
export const startingRules = (): readonly Rule[] =>
  [...defaultRules(4), ...defaultRules(6)].sort((a, b) => a.priority - b.priority);
