import {
  bitsOf,
  formatAddress,
  ipv4,
  mask32,
  prefixOf,
  unspecified,
  type Family,
  type Prefix,
} from '../../ip/index.ts';
import type { Rest } from '../decide/decision.ts';

/** What a set is for: leading to the page, or what becomes of the rest. */
export type Purpose = 'page' | Exclude<Rest, 'through'>;

/**
 * One hash set: of prefixes of one length, since adding to a set of intervals makes nft read the whole set again. Its
 * elements are the prefixes' first addresses.
 */
export interface BlockSet {
  readonly purpose: Purpose;
  readonly family: Family;
  readonly length: number;
}

/** Most elements of one set; the kernel takes no more than it was told at first. */
const SIZE = 4_194_304;

/** `page4_32`. */
export const setName = ({ purpose, family, length }: BlockSet): string => `${purpose}${family}_${length}`;

/** The set in the words of nft, without its elements. */
export const setText = (set: BlockSet): string =>
  `set ${setName(set)} { type ipv${set.family}_addr; size ${SIZE}; flags timeout; }`;

/** The sets that a decision is in. */
export const setsOf = ({ address, length }: Prefix, rest: Rest): readonly BlockSet[] =>
  (rest === 'through' ? (['page'] as const) : (['page', rest] as const)).map((purpose) => ({
    purpose,
    family: address.family,
    length,
  }));

/** A match of the packets whose source is in the set: `ip saddr & 255.255.255.0 @page4_24`. */
export function sourceMatch(set: BlockSet): string {
  const { family, length } = set;
  const field = family === 4 ? 'ip saddr' : 'ip6 saddr';
  const mask = length === bitsOf(family) ? '' : ` & ${maskOf(family, length)}`;
  return `${field}${mask} @${setName(set)}`;
}

function maskOf(family: Family, length: number): string {
  if (family === 4) return formatAddress(ipv4(mask32(length)));
  const ones = { ...unspecified(6), w0: 0xffffffff, w1: 0xffffffff, w2: 0xffffffff, w3: 0xffffffff };
  return formatAddress(prefixOf(ones, length).address);
}
