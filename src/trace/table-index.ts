import { contains, type Address, type Family } from '../ip/index.ts';
import type { Host, Route } from '../model/index.ts';

/** The routes of one table and family, in the order in which the kernel tries those that contain an address. */
export interface RouteTable {
  /** Longest prefix first, then exact TOS, then metric, then as listed. */
  readonly routes: readonly Route[];
}

const tables = new WeakMap<Host, Map<string, RouteTable>>();

/** The host's table of that number, or undefined when it has no route in it. Built once a host. */
export function routeTable(host: Host, family: Family, number: number): RouteTable | undefined {
  let own = tables.get(host);
  if (!own) tables.set(host, (own = buildTables(host)));
  return own.get(`${family} ${number}`);
}

function buildTables(host: Host): Map<string, RouteTable> {
  const groups = new Map<string, Route[]>();
  for (const route of host.routes) {
    const key = `${route.prefix.address.family} ${route.table}`;
    const group = groups.get(key);
    if (group) group.push(route);
    else groups.set(key, [route]);
  }
  return new Map([...groups].map(([key, routes]) => [key, { routes: routes.sort(byKernelOrder) }]));
}

/** fib_trie.c sorts aliases of a prefix by TOS downwards, then by priority; later ones stand behind (append). */
function byKernelOrder(a: Route, b: Route): number {
  return b.prefix.length - a.prefix.length || b.tos - a.tos || a.metric - b.metric;
}

/** The routes that contain the address, in the kernel's order. */
export function* candidates(table: RouteTable, address: Address): Generator<Route> {
  for (const route of table.routes) if (contains(route.prefix, address)) yield route;
}
