import { bitsOf, hostPrefix, parseAddress, parseAddressWithLength, prefixOf, type Address } from '../../ip/index.ts';
import type { Element } from '../../model/index.ts';
import { portNumber, protocolNumber } from './names.ts';

/** What one dimension of a set holds. */
export type Dimension = 'ip' | 'net' | 'port' | 'iface' | 'mark' | 'mac' | 'set';

/** What the parser must know of a set to read its members. */
export interface SetType {
  readonly method: 'hash' | 'bitmap' | 'list';
  readonly dimensions: readonly Dimension[];
  /** `netmask`: members are networks of this length. */
  readonly netmask?: number;
  /** `wildcard`: interface names stand for all names that start so. */
  readonly wildcard: boolean;
}

/** A member as an element; `unmodelled`: valid, but not told apart here; `invalid`: no member of this type. */
export type MemberResult = Element | 'unmodelled' | 'invalid';

/** Reads `10.5.5.20,tcp:80` and the like. A port becomes two parts, protocol and port; in a `bitmap:port` only the port. */
export function readMember(text: string, type: SetType): MemberResult {
  const texts = text.split(',');
  if (texts.length !== type.dimensions.length) return 'invalid';
  const parts: Element[] = [];
  for (const [i, dimension] of type.dimensions.entries()) {
    const read = readPart(texts[i]!, dimension, type);
    if (typeof read === 'string') return read;
    parts.push(...read);
  }
  return parts.length === 1 ? parts[0]! : { kind: 'concat', parts };
}

type PartResult = readonly Element[] | 'unmodelled' | 'invalid';

function readPart(text: string, dimension: Dimension, type: SetType): PartResult {
  switch (dimension) {
    case 'ip':
    case 'net':
      return readAddresses(text, type.netmask);
    case 'port':
      return type.method === 'bitmap' ? readBarePort(text) : readPort(text);
    case 'iface':
      return readInterface(text, type.wildcard);
    case 'mark':
      return readMark(text);
    case 'mac':
    case 'set':
      return 'unmodelled';
  }
}

function readAddresses(text: string, netmask: number | undefined): PartResult {
  const dash = text.indexOf('-');
  if (dash > 0) {
    const from = parseAddress(text.slice(0, dash));
    const to = parseAddress(text.slice(dash + 1));
    return from.ok && to.ok ? [{ kind: 'address-range', from: from.value, to: to.value }] : 'invalid';
  }
  const read = parseAddressWithLength(text);
  if (!read.ok) return 'invalid';
  return [addressElement(read.value.address, Math.min(read.value.length, netmask ?? 128))];
}

function addressElement(address: Address, length: number): Element {
  const whole = length >= bitsOf(address.family);
  return whole
    ? { kind: 'address', address }
    : { kind: 'prefix', prefix: prefixOf(hostPrefix(address).address, length) };
}

/** `tcp:80`, `80` (TCP, as ipset(8) says), `udp:53-54`. Protocols without ports are not modelled. */
function readPort(text: string): PartResult {
  const colon = text.indexOf(':');
  const protocol = colon < 0 ? 6 : protocolNumber(text.slice(0, colon));
  if (protocol === null) return 'invalid';
  if (!WITH_PORTS.has(protocol)) return 'unmodelled';
  const port = readBarePort(text.slice(colon + 1));
  return typeof port === 'string' ? port : [{ kind: 'number', number: protocol }, ...port];
}

/** TCP, UDP, DCCP, SCTP, UDP-Lite. */
const WITH_PORTS: ReadonlySet<number> = new Set([6, 17, 33, 132, 136]);

function readBarePort(text: string): PartResult {
  const whole = portNumber(text);
  if (whole !== null) return [{ kind: 'number', number: whole }];
  const dash = text.indexOf('-');
  const from = portNumber(text.slice(0, Math.max(dash, 0)));
  const to = portNumber(text.slice(dash + 1));
  return from === null || to === null || from > to ? 'invalid' : [{ kind: 'number-range', from, to }];
}

function readInterface(text: string, wildcard: boolean): PartResult {
  if (text.startsWith('physdev:')) return 'unmodelled';
  if (text === '') return 'invalid';
  return [wildcard ? { kind: 'name-start', start: text } : { kind: 'text', text }];
}

function readMark(text: string): PartResult {
  if (!/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text)) return 'invalid';
  return [{ kind: 'number', number: Number(text) >>> 0 }];
}
