import type { Flow, Refusal } from '../trace/index.ts';

/** What iputils' ping prints for ICMP errors (ping/ping_common.c, pr_icmph), by `type/code`. */
const PING4: Readonly<Record<string, string>> = {
  '3/0': 'Destination Net Unreachable',
  '3/1': 'Destination Host Unreachable',
  '3/2': 'Destination Protocol Unreachable',
  '3/3': 'Destination Port Unreachable',
  '3/4': 'Frag needed and DF set',
  '3/5': 'Source Route Failed',
  '3/6': 'Destination Net Unknown',
  '3/7': 'Destination Host Unknown',
  '3/8': 'Source Host Isolated',
  '3/9': 'Destination Net Prohibited',
  '3/10': 'Destination Host Prohibited',
  '3/11': 'Destination Net Unreachable for Type of Service',
  '3/12': 'Destination Host Unreachable for Type of Service',
  '3/13': 'Packet filtered',
  '3/14': 'Precedence Violation',
  '3/15': 'Precedence Cutoff',
  '11/0': 'Time to live exceeded',
};

const PING6: Readonly<Record<string, string>> = {
  '1/0': 'Destination unreachable: No route',
  '1/1': 'Destination unreachable: Administratively prohibited',
  '1/2': 'Destination unreachable: Beyond scope of source address',
  '1/3': 'Destination unreachable: Address unreachable',
  '1/4': 'Destination unreachable: Port unreachable',
  '2/0': 'Packet too big',
  '3/0': 'Time exceeded: Hop limit',
};

const NET = 'Network is unreachable';
const HOST = 'No route to host';
const REFUSED = 'Connection refused';
const DENIED = 'Permission denied';
const OPTION = 'Protocol not available';

/** The error that a program gets (net/ipv4/icmp.c, icmp_err_convert; net/ipv6/icmp.c, icmpv6_err_convert). */
const ERROR4: Readonly<Record<string, string>> = {
  '3/0': NET, '3/1': HOST, '3/2': OPTION, '3/3': REFUSED, '3/4': 'Message too long', '3/5': 'Operation not supported',
  '3/6': NET, '3/7': 'Host is down', '3/8': 'Machine is not on the network', '3/9': NET, '3/10': HOST, '3/11': NET,
  '3/12': HOST, '3/13': HOST, '3/14': HOST, '3/15': HOST, '11/0': HOST,
}; // prettier-ignore

const ERROR6: Readonly<Record<string, string>> = {
  '1/0': NET, '1/1': DENIED, '1/2': HOST, '1/3': HOST, '1/4': REFUSED, '1/5': DENIED, '1/6': DENIED, '3/0': HOST,
}; // prettier-ignore

/** What the program at the sender says when the refusal arrives: ping's words, or the error a connection ends with. */
export function refusalWords(flow: Flow, refusal: Refusal): string {
  if (refusal.kind === 'tcp-reset') return REFUSED;
  const key = `${refusal.type}/${refusal.code}`;
  const v4 = flow.source.family === 4;
  const table = flow.protocol === 'icmp' ? (v4 ? PING4 : PING6) : v4 ? ERROR4 : ERROR6;
  return table[key] ?? `ICMP error type ${refusal.type} code ${refusal.code}`;
}
