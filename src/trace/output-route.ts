import { isLimitedBroadcast, isLoopback, isMulticast, isZeroNet, sameAddress, type Address } from '../ip/index.ts';
import { interfaceKey, settingNumber, type Host, type Route } from '../model/index.ts';
import { isOwnAddress } from './fib.ts';
import { fibLookup, type LookupWatch } from './fib-lookup.ts';
import type { FlowKey } from './flow-key.ts';
import { PROTOCOL, type Packet } from './packet.ts';
import { transportSeen } from './policy-rules.ts';
import { sourceFor } from './source-address.ts';
import type { Step } from './step.ts';
import type { WayResult } from './way.ts';
import { deviceFor, type World } from './world.ts';

/** How an output lookup is made. */
export interface OutputLookup {
  readonly packet: Packet;
  /** Null: the route picks the source. */
  readonly source: Address | null;
  /** An address that is not the host's own is allowed as a source (FLOWI_FLAG_ANYSRC). */
  readonly anySource: boolean;
  /** The interface that the request came in by, for IPv6 echo replies (icmpv6_echo_reply). */
  readonly towards?: string;
  /** The packet is made already and routed anew (ip_route_me_harder, ip6_route_me_harder). */
  readonly again?: boolean;
  /** The interface that it must leave by. */
  readonly oif?: string;
  readonly record: (step: Step) => void;
  readonly watch?: LookupWatch;
}

/** ip_route_output_key_hash_rcu and ip6_route_output: the route of a packet that this host sends. */
export function outputRoute(world: Pick<World, 'choices' | 'redirects'>, host: Host, ask: OutputLookup): WayResult {
  const { packet, source } = ask;
  if (source?.family === 4 && (isMulticast(source) || isLimitedBroadcast(source) || isZeroNet(source)))
    return { way: null, error: 'EINVAL' };
  if (source && !ask.anySource && !mayUse(host, source, packet)) return { way: null, error: 'ENETUNREACH' };
  if (source && isForAll(packet.destination)) return bySource(host, source, ask);
  const found = fibLookup(host, keyOf(host, ask), world.choices, ask.watch);
  const destination = packet.destination;
  if (!found.ok) {
    const because = [found.route?.fact ?? found.rule?.fact ?? noRoute(host)];
    const named = { ...(found.rule ? { rule: found.rule } : {}), ...(found.route ? { route: found.route } : {}) };
    ask.record({
      stage: 'route',
      action: { kind: 'not-routed', destination, losers: found.losers, ...named },
      because,
    });
    return { way: null, error: found.error };
  }
  const { route, nexthop, rule, losers, branch } = found;
  const learnt = [...world.redirects]
    .reverse()
    .find((r) => r.host === host.name && sameAddress(r.destination, destination));
  const via = learnt?.gateway ?? (asksGateway(destination, route) ? nexthop?.via : null) ?? null;
  const isLocal = route.type === 'local' || route.type === 'anycast';
  const dev = isLocal ? 'lo' : (nexthop?.dev ?? (via ? deviceFor(host, via) : null) ?? 'lo');
  const chosen = source ?? sourceFor(host, route, nexthop, destination);
  if (chosen && mustStayInside(host, chosen, dev)) return { way: null, error: 'EINVAL' };
  ask.record({
    stage: 'route',
    action: { kind: 'routed', destination, route, rule, dev, via, losers, ...(branch ? { branch } : {}) },
    because: [route.fact],
  });
  return { way: { dev, via: isLocal ? null : via, source: chosen, mtu: route.mtu ?? null, local: isLocal } };
}

/** An IPv4 multicast or limited broadcast. */
const isForAll = (a: Address): boolean => a.family === 4 && (isMulticast(a) || isLimitedBroadcast(a));

/** ip_route_output_key_hash_rcu asks no table where such packets come from an address: they leave by its interface. */
function bySource(host: Host, source: Address, { packet, record }: OutputLookup): WayResult {
  const { destination } = packet;
  const dev = host.interfaces.find((i) => i.addresses.some((a) => sameAddress(a.address, source)))?.name ?? 'lo';
  record({ stage: 'route', action: { kind: 'routed-by-source', destination, dev }, because: [] });
  return { way: { dev, via: null, source, mtu: null } };
}

/** __mkroute_output: broadcasts go to no gateway, multicasts only to that of a route of their own. */
function asksGateway(destination: Address, { prefix }: Route): boolean {
  if (!isForAll(destination)) return true;
  return isMulticast(destination) && prefix.length >= 4;
}

/** __mkroute_output: 127.0.0.1 does not leave the host, unless route_localnet lets it. */
function mustStayInside(host: Host, source: Address, dev: string): boolean {
  if (source.family === 6 || !isLoopback(source) || dev === 'lo') return false;
  return !['all', dev].some((d) => settingNumber(host, interfaceKey(4, d, 'route_localnet')) > 0);
}

/** IPv4 asks the local table; IPv6 asks nobody, but a datagram's socket must have the address (ip6_datagram_send_ctl). */
function mayUse(host: Host, source: Address, packet: Packet): boolean {
  if (source.family === 4) return isOwnAddress(host, source);
  if (isMulticast(source)) return false;
  if (packet.protocol !== PROTOCOL.udp) return true;
  return host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, source)));
}

function keyOf(host: Host, { packet, source, towards, again, oif }: OutputLookup): FlowKey {
  const { protocol, sourcePort, destinationPort } = again ? transportSeen(host, packet) : packet;
  return {
    ...(towards === undefined ? {} : { towards, near: towards }),
    ...(oif === undefined ? {} : { oif }),
    destination: packet.destination,
    source,
    iif: 'lo',
    mark: packet.mark,
    // icmpv6_echo_reply keeps the traffic class for the packet, not for its route
    tos: packet.icmpType === 129 ? 0 : packet.tos,
    protocol,
    sourcePort,
    destinationPort,
  };
}

/** The fact that says that no route fits. */
export const noRoute = (host: Host): { source: string; line: number; text: string } => ({
  source: host.fact.source,
  line: 0,
  text: 'no route matches',
});
