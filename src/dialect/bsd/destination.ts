import {
  bitsOf,
  defaultPrefix,
  failure,
  formatPrefix,
  hostPrefix,
  ipv4,
  parseAddress,
  prefixOf,
  sameAddress,
  success,
  type Address,
  type Family,
  type Prefix,
  type Result,
} from '../../ip/index.ts';

/** How the words around a destination have it read. */
export interface DestinationForm {
  /** What `-net` or `-host` said. */
  readonly force?: 'net' | 'host' | undefined;
  readonly family?: Family | undefined;
  /** What `-netmask`, a third word or `-prefixlen` said. */
  readonly length?: number | undefined;
}

/**
 * A destination as route(8) of macOS and the BSDs reads it: with `/16` the address may be short (`10.67/16`) and is read
 * by inet_network, where a leading zero means octal; `-net` without a length takes the mask from the zero bytes at the end
 * (`-net 10` is 10.0.0.0/8); with neither it is a host, unless only its classful network part is set. Source: route.c of
 * Apple's network_cmds 741 and of FreeBSD. Codes: those of `parseAddress`, `prefix-invalid`, `prefix-host-bits`.
 */
export function destination(word: string, form: DestinationForm): Result<Prefix> {
  if (word === 'default') return success(defaultPrefix(form.family ?? 4));
  if (word.includes(':')) return destination6(word, form);
  const [text = '', digits] = word.split('/');
  if (digits !== undefined) return network(text, lengthOf(digits, 32), word);
  if (form.length !== undefined) return network(text, success(form.length), word);
  const full = text.split('.').length === 4;
  if (form.force === 'net') return network(text, null, word);
  const address = parseAddress(text);
  if (!address.ok && full) return address;
  if (!address.ok || form.force === 'host') {
    if (address.ok) return success(hostPrefix(address.value));
    const meant = networkNumber(text);
    const hint = meant === null ? undefined : `write -net ${formatPrefix(byZeroBytes(meant))} if the network is meant`;
    return meant === null ? address : failure('address-short', `'${word}' without -net is read as one host`, hint);
  }
  const length = classfulLength(address.value);
  const isNetwork = sameAddress(prefixOf(address.value, length).address, address.value);
  return success(isNetwork ? prefixOf(address.value, length) : hostPrefix(address.value));
}

function network(text: string, length: Result<number> | null, word: string): Result<Prefix> {
  if (length && !length.ok) return length;
  const value = networkNumber(text);
  if (value === null) {
    const address = parseAddress(text);
    return address.ok ? failure('address-invalid', `'${word}' is not a network`) : address;
  }
  if (length === null) return success(byZeroBytes(value));
  const prefix = prefixOf(value, length.value);
  if (sameAddress(prefix.address, value)) return success(prefix);
  return failure('prefix-host-bits', `'${word}' has host bits set`, `the network is ${formatPrefix(prefix)}`);
}

/** inet_network(3): one to four numbers, decimal, octal with a leading 0, or with 0x; here filled up with zeros behind. */
function networkNumber(text: string): Address | null {
  const parts = text.split('.');
  if (parts.length > 4) return null;
  const numbers = parts.map((part) => {
    if (/^0x[0-9a-f]{1,2}$/i.test(part)) return Number(part);
    if (/^0[0-7]*$/.test(part)) return parseInt(part, 8);
    return /^[1-9]\d{0,2}$/.test(part) ? Number(part) : NaN;
  });
  if (!numbers.every((n) => n <= 255)) return null;
  return ipv4([...numbers, 0, 0, 0].slice(0, 4).reduce((sum, n) => sum * 256 + n, 0));
}

/** The network that ends where the zero bytes begin; all zeros are the default. */
function byZeroBytes(address: Address): Prefix {
  const value = address.w3;
  if (value === 0) return defaultPrefix(4);
  return prefixOf(address, (value & 0xffffff) === 0 ? 8 : (value & 0xffff) === 0 ? 16 : (value & 0xff) === 0 ? 24 : 32);
}

/** 8, 16, 24 for classes A, B, C; 32 above (RFC 791). */
export const classfulLength = ({ w3 }: Address): number =>
  w3 >>> 31 === 0 ? 8 : w3 >>> 30 === 2 ? 16 : w3 >>> 29 === 6 ? 24 : 32;

function destination6(word: string, form: DestinationForm): Result<Prefix> {
  const [text = '', digits] = word.split('/');
  const address = parseAddress(text.replace(/%.*/, ''));
  if (!address.ok) return address;
  const length = digits === undefined ? success(form.length ?? ownLength6(address.value, form)) : lengthOf(digits, 128);
  if (!length.ok) return length;
  const prefix = prefixOf(address.value, length.value);
  if (sameAddress(prefix.address, address.value)) return success(prefix);
  return failure('prefix-host-bits', `'${word}' has host bits set`, `the network is ${formatPrefix(prefix)}`);
}

/** Without a length: /64 when the lower half is empty and the address is in 2000::/3, else one host (route.c, inet6_makenetandmask). */
function ownLength6({ w0, w2, w3 }: Address, { force }: DestinationForm): number {
  return force !== 'host' && w2 === 0 && w3 === 0 && w0 >>> 29 === 1 ? 64 : bitsOf(6);
}

function lengthOf(digits: string, bits: number): Result<number> {
  if (/^\d{1,3}$/.test(digits) && Number(digits) <= bits) return success(Number(digits));
  return failure(
    'prefix-invalid',
    `'/${digits.slice(0, 20)}' is not a prefix length`,
    `write a number from 0 to ${bits}`,
  );
}
