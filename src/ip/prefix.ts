import {
  bitsOf,
  formatAddress,
  ipv4,
  ipv6,
  parseAddress,
  sameAddress,
  unspecified,
  type Address,
  type Family,
} from './address.ts';
import { failure, success, type Result } from './diagnostic.ts';

/** An address block. Host bits are 0; made by `parsePrefix`, `prefixOf` and `hostPrefix`. */
export interface Prefix {
  readonly address: Address;
  /** 0..32 or 0..128. */
  readonly length: number;
}

/** The block of `length` bits that the address lies in. */
export function prefixOf(address: Address, length: number): Prefix {
  if (address.family === 4) return { address: ipv4(address.w3 & mask32(length)), length };
  const word = (w: number, i: number): number => w & mask32(Math.min(32, Math.max(0, length - 32 * i)));
  return { address: ipv6(word(address.w0, 0), word(address.w1, 1), word(address.w2, 2), word(address.w3, 3)), length };
}

/** The block that holds this address alone. */
export const hostPrefix = (address: Address): Prefix => ({ address, length: bitsOf(address.family) });

/** 0.0.0.0/0 or ::/0. */
export const defaultPrefix = (family: Family): Prefix => ({ address: unspecified(family), length: 0 });

/** The network mask of a 32-bit word with `length` leading ones, as an unsigned number. */
export const mask32 = (length: number): number => (length === 0 ? 0 : (0xffffffff << (32 - length)) >>> 0);

/** Whether the address lies in the block. Never across families. */
export function contains(prefix: Prefix, address: Address): boolean {
  const p = prefix.address;
  const n = prefix.length;
  if (p.family !== address.family) return false;
  if (p.family === 4) return n === 0 || (p.w3 ^ address.w3) >>> (32 - n) === 0;
  return (
    sameBits(p.w0, address.w0, n) &&
    sameBits(p.w1, address.w1, n - 32) &&
    sameBits(p.w2, address.w2, n - 64) &&
    sameBits(p.w3, address.w3, n - 96)
  );
}

function sameBits(a: number, b: number, bits: number): boolean {
  if (bits <= 0) return true;
  return bits >= 32 ? a === b : (a ^ b) >>> (32 - bits) === 0;
}

/** Whether every address of `inner` lies in `outer`. */
export function covers(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && contains(outer, inner.address);
}

/** Whether the two blocks share an address. */
export const overlaps = (a: Prefix, b: Prefix): boolean => covers(a, b) || covers(b, a);

/** Whether the two blocks are the same. */
export const samePrefix = (a: Prefix, b: Prefix): boolean => a.length === b.length && sameAddress(a.address, b.address);

/** The last address of the block: the broadcast address of an IPv4 network. */
export function lastAddress(prefix: Prefix): Address {
  const { address: a, length } = prefix;
  if (a.family === 4) return ipv4(a.w3 | ~mask32(length));
  const word = (w: number, i: number): number => w | ~mask32(Math.min(32, Math.max(0, length - 32 * i)));
  return ipv6(word(a.w0, 0), word(a.w1, 1), word(a.w2, 2), word(a.w3, 3));
}

/** `10.5.5.0/24`; always with the length. */
export const formatPrefix = (prefix: Prefix): string => `${formatAddress(prefix.address)}/${prefix.length}`;

/** An address with the length of the network it was configured in, as `ip addr` writes it. */
export interface AddressWithLength {
  readonly address: Address;
  readonly length: number;
}

/** Reads `10.5.5.1/24` and keeps the host bits; without a length the address alone (32 or 128). */
export function parseAddressWithLength(text: string): Result<AddressWithLength> {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address.ok) return address;
  const bits = bitsOf(address.value.family);
  if (slash < 0) return success({ address: address.value, length: bits });
  const digits = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(digits) || Number(digits) > bits) {
    return failure(
      'prefix-invalid',
      `'/${digits.slice(0, 20)}' is not a prefix length`,
      `write a number from 0 to ${bits}`,
    );
  }
  return success({ address: address.value, length: Number(digits) });
}

/**
 * Reads `10.5.5.0/24`, or an address alone as a block of one. Host bits are refused with the block that was probably
 * meant. Codes: those of `parseAddress`, `prefix-invalid`, `prefix-host-bits`.
 */
export function parsePrefix(text: string): Result<Prefix> {
  const read = parseAddressWithLength(text);
  if (!read.ok) return read;
  const prefix = prefixOf(read.value.address, read.value.length);
  if (sameAddress(prefix.address, read.value.address)) return success(prefix);
  return failure('prefix-host-bits', `'${text}' has host bits set`, `the network is ${formatPrefix(prefix)}`);
}
