import { PING_WORDS } from '../dialect/index.ts';
import type { Observation } from './observation.ts';

/** What the C library says for the errors of the own machine, and ping's own words for EACCES. */
const LOCAL: readonly (readonly [words: string, errno: string])[] = [
  ['Network is unreachable', 'ENETUNREACH'],
  ['No route to host', 'EHOSTUNREACH'],
  ['Permission denied', 'EACCES'],
  ['Do you want to ping broadcast', 'EACCES'],
  ['Invalid argument', 'EINVAL'],
  ['Operation not permitted', 'EPERM'],
  ['Message too long', 'EMSGSIZE'],
  ['Required key not available', 'ENOKEY'],
  ['Destination address required', 'EDESTADDRREQ'],
  ['Cannot assign requested address', 'EADDRNOTAVAIL'],
];

const WIREGUARD: ReadonlySet<string> = new Set(['ENOKEY', 'EDESTADDRREQ']);

/** What one `ping -c1` saw, from all that it printed (iputils, ping/ping.c). */
export function readPing(text: string, family: 4 | 6): Observation {
  const reply = /^\d+ bytes from ([0-9a-f.:]+): icmp_seq=/m.exec(text);
  if (reply) return { kind: 'answered', from: reply[1]! };
  // WireGuard sends an ICMP message as well
  const refused = LOCAL.find(([words]) => text.includes(`ping: sendmsg: ${words}`));
  if (refused && WIREGUARD.has(refused[1])) return { kind: 'error', errno: refused[1] };
  for (const [, from, words] of text.matchAll(/^From ([0-9a-f.:]+?):? icmp_seq=\d+ (.+)$/gm)) {
    const known = Object.entries(PING_WORDS[family]).find(([, w]) => words === w || words!.startsWith(`${w} `));
    if (known) {
      const [type, code] = known[0].split('/').map(Number) as [number, number];
      return { kind: 'icmp', type, code, from: from! };
    }
    // a redirect is no answer
    if (!words!.startsWith('Redirect')) return { kind: 'other', text: words! };
  }
  const local = LOCAL.find(([words]) => new RegExp(`^ping: .*${words}`, 'm').test(text));
  if (local) return { kind: 'error', errno: local[1] };
  return /^1 packets transmitted, 0 received/m.test(text)
    ? { kind: 'timeout' }
    : { kind: 'other', text: text.trim().split('\n').at(-1) ?? '' };
}
