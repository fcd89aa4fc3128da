import { isMulticast, sameAddress } from '../../ip/index.ts';
import { interfaceNamed, type FibFlag, type Value } from '../../model/index.ts';
import type { LookupResult } from '../fib-lookup.ts';
import { keyOf, limitDevice, routeDevice, type Asker } from './fib-question.ts';
import type { Datum, Reader, Run } from './run.ts';

type FibValue = Extract<Value, { kind: 'fib' }>;

/**
 * Reads what nft's `fib` gives (net/ipv4/netfilter/nft_fib_ipv4.c, net/ipv6/netfilter/nft_fib_ipv6.c), and for
 * iptables what addrtype and rpfilter ask.
 */
export function fibReader(value: FibValue, engine: Asker['engine']): Reader {
  const asker = { engine, flags: new Set(value.flags) };
  if (value.result === 'type') return (run) => addressType(run, asker);
  return (run) => answer(run, value.result, routeDevice(run, asker));
}

function answer(run: Run, result: FibValue['result'], dev: string | null): Datum {
  if (result === 'present') return dev === null ? 0 : 1;
  if (result === 'oifname') return dev ?? '';
  return dev === null ? 0 : (interfaceNamed(run.context.host, dev)?.index ?? 0);
}

function addressType(run: Run, asker: Asker): string {
  const { fib } = run.context;
  const dev = limitDevice(run, asker.flags) ?? undefined;
  if (run.packet.family === 4) return fib.addressType(addressOf(run, asker.flags), dev);
  return asker.engine === 'nftables' ? nftType(run, asker, dev) : addrtype(run, asker, dev);
}

const addressOf = ({ packet }: Run, flags: ReadonlySet<FibFlag>): Run['packet']['source'] =>
  flags.has('saddr') ? packet.source : packet.destination;

/** __nft_fib6_eval_type: the route that this host would send by, whatever interface packets come in by. */
function nftType(run: Run, asker: Asker, dev: string | undefined): string {
  const address = addressOf(run, asker.flags);
  if (isMulticast(address)) return 'multicast';
  const found = run.context.fib.lookup({ ...keyOf(run, asker), iif: 'lo' });
  if (!found.ok) return BY_ERROR[found.error] ?? 'unreachable';
  return ownType(run, found, address, dev) ?? 'unicast';
}

const BY_ERROR: Readonly<Partial<Record<string, string>>> = { EINVAL: 'blackhole', EACCES: 'prohibit' };

/** match_lookup_rt6 of xt_addrtype.c looks for nothing but the address, and calls every failure unreachable. */
function addrtype(run: Run, { flags }: Asker, dev: string | undefined): string {
  const address = addressOf(run, flags);
  const plain = { source: null, iif: 'lo', mark: 0, tos: 0, protocol: 0, sourcePort: 0, destinationPort: 0 };
  const found = run.context.fib.lookup({ ...plain, destination: address, ...(dev === undefined ? {} : { oif: dev }) });
  if (!found.ok) return 'unreachable';
  return ownType(run, found, address, dev) ?? 'unicast';
}

type Found = Extract<LookupResult, { ok: true }>;

/** Null for an address of somebody else. With an interface the address must be one of its own. */
function ownType(run: Run, { route }: Found, address: Run['packet']['source'], dev: string | undefined): string | null {
  const { prefix, type, nexthops } = route;
  // ipv6_anycast_destination: the first address of a prefix on the link is its routers'
  const isRouters = prefix.length < 127 && !nexthops[0]?.via && sameAddress(prefix.address, address);
  if (type === 'anycast' || (type === 'unicast' && isRouters)) return 'anycast';
  if (dev === undefined) return type === 'local' ? 'local' : null;
  const own = interfaceNamed(run.context.host, dev)?.addresses ?? [];
  return own.some((a) => sameAddress(a.address, address)) ? 'local' : null;
}
