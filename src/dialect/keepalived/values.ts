import { parseAddress, type Address } from '../../ip/index.ts';
import type { ForwardingMethod, TunnelType } from '../../model/index.ts';
import { ignores, type Faults, type Statement } from './faults.ts';

/** The number of a word, as Keepalived reads one (decimal only), or null outside of the range. */
export function numberIn(text: string | undefined, from: number, to: number): number | null {
  const n = text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : NaN;
  return n >= from && n <= to ? n : null;
}

/** The end of a server: an address and perhaps a port behind it. */
export interface End {
  readonly address: Address;
  readonly port: number;
}

/** The address and port of the words from `at` on; null when they are none. Without a port it is 0. */
export function endAt({ words }: Statement, at: number, lowestPort = 1): End | null {
  const address = parseAddress(words[at]?.text ?? '');
  const written = words[at + 1]?.text;
  const port = written === undefined ? 0 : numberIn(written, lowestPort, 65535);
  return address.ok && port !== null ? { address: address.value, port } : null;
}

const METHODS: Readonly<Record<string, ForwardingMethod>> = { NAT: 'nat', DR: 'direct', TUN: 'tunnel' };

/** How packets are handed over. */
export interface Method {
  readonly method: ForwardingMethod;
  readonly tunnelType: TunnelType;
}

/** `lvs_method TUN type gue port 6080`; null when it is none, which is noted. */
export function methodOf(at: Statement, faults: Faults): Method | null {
  const [, name, ...rest] = at.words.map((w) => w.text);
  const method = name === undefined ? undefined : METHODS[name];
  if (!method || !Object.hasOwn(METHODS, name!)) {
    faults.note(at, ignores(`unknown [${(name ?? '').slice(0, 60)}] routing method`, 'NAT, DR or TUN'), at.words[1]);
    return null;
  }
  const type = rest[rest.indexOf('type') + 1];
  const tunnelType = rest.includes('type') && (type === 'gue' || type === 'gre') ? type : 'ipip';
  return { method, tunnelType };
}
