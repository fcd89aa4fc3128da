import { compareAddress, contains, sameAddress, type Address } from '../../src/ip/index.ts';
import type { Element, Entry } from '../../src/model/index.ts';

/** A value as a set sees it. */
export type Key = number | string | Address | readonly Key[];

/** Whether one element holds the value, straight from what the elements mean. */
export function holds(element: Element, key: Key): boolean {
  if (element.kind === 'anything') return true;
  if (element.kind === 'concat') {
    return Array.isArray(key) && key.length === element.parts.length && element.parts.every((p, i) => holds(p, key[i]));
  }
  if (Array.isArray(key)) return false;
  if (typeof key === 'number') {
    if (element.kind === 'number') return key === element.number;
    return element.kind === 'number-range' && key >= element.from && key <= element.to;
  }
  if (typeof key === 'string') {
    if (element.kind === 'text') return key === element.text;
    return element.kind === 'name-start' && key.startsWith(element.start);
  }
  const address = key as Address;
  if (element.kind === 'address') return sameAddress(address, element.address);
  if (element.kind === 'prefix') return contains(element.prefix, address);
  if (element.kind !== 'address-range' || element.from.family !== address.family) return false;
  return compareAddress(element.from, address) <= 0 && compareAddress(address, element.to) <= 0;
}

const WIDEST = -1;
const narrowness = (element: Element): number => {
  if (element.kind === 'concat') return element.parts.reduce((sum, p) => sum + narrowness(p), 0);
  if (element.kind === 'prefix') return element.prefix.length;
  if (element.kind === 'address') return 128;
  return element.kind === 'anything' ? WIDEST : 0;
};

/** Whether the key is a member: every entry is tried, and the narrowest that holds it decides. */
export function slowMember(entries: readonly Entry[], key: Key): boolean {
  const found = entries.filter((e) => holds(e.key, key));
  const narrowest = found.sort((a, b) => narrowness(b.key) - narrowness(a.key))[0];
  return narrowest !== undefined && !narrowest.except;
}
