import { contains, formatPrefix, samePrefix, type Address } from '../ip/index.ts';
import { defaultRules, TABLE, type Interface, type NextHop, type Route, type Rule } from '../model/index.ts';
import { parseRouteWords, parseRuleWords } from '../dialect/index.ts';
import type { Path } from './network-file-document.ts';
import type { NetworkFileReader } from './network-file-reader.ts';
import { WRONG } from './network-file-shape.ts';

/** What a host has before its written routes are added. */
export interface RoutesBefore {
  readonly interfaces: readonly Interface[];
  readonly routes: readonly Route[];
}

/**
 * The routes written for a host, as `ip route add` would make them one after the other: a gateway's interface is looked
 * up as the kernel does it, and a route that is there already is refused. Codes: those of `parseRouteWords`,
 * `name-unknown`, `name-duplicate`.
 */
export function readRoutes(
  words: readonly string[],
  path: Path,
  before: RoutesBefore,
  reader: NetworkFileReader,
): readonly Route[] {
  const added: Route[] = [];
  for (const [i, text] of words.entries()) {
    if (text === WRONG) continue;
    const at = [...path, i];
    const read = reader.take(parseRouteWords(text, reader.place(at)));
    if (!read || !knowsDevices(read, before.interfaces, at, reader)) continue;
    const all = [...before.routes, ...added];
    const route = { ...read, nexthops: read.nexthops.map((hop) => withDevice(hop, all)) };
    const same = all.find((r) => isSameRoute(r, route));
    if (same === undefined) added.push(route);
    else if (!before.routes.includes(same) || same.protocol === 'kernel') {
      const message = `there is a route to ${formatPrefix(route.prefix)} with this metric already`;
      reader.note('name-duplicate', message, at, `write another metric, such as 'metric 100'`);
    }
  }
  return added;
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

/** The interface whose on-link route covers the address best; undefined when it is on no link of the host. */
export function onLinkDevice(routes: readonly Route[], address: Address): string | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    if (route.type !== 'unicast' || route.table !== TABLE.main || !contains(route.prefix, address)) continue;
    const hop = route.nexthops[0];
    if (hop?.dev === undefined || hop.via) continue;
    if (!best || route.prefix.length > best.prefix.length) best = route;
  }
  return best?.nexthops[0]?.dev;
}

/** What the kernel takes for the same route: IPv4 by prefix, TOS and metric; IPv6 by the next hop too. */
function isSameRoute(a: Route, b: Route): boolean {
  const same = samePrefix(a.prefix, b.prefix) && a.table === b.table && a.tos === b.tos && a.metric === b.metric;
  if (!same || a.prefix.address.family === 4) return same;
  const hop = (r: Route): string => JSON.stringify(r.nexthops.map((h) => [h.dev, h.via]));
  return hop(a) === hop(b);
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
