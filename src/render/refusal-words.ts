import { ICMP_ERRNO, PING_WORDS } from '../dialect/index.ts';
import type { Flow, Refusal } from '../trace/index.ts';

/** What programs print for an errno: strerror(3) of the GNU C library. */
const ERROR_WORDS: Readonly<Record<string, string>> = {
  EACCES: 'Permission denied',
  ECONNREFUSED: 'Connection refused',
  EHOSTDOWN: 'Host is down',
  EHOSTUNREACH: 'No route to host',
  EMSGSIZE: 'Message too long',
  ENETUNREACH: 'Network is unreachable',
  ENONET: 'Machine is not on the network',
  ENOPROTOOPT: 'Protocol not available',
  EOPNOTSUPP: 'Operation not supported',
};

/** What the program at the sender says when the refusal arrives: ping's words, or the error a connection ends with. */
export function refusalWords(flow: Flow, refusal: Refusal): string {
  if (refusal.kind === 'tcp-reset') return ERROR_WORDS.ECONNREFUSED!;
  const key = `${refusal.type}/${refusal.code}`;
  const { family } = flow.source;
  const words = flow.protocol === 'icmp' ? PING_WORDS[family][key] : ERROR_WORDS[ICMP_ERRNO[family][key] ?? ''];
  return words ?? `ICMP error type ${refusal.type} code ${refusal.code}`;
}
