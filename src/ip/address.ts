import { failure, success, type Result } from './diagnostic.ts';

/** The IP version. */
export type Family = 4 | 6;

/**
 * One address, IPv4 or IPv6. Four unsigned 32-bit words, most significant first; an IPv4 address stands in `w3`
 * and the others are 0. Made by `parseAddress`, `ipv4` and `ipv6` only; immutable.
 */
export interface Address {
  readonly family: Family;
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
}

/** The IPv4 address with the given unsigned 32-bit value. */
export const ipv4 = (value: number): Address => ({ family: 4, w0: 0, w1: 0, w2: 0, w3: value >>> 0 });

/** The IPv6 address made of four unsigned 32-bit words. */
export const ipv6 = (w0: number, w1: number, w2: number, w3: number): Address => ({
  family: 6,
  w0: w0 >>> 0,
  w1: w1 >>> 0,
  w2: w2 >>> 0,
  w3: w3 >>> 0,
});

/** 0.0.0.0 or ::. */
export const unspecified = (family: Family): Address => (family === 4 ? ipv4(0) : ipv6(0, 0, 0, 0));

/** Number of bits in an address of the family: 32 or 128. */
export const bitsOf = (family: Family): 32 | 128 => (family === 4 ? 32 : 128);

/** Whether two addresses are the same. An IPv4 address never equals its IPv6-mapped form. */
export function sameAddress(a: Address, b: Address): boolean {
  return a.family === b.family && a.w3 === b.w3 && a.w2 === b.w2 && a.w1 === b.w1 && a.w0 === b.w0;
}

/** Negative, zero or positive, as `a` stands before, at or behind `b`. IPv4 stands before IPv6. */
export function compareAddress(a: Address, b: Address): number {
  return a.family - b.family || a.w0 - b.w0 || a.w1 - b.w1 || a.w2 - b.w2 || a.w3 - b.w3;
}

/**
 * Reads an address, strictly: dotted quad without leading zeros, or RFC 4291 text. No short forms (`10.1`), no octal
 * (`010.0.0.1`), no zone. Codes: `address-invalid`, `address-octal`, `address-short`.
 */
export function parseAddress(text: string): Result<Address> {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** The value of the dotted quad that stands between two places of a text; -1 for anything else. */
export function dottedQuad(text: string, from = 0, to = text.length): number {
  let value = 0;
  let byte = -1;
  let dots = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9 && byte !== 0) {
      byte = byte < 0 ? digit : byte * 10 + digit;
      if (byte > 255) return -1;
    } else if (digit === -2 && byte >= 0) {
      value = value * 256 + byte;
      byte = -1;
      dots++;
    } else {
      return -1;
    }
  }
  return dots === 3 && byte >= 0 ? value * 256 + byte : -1;
}

function parseIpv4(text: string): Result<Address> {
  const value = dottedQuad(text);
  return value < 0 ? failure4(text) : success(ipv4(value));
}

/** Why a text is no IPv4 address. */
function failure4(text: string): Result<Address> {
  const parts = text.split('.');
  if (!parts.every((p) => /^\d{1,3}$/.test(p))) return failure('address-invalid', `'${clip(text)}' is not an address`);
  if (parts.length < 4) {
    return failure('address-short', `'${text}' is a short form of an address`, 'write all four numbers');
  }
  if (parts.length > 4) return failure('address-invalid', `'${clip(text)}' is not an address`);
  if (parts.some((p) => p.length > 1 && p.startsWith('0'))) {
    return failure(
      'address-octal',
      `'${text}' has a leading zero, which some programs read as octal`,
      'leave the zero out',
    );
  }
  return failure('address-invalid', `'${text}' has a number above 255`);
}

function parseIpv6(text: string): Result<Address> {
  const wrong = failure<Address>('address-invalid', `'${clip(text)}' is not an IPv6 address`);
  if (text.length > 45) return wrong;
  const halves = text.split('::');
  if (halves.length > 2) return wrong;
  const head = groupsOf(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : [];
  if (head === null || tail === null) return wrong;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return wrong;
  const g = [...head, ...Array<number>(missing).fill(0), ...tail];
  const word = (i: number): number => g[i]! * 65536 + g[i + 1]!;
  return success(ipv6(word(0), word(2), word(4), word(6)));
}

/** The 16-bit groups of one side of `::`, or null. The last may be a dotted quad where `quad` allows it. */
function groupsOf(text: string, quad: boolean): number[] | null {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(parseInt(part, 16));
    } else {
      const v4 = quad && i === parts.length - 1 && part.includes('.') ? parseIpv4(part) : null;
      if (!v4?.ok) return null;
      groups.push(v4.value.w3 >>> 16, v4.value.w3 & 0xffff);
    }
  }
  return groups;
}

const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

/** Whether this is the IPv6 form of an IPv4 address (RFC 4291 2.5.5.2). */
export const isMapped = (a: Address): boolean => a.family === 6 && a.w0 === 0 && a.w1 === 0 && a.w2 === 0xffff;

/** The IPv4 address when this is its IPv6 form, else the address itself. */
export const unmapped = (a: Address): Address => (isMapped(a) ? ipv4(a.w3) : a);

/** The address as text; IPv6 in the form of RFC 5952. */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    const v = address.w3;
    return `${v >>> 24}.${(v >>> 16) & 255}.${(v >>> 8) & 255}.${v & 255}`;
  }
  const groups = [address.w0, address.w1, address.w2, address.w3].flatMap((w) => [w >>> 16, w & 0xffff]);
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff) {
    return `::ffff:${formatAddress(ipv4(address.w3))}`;
  }
  const { start, length } = longestZeroRun(groups);
  const hex = groups.map((g) => g.toString(16));
  if (length < 2) return hex.join(':');
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && groups[i + n] === 0) n++;
    if (n > best.length) best = { start: i, length: n };
  }
  return best;
}

/** The address `offset` further on, wrapping around at the end of the address space. `offset` may be negative. */
export function addToAddress(address: Address, offset: number): Address {
  const value = toBigInt(address) + BigInt(offset);
  return fromBigInt(BigInt.asUintN(bitsOf(address.family), value), address.family);
}

/** The address as an unsigned integer of 32 or 128 bits. */
export function toBigInt(a: Address): bigint {
  return (BigInt(a.w0) << 96n) | (BigInt(a.w1) << 64n) | (BigInt(a.w2) << 32n) | BigInt(a.w3);
}

/** The address with the given unsigned value, cut to the family's bits. */
export function fromBigInt(value: bigint, family: Family): Address {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffffffffn);
  return family === 4 ? ipv4(word(0n)) : ipv6(word(96n), word(64n), word(32n), word(0n));
}
