import {
  isLimitedBroadcast,
  isLinkLocal,
  isMulticast,
  isUnspecified,
  isZeroNet,
  samePrefix,
  type Address,
} from '../../ip/index.ts';
import { interfaceNamed, type FibFlag, type FilterTable, type Route } from '../../model/index.ts';
import type { LookupResult } from '../fib-lookup.ts';
import type { FlowKey } from '../flow-key.ts';
import type { Run } from './run.ts';

/** Who asks the routing tables, and about what. */
export interface Asker {
  readonly engine: FilterTable['engine'];
  readonly flags: ReadonlySet<FibFlag>;
}

/** The interface that the answer is limited to. */
export function limitDevice({ context }: Run, flags: ReadonlySet<FibFlag>): string | null {
  if (flags.has('oif')) return context.out;
  return flags.has('iif') ? context.in : null;
}

const usable = (a: Address): Address | null =>
  isMulticast(a) || isZeroNet(a) || isLimitedBroadcast(a) || isUnspecified(a) ? null : a;

/** What is looked up: ports are never, and iptables' rpfilter leaves IPv4's protocol out. */
export function keyOf(run: Run, { engine, flags }: Asker): FlowKey {
  const { packet, context } = run;
  const isSource = flags.has('saddr');
  const [destination, from] = isSource ? [packet.source, packet.destination] : [packet.destination, packet.source];
  const back = isSource && context.hook === 'forward' && flags.has('iif') ? context.out : null;
  const dev = limitDevice(run, flags) ?? context.in ?? context.out;
  return {
    destination,
    source: usable(from),
    iif: back ?? 'lo',
    ...(packet.family === 6 && isLinkLocal(destination) && dev !== null ? { oif: dev } : {}),
    mark: flags.has('mark') ? packet.mark : 0,
    tos: packet.tos,
    protocol: engine === 'iptables' && packet.family === 4 ? 0 : packet.protocol,
    sourcePort: 0,
    destinationPort: 0,
  };
}

/** The interface of the route that is asked for; null when there is none, or by none of the interfaces allowed. */
export function routeDevice(run: Run, asker: Asker): string | null {
  const { packet, context } = run;
  const loopback = context.in !== null && interfaceNamed(context.host, context.in)?.kind === 'loopback';
  // nft_fib_can_skip: what comes over loopback is where it should be
  if (loopback && (context.hook === 'prerouting' || context.hook === 'input')) return context.in;
  const to = packet.destination;
  if (packet.family === 4 && isZeroNet(packet.source) && (isLimitedBroadcast(to) || isMulticast(to))) return context.in;
  return packet.family === 4 ? ipv4Device(run, asker) : ipv6Device(run, asker);
}

/** nft_fib4_eval and rpfilter_lookup_reverse: any of a route's ways will do. */
function ipv4Device(run: Run, asker: Asker): string | null {
  const found = run.context.fib.lookup(keyOf(run, asker));
  if (!found.ok || found.route.type === 'local') return null;
  if (asker.engine === 'iptables' && found.route.type !== 'unicast') return null;
  const wanted = limitDevice(run, asker.flags);
  return wanted === null ? (found.nexthop?.dev ?? null) : uses(found.route, wanted);
}

const uses = (route: Route, dev: string): string | null => (route.nexthops.some((n) => n.dev === dev) ? dev : null);

/** nft_fib6_eval takes the way that the packet would; rpfilter_lookup_reverse6 asks for a route by the interface. */
function ipv6Device(run: Run, asker: Asker): string | null {
  const key = keyOf(run, asker);
  const wanted = limitDevice(run, asker.flags);
  if (asker.engine === 'iptables' && wanted !== null) return sameOrWorse(run.context.fib.lookup(key), wanted);
  const found = run.context.fib.lookupWay(key);
  const dev = found.ok && !isOwn(found.route) ? (found.nexthop?.dev ?? null) : null;
  return wanted === null || wanted === dev ? dev : null;
}

const isOwn = ({ type }: Route): boolean => type === 'local' || type === 'anycast';

/** rt6_device_match: of all routes of the prefix, whatever their metric, the first by that interface. */
function sameOrWorse(found: LookupResult, dev: string): string | null {
  const { route: first, losers } = found;
  if (!first) return null;
  const others = losers
    .map((l) => l.route)
    .filter((r) => r.table === first.table && samePrefix(r.prefix, first.prefix));
  const match = [first, ...others].find((r) => uses(r, dev) !== null);
  return match && match.type === 'unicast' ? dev : null;
}
