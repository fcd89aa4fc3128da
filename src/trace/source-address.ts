import { contains, isLinkLocal, isLoopback, prefixOf, sameAddress, type Address } from '../ip/index.ts';
import type { Host, InterfaceAddress, Route } from '../model/index.ts';
import type { UsedNextHop } from './own-gateway.ts';

/**
 * The source address a route gives a packet that has none yet, or null when the host has none of that family.
 * IPv4: the route's own, else the output interface's primary address that shares a network with the gateway
 * (fib_result_prefsrc, inet_select_addr in net/ipv4). IPv6: RFC 6724 as in net/ipv6/addrconf.c.
 */
export function sourceFor(host: Host, route: Route, nexthop: UsedNextHop | null, destination: Address): Address | null {
  if (route.source) return route.source;
  const dev = nexthop?.dev ?? null;
  if (destination.family === 6) return ipv6Source(host, dev, destination);
  if (route.type === 'local') return destination;
  return ipv4Source(host, dev, nexthop?.near ?? nexthop?.via ?? null, route.scope);
}

/** How far an address or a route reaches: smaller is farther (enum rt_scope_t). */
const REACH: Readonly<Record<Route['scope'], number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };

/**
 * inet_select_addr: an address of `dev` that reaches as far as `scope`, near the gateway where there is one; else any other
 * interface's.
 */
export function ipv4Source(
  host: Host,
  dev: string | null,
  near: Address | null,
  scope: Route['scope'] = 'global',
): Address | null {
  const reaches = (a: InterfaceAddress): boolean =>
    a.address.family === 4 && !a.secondary && REACH[a.scope] <= REACH[scope];
  const own = host.interfaces.find((i) => i.name === dev);
  const chosen = pickIpv4(own?.addresses.filter(reaches) ?? [], near);
  if (chosen) return chosen;
  for (const i of host.interfaces) {
    if (i === own) continue;
    const other = i.addresses.find((a) => reaches(a) && a.scope !== 'link');
    if (other) return other.address;
  }
  return null;
}

function pickIpv4(primaries: readonly InterfaceAddress[], near: Address | null): Address | null {
  const matching = near ? primaries.find((a) => contains(prefixOf(a.peer ?? a.address, a.length), near)) : undefined;
  return (matching ?? primaries[0])?.address ?? null;
}

/** RFC 6724 section 5, the rules that a static configuration can differ in. */
export function ipv6Source(host: Host, dev: string | null, destination: Address): Address | null {
  const all: { at: InterfaceAddress; dev: string }[] = host.interfaces.flatMap((i) =>
    i.addresses.filter((a) => a.address.family === 6).map((at) => ({ at, dev: i.name })),
  );
  const mustBeOnDev = isLinkLocal(destination);
  const usable = all.filter((c) => !mustBeOnDev || c.dev === dev);
  const scored = usable.map((c) => ({ address: c.at.address, score: scoreOf(c.at, c.dev === dev, destination) }));
  const best = scored.reduce<(typeof scored)[number] | null>(
    (a, b) => (a && !isBetter(b.score, a.score) ? a : b),
    null,
  );
  return best?.address ?? null;
}

function scoreOf(at: InterfaceAddress, onDev: boolean, destination: Address): number[] {
  const scope = scopeOf(at.address);
  const wanted = scopeOf(destination);
  return [
    sameAddress(at.address, destination) ? 1 : 0,
    // rule 2: the smallest scope that is not too small
    scope >= wanted ? 100 - scope : scope - 100,
    at.deprecated ? 0 : 1,
    onDev ? 1 : 0,
    labelOf(at.address) === labelOf(destination) ? 1 : 0,
    Math.min(commonBits(at.address, destination), at.length),
  ];
}

function isBetter(a: readonly number[], b: readonly number[]): boolean {
  const i = a.findIndex((n, k) => n !== b[k]);
  return i >= 0 && a[i]! > b[i]!;
}

/** ::1 counts as link-local (ipv6_addr_src_scope). */
const scopeOf = (a: Address): number => (isLinkLocal(a) || isLoopback(a) ? 2 : 14);

/** The policy table of RFC 6724 section 2.1, as far as addresses of a LAN differ by it. */
function labelOf(a: Address): number {
  if (isLoopback(a)) return 0;
  const first = a.w0 >>> 16;
  if (first === 0x2002) return 2;
  if (a.w0 === 0x20010000) return 5;
  return first >>> 9 === 0x7e ? 13 : 1;
}

function commonBits(a: Address, b: Address): number {
  let bits = 0;
  for (const word of [a.w0 ^ b.w0, a.w1 ^ b.w1, a.w2 ^ b.w2, a.w3 ^ b.w3]) {
    if (word !== 0) return bits + Math.clz32(word);
    bits += 32;
  }
  return bits;
}
