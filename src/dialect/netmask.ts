import { failure, formatAddress, ipv4, mask32, parseAddress, success, type Prefix, type Result } from '../ip/index.ts';

/** The length of a netmask such as 255.255.0.0, or 0xffff0000 as BSDs write it; masks with holes are refused. Code `prefix-invalid`. */
export function netmaskLength(text: string): Result<number> {
  const read = parseAddress(text);
  const value = /^0x[0-9a-f]{8}$/i.test(text) ? Number(text) : read.ok && read.value.family === 4 ? read.value.w3 : -1;
  for (let n = 0; n <= 32; n++) if (mask32(n) === value) return success(n);
  return failure('prefix-invalid', `'${text.slice(0, 60)}' is not a netmask`, 'write it like 255.255.255.0');
}

/** The netmask of an IPv4 prefix: 255.255.0.0. */
export const netmask = (prefix: Prefix): string => formatAddress(ipv4(mask32(prefix.length)));
