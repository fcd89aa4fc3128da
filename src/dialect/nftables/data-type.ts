import { parseAddress, type Address } from '../../ip/index.ts';
import { PROTOCOLS } from '../protocols.ts';
import type { Json } from './json.ts';

/** nft's name of a data type (`nft describe`), or one a part for a concatenation. `address` is of either family. */
export type KeyType = string | readonly string[];

/** A value that needs no packet. */
export type Scalar =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'text'; readonly text: string };

/** nft itself knows these protocol names; the others only when /etc/protocols is there, so they are printed as numbers. */
const OWN_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  dccp: 33,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  comp: 108,
  sctp: 132,
  udplite: 136,
};

// from `nft describe TYPE` of nft 1.0.6; where a number has two names the first is printed
const WORDS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  inet_proto: { ...OWN_PROTOCOLS, ...PROTOCOLS, ospfigp: 89, mptcp: 262 },
  icmp_type: {
    'echo-reply': 0,
    'destination-unreachable': 3,
    'source-quench': 4,
    redirect: 5,
    'echo-request': 8,
    'router-advertisement': 9,
    'router-solicitation': 10,
    'time-exceeded': 11,
    'parameter-problem': 12,
    'timestamp-request': 13,
    'timestamp-reply': 14,
    'info-request': 15,
    'info-reply': 16,
    'address-mask-request': 17,
    'address-mask-reply': 18,
  },
  icmpv6_type: {
    'destination-unreachable': 1,
    'packet-too-big': 2,
    'time-exceeded': 3,
    'parameter-problem': 4,
    'echo-request': 128,
    'echo-reply': 129,
    'mld-listener-query': 130,
    'mld-listener-report': 131,
    'mld-listener-done': 132,
    'mld-listener-reduction': 132,
    'nd-router-solicit': 133,
    'nd-router-advert': 134,
    'nd-neighbor-solicit': 135,
    'nd-neighbor-advert': 136,
    'nd-redirect': 137,
    'router-renumbering': 138,
    'ind-neighbor-solicit': 141,
    'ind-neighbor-advert': 142,
    'mld2-listener-report': 143,
  },
  icmp_code: {
    'net-unreachable': 0,
    'host-unreachable': 1,
    'prot-unreachable': 2,
    'port-unreachable': 3,
    'frag-needed': 4,
    'net-prohibited': 9,
    'host-prohibited': 10,
    'admin-prohibited': 13,
  },
  icmpv6_code: {
    'no-route': 0,
    'admin-prohibited': 1,
    'addr-unreachable': 3,
    'port-unreachable': 4,
    'policy-fail': 5,
    'reject-route': 6,
  },
  dscp: {
    cs0: 0,
    cs1: 8,
    cs2: 16,
    cs3: 24,
    cs4: 32,
    cs5: 40,
    cs6: 48,
    cs7: 56,
    df: 0,
    be: 0,
    lephb: 1,
    af11: 10,
    af12: 12,
    af13: 14,
    af21: 18,
    af22: 20,
    af23: 22,
    af31: 26,
    af32: 28,
    af33: 30,
    af41: 34,
    af42: 36,
    af43: 38,
    va: 44,
    ef: 46,
  },
  tcp_flag: { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ecn: 64, cwr: 128 },
  nf_proto: { ipv4: 2, ipv6: 10 },
  ether_type: { ip: 0x800, arp: 0x806, ip6: 0x86dd, vlan: 0x8100, '8021q': 0x8100, '8021ad': 0x88a8 },
  iface_type: { ether: 1, ppp: 512, ipip: 768, ipip6: 769, loopback: 772, sit: 776, ipgre: 778 },
  classid: { none: 0, root: 0xffffffff },
};

const NUMBERS = new Map(Object.entries(WORDS).map(([type, words]) => [type, new Map(Object.entries(words))]));
const NAMES = new Map([...NUMBERS].map(([type, words]) => [type, namesOf(type, words)]));
const NAMED_TEXT = new Set(['ifname', 'iface_index', 'ct_state', 'ct_status', 'ct_dir', 'pkt_type', 'fib_addrtype']);
const NUMERIC = new Set(['inet_service', 'mark', 'integer', 'uid', 'gid', ...NUMBERS.keys()]);
const ADDRESSES = new Set(['ipv4_addr', 'ipv6_addr', 'address']);

function namesOf(type: string, words: ReadonlyMap<string, number>): ReadonlyMap<number, string> {
  const list = type === 'inet_proto' ? Object.entries(OWN_PROTOCOLS) : [...words];
  return new Map(list.reverse().map(([name, number]) => [number, name]));
}

/** nft's word for a number of that type; undefined when it has none. */
export const nameOfNumber = (type: string, number: number): string | undefined => NAMES.get(type)?.get(number);

/** The number that a word of that type stands for. */
export const numberOfName = (type: string, name: string): number | undefined => NUMBERS.get(type)?.get(name);

/** Whether values of the type are interface names, which nft writes in quotes. */
export const isInterfaceType = (type: KeyType): boolean => type === 'ifname' || type === 'iface_index';

/** Whether values of the type are addresses. */
export const isAddressType = (type: KeyType): boolean => typeof type === 'string' && ADDRESSES.has(type);

/** Reads one plain JSON value of the type; null when it is none, or not of this type. Unknown types keep what is there. */
export function readScalar(type: string, json: Json | undefined): Scalar | null {
  if (typeof json === 'number') return readNumber(type, json);
  if (typeof json !== 'string') return null;
  if (ADDRESSES.has(type)) return readAddress(type, json);
  if (type === 'iface_index' && /^\d{1,10}$/.test(json)) return { kind: 'number', number: Number(json) };
  if (!NUMERIC.has(type)) return { kind: 'text', text: type === 'pkt_type' && json === 'unicast' ? 'host' : json };
  const number = numberOfName(type, json) ?? numberFromText(type, json);
  return number === null ? null : { kind: 'number', number };
}

function readNumber(type: string, number: number): Scalar | null {
  const isName = NAMED_TEXT.has(type) && type !== 'iface_index';
  if (!Number.isSafeInteger(number) || number < 0 || isName || ADDRESSES.has(type)) return null;
  return { kind: 'number', number };
}

function readAddress(type: string, text: string): Scalar | null {
  const address = parseAddress(text);
  if (!address.ok) return null;
  const family = type === 'ipv4_addr' ? 4 : type === 'ipv6_addr' ? 6 : address.value.family;
  return family === address.value.family ? { kind: 'address', address: address.value } : null;
}

function numberFromText(type: string, text: string): number | null {
  // nft 1.0.6 lists a port behind a match of several protocols as `0x50 [invalid type]`
  const plain = /^(\d{1,15}|0x[0-9a-f]{1,12})(?: \[invalid type\])?$/i.exec(text);
  if (plain) return Number(plain[1]);
  // tc's MAJOR:MINOR, both hexadecimal
  const handle = type === 'classid' ? /^([0-9a-f]{0,4}):([0-9a-f]{0,4})$/i.exec(text) : null;
  return handle ? parseInt(handle[1] || '0', 16) * 65536 + parseInt(handle[2] || '0', 16) : null;
}
