import { failure, success, type Result } from '../../ip/index.ts';
import { TABLE, type Route, type RouteType } from '../../model/index.ts';

/** Route types in the kernel's numbering (include/uapi/linux/rtnetlink.h); null stands for those not modelled. */
const ROUTE_TYPES: readonly (RouteType | null)[] = [
  null,
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
];

/** The route type that a word or, after `ip -N`, a number names; undefined for none or one that is not modelled. */
export function routeType(word: string): RouteType | undefined {
  return ROUTE_TYPES.find((type, number) => type !== null && (type === word || String(number) === word)) ?? undefined;
}

/** Whether a route of this type sends nothing on and so has no next hop. */
export const isReject = (type: RouteType): boolean =>
  type === 'unreachable' || type === 'prohibit' || type === 'blackhole' || type === 'throw';

/** Protocol numbers whose meaning is the same everywhere (include/uapi/linux/rtnetlink.h). */
const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['unspec', 0],
  ['redirect', 1],
  ['kernel', 2],
  ['boot', 3],
  ['static', 4],
  ['gated', 8],
  ['ra', 9],
  ['mrt', 10],
  ['zebra', 11],
  ['bird', 12],
  ['dnrouted', 13],
  ['xorp', 14],
  ['ntk', 15],
  ['dhcp', 16],
  ['mrouted', 17],
  ['keepalived', 18],
  ['babel', 42],
]);
/** Names of /etc/iproute2/rt_protos for numbers that others use too: kept as numbers. */
const SHARED_PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['openr', 99],
  ['bgp', 186],
  ['isis', 187],
  ['ospf', 188],
  ['rip', 189],
  ['eigrp', 192],
]);

/**
 * The protocol as the model has it: a name for the numbers below 99, else the number. `isis`, the name of 187 on some
 * systems, becomes `187`. A name known to that host alone stays as it is.
 */
export function protocolName(word: string): Result<string> {
  const shared = SHARED_PROTOCOLS.get(word);
  if (shared !== undefined) return success(String(shared));
  if (!/^\d+$/.test(word)) {
    // the letters that files in /etc/iproute2/rt_protos.d use
    if (/^[\w.+-]{1,64}$/.test(word)) return success(word);
    return failure('value-invalid', `'${clip(word)}' is not a routing protocol`, 'write a name or a number to 255');
  }
  const number = wholeNumber(word, 255);
  if (!number.ok) return number;
  for (const [name, known] of PROTOCOLS) if (known === number.value) return success(name);
  return success(String(number.value));
}

/** Scopes and their numbers; a number between takes the wider one's name. */
const SCOPES = [
  ['global', 0],
  ['site', 200],
  ['link', 253],
  ['host', 254],
  ['nowhere', 255],
] as const;

/** The scope that a word or number names. */
export function routeScope(word: string): Result<Route['scope']> {
  const named = SCOPES.find(([name]) => name === word || (name === 'global' && word === 'universe'));
  if (named) return success(named[0]);
  const number = wholeNumber(word, 255);
  if (!number.ok)
    return failure('value-invalid', `'${clip(word)}' is not a scope`, 'write global, site, link, host or nowhere');
  return success(SCOPES.findLast(([, value]) => value <= number.value)![0]);
}

/** `main`, `local`, `default` or a number from 0 to 4294967295. Names of /etc/iproute2/rt_tables are not known here. */
export function tableNumber(word: string): Result<number> {
  if (word === 'main' || word === 'local' || word === 'default') return success(TABLE[word]);
  const number = wholeNumber(word, 0xffffffff);
  if (number.ok) return number;
  return failure(
    'name-unknown',
    `'${clip(word)}' is not a table known here`,
    'write its number, as in /etc/iproute2/rt_tables',
  );
}

/**
 * As `tableNumber`; a name that only the host knows gets a number of its own from 2147483648 on, the same one for the
 * same name, so that its rules and routes still meet.
 */
export function tableNumberOrStandIn(word: string): number {
  const known = tableNumber(word);
  if (known.ok) return known.value;
  let hash = 0;
  for (const char of word) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) >>> 0;
  return 0x80000000 + (hash & 0x7fffffff);
}

/** The word for a table. */
export function tableName(table: number): string {
  if (table === TABLE.main) return 'main';
  if (table === TABLE.local) return 'local';
  return table === TABLE.default ? 'default' : String(table);
}

/** /etc/iproute2/rt_dsfield as it ships. */
const TOS: ReadonlyMap<string, number> = new Map([
  ['default', 0],
  ['AF11', 0x28],
  ['AF12', 0x30],
  ['AF13', 0x38],
  ['AF21', 0x48],
  ['AF22', 0x50],
  ['AF23', 0x58],
  ['AF31', 0x68],
  ['AF32', 0x70],
  ['AF33', 0x78],
  ['AF41', 0x88],
  ['AF42', 0x90],
  ['AF43', 0x98],
  ['CS1', 0x20],
  ['CS2', 0x40],
  ['CS3', 0x60],
  ['CS4', 0x80],
  ['CS5', 0xa0],
  ['CS6', 0xc0],
  ['CS7', 0xe0],
  ['EF', 0xb8],
]);

/** A TOS: a name, or a number that iproute2 reads as hexadecimal with or without `0x`. */
export function tosNumber(word: string): Result<number> {
  const named = TOS.get(word);
  if (named !== undefined) return success(named);
  if (/^(0x)?[0-9a-f]{1,2}$/i.test(word)) return success(parseInt(word, 16));
  return failure('value-invalid', `'${clip(word)}' is not a TOS`, 'write a hexadecimal number such as 0x10');
}

/** `0x10`. */
export const formatHex = (value: number): string => `0x${value.toString(16)}`;

/** IP protocols that `ip rule` prints by name (/etc/protocols). */
const IP_PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['tcp', 6],
  ['udp', 17],
  ['ipv6', 41],
  ['gre', 47],
  ['esp', 50],
  ['ah', 51],
  ['ipv6-icmp', 58],
  ['icmpv6', 58],
  ['ospf', 89],
  ['sctp', 132],
  ['udplite', 136],
]);

/** The number of an IP protocol given by name or number. */
export function ipProtocol(word: string): Result<number> {
  // `ip -N` writes numbers behind its own word
  const plain = word.toLowerCase().replace(/^ipproto-/, '');
  const named = IP_PROTOCOLS.get(plain);
  if (named !== undefined) return success(named);
  const number = wholeNumber(plain, 255);
  return number.ok
    ? number
    : failure('value-invalid', `'${clip(word)}' is not an IP protocol`, 'write tcp, udp, icmp or a number');
}

/** The word for an IP protocol: its name where it has one. */
export function ipProtocolName(number: number): string {
  for (const [name, value] of IP_PROTOCOLS) if (value === number) return name;
  return String(number);
}

/** A whole number from 0 to `max`, decimal or with `0x`. */
export function wholeNumber(word: string, max: number): Result<number> {
  const number = /^(\d{1,10}|0x[0-9a-f]{1,8})$/i.test(word) ? Number(word) : NaN;
  if (number <= max) return success(number);
  return failure('value-invalid', `'${clip(word)}' is not a number from 0 to ${max}`);
}

/** Reads `wholeNumber` with that maximum. */
export const upTo =
  (max: number) =>
  (word: string): Result<number> =>
    wholeNumber(word, max);

/**
 * An interface name as the kernel allows it, other names of it (`altname`) included: no white space, no `/`, no `:`
 * (net/core/dev.c, dev_valid_name).
 */
export function interfaceName(word: string): Result<string> {
  if (/^[^\s/:\p{Cc}]{1,127}$/u.test(word) && word !== '.' && word !== '..') return success(word);
  return failure('value-invalid', `'${clip(word)}' is not an interface name`);
}

/**
 * A link-layer address as `ip` prints it, in lower case: a MAC address, the longer one of InfiniBand, or the address at
 * which a tunnel ends (lib/ll_addr.c). Undefined for anything else.
 */
export function linkAddress(word: string | undefined): string | undefined {
  return word !== undefined && /^[\da-f]{1,4}([.:][\da-f]{0,4}){1,31}$/i.test(word) ? word.toLowerCase() : undefined;
}

/** A user's word for a message, cut to a bearable length. */
export const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);
