import type { Element, NamedSet } from '../../model/index.ts';

/** What a key of a set is compared with, one for each dimension that a rule's `src,dst` names. */
export type KeyPart = 'address' | 'protocol-and-port' | 'port' | 'interface' | 'mark';

/**
 * The dimensions of an ipset, told by its first member; null for an empty set, and for one whose members are not
 * modelled. `10.5.5.20,tcp:80` is `['address', 'protocol-and-port']`.
 */
export function dimensionsOf(set: NamedSet): readonly KeyPart[] | null {
  const first = set.entries[0]?.key;
  return first ? partsOf(first) : null;
}

/** The dimensions of one member. */
export function partsOf(key: Element): readonly KeyPart[] {
  if (key.kind !== 'concat') return [singlePart(key, 'port')];
  const parts: KeyPart[] = [];
  for (let i = 0; i < key.parts.length; i++) {
    const isPort = isNumber(key.parts[i]) && isNumber(key.parts[i + 1]);
    parts.push(isPort ? 'protocol-and-port' : singlePart(key.parts[i]!, 'mark'));
    if (isPort) i++;
  }
  return parts;
}

const isNumber = (e: Element | undefined): boolean => e?.kind === 'number' || e?.kind === 'number-range';

function singlePart(element: Element, number: 'port' | 'mark'): KeyPart {
  if (isNumber(element)) return number;
  return element.kind === 'text' || element.kind === 'name-start' ? 'interface' : 'address';
}
