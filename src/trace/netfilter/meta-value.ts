import { isLimitedBroadcast, isMulticast } from '../../ip/index.ts';
import { interfaceNamed, type InterfaceKind, type MetaKey } from '../../model/index.ts';
import type { Reader, Run } from './run.ts';

/** What a packet's socket or processor would tell; a packet in a trace has neither. */
const UNKNOWABLE: ReadonlySet<MetaKey> = new Set<MetaKey>(['skuid', 'skgid', 'cpu', 'priority']);

/** Whether the value cannot be known. */
export const isUnknowable = (key: MetaKey): boolean => UNKNOWABLE.has(key);

/** ARP hardware types (include/uapi/linux/if_arp.h). */
const ARP_TYPE: Readonly<Record<InterfaceKind, number>> = {
  ethernet: 1,
  bridge: 1,
  other: 1,
  loopback: 772,
  tun: 65534,
  wireguard: 65534,
  ipip: 768,
};

// A missing interface has the number 0 and an empty name, so that `oifname != "eth0"` is true (nft_meta.c)
const indexOf = (run: Run, name: string | null): number =>
  name === null ? 0 : (interfaceNamed(run.context.host, name)?.index ?? 0);

function typeOf(run: Run, name: string | null): number | undefined {
  const found = name === null ? undefined : interfaceNamed(run.context.host, name);
  return found && ARP_TYPE[found.kind];
}

function packetType(run: Run): string {
  const { destination } = run.packet;
  if (run.context.in === null) return 'host';
  if (isMulticast(destination)) return 'multicast';
  if (isLimitedBroadcast(destination)) return 'broadcast';
  return run.packet.family === 4 && run.context.fib.addressType(destination) === 'broadcast' ? 'broadcast' : 'host';
}

const READ: Readonly<Record<Exclude<MetaKey, 'skuid' | 'skgid' | 'cpu' | 'priority'>, Reader>> = {
  mark: (run) => run.packet.mark,
  iifname: (run) => run.context.in ?? '',
  oifname: (run) => run.context.out ?? '',
  iif: (run) => indexOf(run, run.context.in),
  oif: (run) => indexOf(run, run.context.out),
  iiftype: (run) => typeOf(run, run.context.in),
  oiftype: (run) => typeOf(run, run.context.out),
  l4proto: (run) => run.packet.protocol,
  nfproto: (run) => (run.packet.family === 4 ? 2 : 10),
  protocol: (run) => (run.packet.family === 4 ? 0x0800 : 0x86dd),
  length: (run) => run.packet.length,
  pkttype: packetType,
};

/** Reads what nft's `meta` gives (net/netfilter/nft_meta.c). `byName`: interfaces are compared by name. */
export function metaReader(key: MetaKey, byName: boolean): Reader {
  if (key === 'skuid' || key === 'skgid' || key === 'cpu' || key === 'priority') return () => undefined;
  if (byName && key === 'iif') return READ.iifname;
  if (byName && key === 'oif') return READ.oifname;
  return READ[key];
}
