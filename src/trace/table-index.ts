import { buildPrefixTable, contains, samePrefix, type Address, type Family } from '../ip/index.ts';
import type { Host, Route } from '../model/index.ts';

/** The routes of one table and family. */
export interface RouteTable {
  /** Those that contain the address, in the order in which the kernel tries them. */
  candidates(address: Address): readonly Route[];
}

const tables = new WeakMap<Host, Map<string, RouteTable>>();

/** The host's table of that number, or undefined when it has no route in it. Built once a host. */
export function routeTable(host: Host, family: Family, number: number): RouteTable | undefined {
  let own = tables.get(host);
  if (!own) tables.set(host, (own = buildTables(host)));
  return own.get(`${family} ${number}`);
}

/** From this many IPv4 routes on, an index pays. */
const INDEXED_FROM = 64;

function buildTables(host: Host): Map<string, RouteTable> {
  const groups = new Map<string, Route[]>();
  for (const route of host.routes) {
    const key = `${route.prefix.address.family} ${route.table}`;
    const group = groups.get(key);
    if (group) group.push(route);
    else groups.set(key, [route]);
  }
  const build = (key: string, routes: Route[]): RouteTable =>
    key.startsWith('4') && routes.length >= INDEXED_FROM ? indexed(routes) : scanned(routes);
  return new Map([...groups].map(([key, routes]) => [key, build(key, routes.sort(byKernelOrder))]));
}

/** fib_trie.c sorts aliases of a prefix by TOS downwards, then by priority; later ones stand behind (append). */
function byKernelOrder(a: Route, b: Route): number {
  return b.prefix.length - a.prefix.length || b.tos - a.tos || a.metric - b.metric;
}

function scanned(routes: readonly Route[]): RouteTable {
  return { candidates: (address) => routes.filter((r) => contains(r.prefix, address)) };
}

/** Routes of the same prefix make one row; a row leads to the next shorter one. */
function indexed(routes: readonly Route[]): RouteTable {
  const sorted = [...routes].sort((a, b) => a.prefix.address.w3 - b.prefix.address.w3 || byKernelOrder(a, b));
  const rows: Route[][] = [];
  for (const route of sorted) {
    const last = rows.at(-1);
    if (last && samePrefix(last[0]!.prefix, route.prefix)) last.push(route);
    else rows.push([route]);
  }
  const table = buildPrefixTable({
    address: Uint32Array.from(rows, (r) => r[0]!.prefix.address.w3),
    length: Uint8Array.from(rows, (r) => r[0]!.prefix.length),
  });
  return {
    candidates(address) {
      const found: Route[] = [];
      for (let row = table.lookup(address.w3); row >= 0; row = table.parent(row)) found.push(...rows[row]!);
      return found;
    },
  };
}
