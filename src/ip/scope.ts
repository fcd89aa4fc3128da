import type { Address } from './address.ts';
import { contains, parsePrefix, type Prefix } from './prefix.ts';

const block = (text: string): Prefix => {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(`bug: ${text} is no prefix`);
  return parsed.value;
};

// RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291, RFC 6890
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
].map(block);
const LOOPBACK = ['127.0.0.0/8', '::1'].map(block);
const MULTICAST = ['224.0.0.0/4', 'ff00::/8'].map(block);
const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10'].map(block);
const inAny = (blocks: readonly Prefix[], a: Address): boolean => blocks.some((p) => contains(p, a));

/** Whether no provider carries this address: private, shared, link-local or loopback. */
export const isPrivate = (a: Address): boolean => inAny(PRIVATE, a) || inAny(LOOPBACK, a);

/** 127.0.0.0/8 or ::1. */
export const isLoopback = (a: Address): boolean => inAny(LOOPBACK, a);

/** 224.0.0.0/4 or ff00::/8. */
export const isMulticast = (a: Address): boolean => inAny(MULTICAST, a);

/** 169.254.0.0/16 or fe80::/10. */
export const isLinkLocal = (a: Address): boolean => inAny(LINK_LOCAL, a);

/** 0.0.0.0 or ::. */
export const isUnspecified = (a: Address): boolean => a.w0 === 0 && a.w1 === 0 && a.w2 === 0 && a.w3 === 0;

/** 255.255.255.255. */
export const isLimitedBroadcast = (a: Address): boolean => a.family === 4 && a.w3 === 0xffffffff;

/** 0.0.0.0/8: never a source or destination on the wire (RFC 6890). */
export const isZeroNet = (a: Address): boolean => a.family === 4 && a.w3 >>> 24 === 0;
