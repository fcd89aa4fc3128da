import { bitsOf, fromBigInt, lastAddress, prefixOf, toBigInt, type Address, type Prefix } from '../../../ip/index.ts';

/**
 * The fewest prefixes that hold the addresses from `first` to `last` and no others; at most two for every bit of an
 * address. Both must be of one family; empty when `last` stands before `first`.
 */
export function prefixesOfRange(first: Address, last: Address): Prefix[] {
  const { family } = first;
  const prefixes: Prefix[] = [];
  const end = toBigInt(last);
  for (let at = toBigInt(first); at <= end;) {
    const prefix = widestFrom(fromBigInt(at, family), end);
    prefixes.push(prefix);
    at = toBigInt(lastAddress(prefix)) + 1n;
  }
  return prefixes;
}

/** The widest prefix that begins at the address and does not go beyond the end. */
function widestFrom(address: Address, end: bigint): Prefix {
  const begin = toBigInt(address);
  let length: number = bitsOf(address.family);
  while (length > 0) {
    const wider = prefixOf(address, length - 1);
    if (toBigInt(wider.address) !== begin || toBigInt(lastAddress(wider)) > end) break;
    length--;
  }
  return prefixOf(address, length);
}
