import { isLimitedBroadcast, isMulticast, isUnspecified, sameAddress, type Address } from '../ip/index.ts';
import { settingNumber, type Host, type RejectKind } from '../model/index.ts';
import type { IcmpError } from './input-route.ts';
import { PROTOCOL, TCP, type Packet } from './packet.ts';

/** What a host sends back for a packet it does not let through. */
export type Answer = { readonly kind: 'icmp'; readonly error: IcmpError } | { readonly kind: 'tcp-reset' };

/** icmpx reasons per family (net/netfilter/nft_reject.c). */
const ICMPX = {
  'no-route': { 4: [3, 0], 6: [1, 0] },
  'port-unreachable': { 4: [3, 3], 6: [1, 4] },
  'host-unreachable': { 4: [3, 1], 6: [1, 3] },
  'admin-prohibited': { 4: [3, 13], 6: [1, 1] },
} as const;

/** The answer that a firewall's reject asks for; null when the kernel would send none. */
export function answerOf(reject: RejectKind, packet: Packet): Answer | null {
  if (reject.kind === 'tcp-reset') {
    const canReset = packet.protocol === PROTOCOL.tcp && (packet.tcpFlags & TCP.rst) === 0;
    return canReset ? { kind: 'tcp-reset' } : null;
  }
  if (reject.kind === 'icmp') return { kind: 'icmp', error: { type: reject.type, code: reject.code } };
  const [type, code] = ICMPX[reject.reason][packet.family];
  return { kind: 'icmp', error: { type, code } };
}

/** Whether a packet is an ICMP error: none is ever sent about one (RFC 1122 3.2.2, RFC 4443 2.4). */
export const isIcmpError = (p: Packet): boolean =>
  p.protocol === PROTOCOL.icmp
    ? [3, 4, 5, 11, 12].includes(p.icmpType)
    : p.protocol === PROTOCOL.icmpv6 && p.icmpType < 128;

/** Whether the kernel may answer this packet with an ICMP error at all. */
export function mayAnswer(packet: Packet): boolean {
  // icmp6_send; IPv4 answers itself when it sent without an address
  if (isIcmpError(packet) || (packet.family === 6 && isUnspecified(packet.source))) return false;
  return !isMulticast(packet.source) && !isMulticast(packet.destination) && !isLimitedBroadcast(packet.destination);
}

/** The packet that carries an answer; its source counts only when `hasSource`, else routing picks one. */
export interface AnswerPacket {
  readonly packet: Packet;
  readonly hasSource: boolean;
}

/**
 * The packet that carries the answer. It speaks with the address that the packet was sent to when that is the host's own;
 * IPv4 asks whether routing said so (`routedHere`, __icmp_send), IPv6 looks at the address (icmp6_send).
 */
export function answerPacket(host: Host, answer: Answer, about: Packet, routedHere: boolean): AnswerPacket {
  const reflect = settingNumber(host, `ipv${about.family}/fwmark_reflect`) > 0;
  const base = {
    family: about.family,
    source: about.destination,
    destination: about.source,
    ttl: about.family === 4 ? settingNumber(host, 'ipv4/ip_default_ttl') || 64 : 64,
    mark: reflect ? about.mark : 0,
  };
  if (answer.kind === 'tcp-reset') {
    const ports = { sourcePort: about.destinationPort, destinationPort: about.sourcePort };
    const packet = {
      ...base,
      ...ports,
      protocol: PROTOCOL.tcp,
      icmpType: -1,
      icmpCode: -1,
      tcpFlags: TCP.rst | TCP.ack,
      tos: 0,
      length: 40,
    };
    return { packet, hasSource: true };
  }
  const packet: Packet = {
    ...base,
    protocol: about.family === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6,
    sourcePort: 0,
    destinationPort: 0,
    icmpType: answer.error.type,
    icmpCode: answer.error.code,
    tcpFlags: 0,
    tos: about.family === 4 ? (about.tos & 0x1e) | 0xc0 : 0,
    length: Math.min(576, about.length + 28),
    inner: about,
  };
  return { packet, hasSource: isOurs(host, about.destination, routedHere) };
}

/**
 * IPv6 wants an address of an interface (ipv6_chk_addr), IPv4 the word of its routing: then nothing is sent where another
 * table than the local one made the address the host's own (ip_route_output_key_hash_rcu).
 */
function isOurs(host: Host, address: Address, routedHere: boolean): boolean {
  if (address.family === 4) return routedHere;
  return host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, address)));
}
