import { formatAddress, parseAddress, prefixOf, bitsOf } from '../../ip/index.ts';
import type { Element, Entry, Verdict } from '../../model/index.ts';
import { isAddressType, readScalar, type KeyType, type Scalar } from './data-type.ts';
import { field, isList, numberField, onlyMember, textField, type Json } from './json.ts';
import { readVerdict } from './read-verdict.ts';

/** Reads one member of a set, or one key of a map, of the given type. Null when it is not understood. */
export function readElement(type: KeyType, json: Json | undefined): Element | null {
  if (json === '*') return { kind: 'anything' };
  const only = onlyMember(json);
  if (only?.key === 'elem') return readElement(type, field(only.body, 'val'));
  if (only?.key === 'concat') return readConcat(type, only.body);
  if (typeof type !== 'string') return null;
  if (only?.key === 'prefix') return readPrefix(type, only.body);
  if (only?.key === 'range') return readRange(type, only.body);
  if (typeof json === 'string' && type === 'ifname') return readInterfaceName(json);
  return readFlags(type, json);
}

/** Reads a plain value, or the sum of several flags (`["syn","ack"]`, `{"|":["syn","ack"]}`). Null when it is neither. */
export function readFlags(type: string, json: Json | undefined): Scalar | null {
  const only = onlyMember(json);
  const list = only?.key === '|' ? only.body : json;
  if (!isList(list)) return only === null ? readScalar(type, json) : null;
  let sum = 0;
  for (const part of list) {
    const value = readFlags(type, part);
    if (value?.kind !== 'number' || value.number > 0xffffffff) return null;
    sum = (sum | value.number) >>> 0;
  }
  return { kind: 'number', number: sum };
}

function readConcat(type: KeyType, body: Json): Element | null {
  if (!isList(body) || typeof type === 'string' || body.length !== type.length) return null;
  const parts = body.map((part, i) => readElement(type[i]!, part));
  return parts.every((p) => p !== null) ? { kind: 'concat', parts } : null;
}

function readPrefix(type: string, body: Json): Element | null {
  const address = parseAddress(textField(body, 'addr') ?? '');
  const length = numberField(body, 'len');
  if (!isAddressType(type) || !address.ok || length === undefined) return null;
  if (length < 0 || length > bitsOf(address.value.family)) return null;
  if (readScalar(type, formatAddress(address.value)) === null) return null;
  return { kind: 'prefix', prefix: prefixOf(address.value, length) };
}

function readRange(type: string, body: Json): Element | null {
  if (!isList(body) || body.length !== 2) return null;
  const [from, to] = [readScalar(type, body[0]), readScalar(type, body[1])];
  if (from?.kind === 'number' && to?.kind === 'number')
    return { kind: 'number-range', from: from.number, to: to.number };
  if (from?.kind !== 'address' || to?.kind !== 'address' || from.address.family !== to.address.family) return null;
  return { kind: 'address-range', from: from.address, to: to.address };
}

/** nft marks the start of a name with `*`, and a name that ends in a star with `\*`. */
function readInterfaceName(text: string): Element {
  if (text.endsWith('\\*')) return { kind: 'text', text: `${text.slice(0, -2)}*` };
  return text.endsWith('*') ? { kind: 'name-start', start: text.slice(0, -1) } : { kind: 'text', text };
}

/** The entries that were understood, and how many were not. */
export interface Entries {
  readonly entries: readonly Entry[];
  readonly unread: number;
}

/** Reads the elements of a set (`value` null), a verdict map (`value` `verdict`) or a map to values of a type. */
export function readEntries(key: KeyType, value: KeyType | null, json: Json | undefined): Entries {
  const list = isList(json) ? json : [];
  const entries = list.map((e) => (value === null ? readMember(key, e) : readPair(key, value, e)));
  const good = entries.filter((e) => e !== null);
  return { entries: good, unread: entries.length - good.length };
}

function readMember(key: KeyType, json: Json): Entry | null {
  const element = readElement(key, json);
  return element && { key: element };
}

function readPair(key: KeyType, value: KeyType, json: Json): Entry | null {
  if (!isList(json) || json.length !== 2) return null;
  const element = readElement(key, json[0]);
  if (!element) return null;
  if (value === 'verdict') {
    const verdict: Verdict | null = readVerdict(json[1]);
    return verdict && { key: element, verdict };
  }
  const to = readElement(value, json[1]);
  const scalar = to && scalarOf(to);
  return scalar && { key: element, value: scalar };
}

type MapValue = Scalar | { readonly kind: 'concat'; readonly parts: readonly Scalar[] };

/** A map may lead to single values and their concatenations, but not (in the model) to ranges and prefixes. */
function scalarOf(element: Element): MapValue | null {
  if (element.kind === 'concat') {
    const parts = element.parts.map((p) => (isScalar(p) ? p : null));
    return parts.every((p) => p !== null) ? { kind: 'concat', parts } : null;
  }
  return isScalar(element) ? element : null;
}

const isScalar = (e: Element): e is Scalar => e.kind === 'number' || e.kind === 'address' || e.kind === 'text';
