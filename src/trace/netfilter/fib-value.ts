import { isLimitedBroadcast, isMulticast, isZeroNet, type Address } from '../../ip/index.ts';
import { interfaceNamed, type FibFlag, type Value } from '../../model/index.ts';
import type { Datum, Reader, Run } from './run.ts';

type FibValue = Extract<Value, { kind: 'fib' }>;

/** Reads what nft's `fib` gives (net/ipv4/netfilter/nft_fib_ipv4.c, net/ipv6/netfilter/nft_fib_ipv6.c). */
export function fibReader(value: FibValue): Reader {
  const flags = new Set(value.flags);
  if (value.result === 'type') return (run) => addressType(run, flags);
  return (run) => answer(run, value.result, routeDevice(run, flags));
}

function answer(run: Run, result: FibValue['result'], dev: string | null): Datum {
  if (result === 'present') return dev === null ? 0 : 1;
  if (result === 'oifname') return dev ?? '';
  return dev === null ? 0 : (interfaceNamed(run.context.host, dev)?.index ?? 0);
}

function device(run: Run, flags: ReadonlySet<FibFlag>): string | null {
  if (flags.has('oif')) return run.context.out;
  return flags.has('iif') ? run.context.in : null;
}

function addressType(run: Run, flags: ReadonlySet<FibFlag>): string {
  const address = flags.has('saddr') ? run.packet.source : run.packet.destination;
  return run.context.fib.addressType(address, device(run, flags) ?? undefined);
}

function routeDevice(run: Run, flags: ReadonlySet<FibFlag>): string | null {
  const { packet, context } = run;
  const loopback = context.in !== null && interfaceNamed(context.host, context.in)?.kind === 'loopback';
  // nft_fib_can_skip: what comes over loopback is where it should be
  if (loopback && (context.hook === 'prerouting' || context.hook === 'input')) return context.in;
  const other = packet.destination;
  if (isZeroNet(packet.source) && (isLimitedBroadcast(other) || isMulticast(other))) return context.in;
  const [target, from] = flags.has('saddr') ? [packet.source, other] : [other, packet.source];
  if (context.fib.addressType(target) !== 'unicast') return null;
  const dev = context.fib.outputDevice(target, usable(from), flags.has('mark') ? packet.mark : 0);
  const wanted = device(run, flags);
  return wanted === null || wanted === dev ? dev : null;
}

const usable = (a: Address): Address | null => (isMulticast(a) || isZeroNet(a) || isLimitedBroadcast(a) ? null : a);
