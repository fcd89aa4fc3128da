import {
  bitsOf,
  defaultPrefix,
  parseAddress,
  prefixOf,
  type Address,
  type Family,
  type NumberRange,
  type Prefix,
} from '../../ip/index.ts';
import type { Element, Entry, Statement, Value } from '../../model/index.ts';
import { portNumber } from '../ipset/index.ts';

/** A number as iptables writes it: decimal, 0x hexadecimal or 0 octal, 0 to `max`; null when it is none. */
export function readNumber(text: string | undefined, max = 0xffffffff): number | null {
  if (text === undefined || text.length > 12) return null;
  if (/^0[0-7]+$/.test(text)) return within(parseInt(text, 8), max);
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? within(Number(text), max) : null;
}

const within = (n: number, max: number): number | null => (n <= max ? n : null);

/** Reads one number of a range, 0 to `max`. */
export type NumberReader = (text: string, max: number) => number | null;

/** `5`, `5:9`, `:9`, `5:` as a range of 0 to `max`; null when it is none or upside down. */
export function readRange(
  text: string | undefined,
  max: number,
  read: NumberReader = readNumber,
  separator = ':',
): NumberRange | null {
  if (text === undefined || text === '' || text === separator) return null;
  const at = text.indexOf(separator);
  const first = at < 0 ? text : text.slice(0, at);
  const last = at < 0 ? text : text.slice(at + 1);
  const from = first === '' ? 0 : read(first, max);
  const to = last === '' ? max : read(last, max);
  return from === null || to === null || from > to ? null : { from, to };
}

/** A port or service name, or a range of them. */
export const readPorts = (text: string | undefined, separator = ':'): NumberRange | null =>
  readRange(text, 65535, (port) => portNumber(port), separator);

/** A mark with its mask, `0x10/0xf0`; without a mask all bits. */
export function readMasked(
  text: string | undefined,
  max = 0xffffffff,
): { readonly value: number; readonly mask: number } | null {
  const [first, second, more] = text?.split('/') ?? [];
  const value = readNumber(first, max);
  const mask = second === undefined ? max : readNumber(second, max);
  return value === null || mask === null || more !== undefined ? null : { value, mask };
}

/** An address with its mask: `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`. Host bits are cut off, as iptables does. */
export type AddressBlock = { readonly prefix: Prefix } | { readonly address: Address; readonly mask: Address };

/** Reads an address block of the family; null when it is none. */
export function readBlock(text: string | undefined, family: Family): AddressBlock | null {
  const [first, second, more] = text?.split('/') ?? [];
  if (first === undefined || more !== undefined) return null;
  const address = readAddress(first, family);
  const bits = bitsOf(family);
  if (address === null) return first === '0' && second === '0' ? { prefix: defaultPrefix(family) } : null;
  if (second === undefined) return { prefix: prefixOf(address, bits) };
  if (/^\d{1,3}$/.test(second)) return Number(second) <= bits ? { prefix: prefixOf(address, Number(second)) } : null;
  const mask = readAddress(second, family);
  return mask && masked(address, mask);
}

function masked(address: Address, mask: Address): AddressBlock {
  const bits = [mask.w0, mask.w1, mask.w2, mask.w3]
    .slice(mask.family === 4 ? 3 : 0)
    .map((w) => w.toString(2).padStart(32, '0'))
    .join('');
  const length = bits.indexOf('0') < 0 ? bits.length : bits.indexOf('0');
  if (!bits.includes('1', length)) return { prefix: prefixOf(address, length) };
  const { w0, w1, w2, w3 } = address;
  const and = (a: number, b: number): number => (a & b) >>> 0;
  const cut = { ...address, w0: and(w0, mask.w0), w1: and(w1, mask.w1), w2: and(w2, mask.w2), w3: and(w3, mask.w3) };
  return { address: cut, mask };
}

/** An address of the family; null when it is none. */
export function readAddress(text: string | undefined, family: Family): Address | null {
  if (text === undefined) return null;
  const read = parseAddress(text);
  return read.ok && read.value.family === family ? read.value : null;
}

/** A number as a value. */
export const number = (n: number): Value => ({ kind: 'number', number: n });
/** A word as a value. */
export const word = (text: string): Value => ({ kind: 'text', text });

/** `left` is the number, or lies in the range; everything between 0 and `max` says nothing. */
export function isInRange(left: Value, range: NumberRange, negated: boolean): Statement {
  if (range.from === range.to) return { kind: 'match', left, op: negated ? '!=' : '==', right: number(range.from) };
  return isOneOf(left, [rangeElement(range)], negated);
}

/** A range as a set's member. */
export const rangeElement = ({ from, to }: NumberRange): Element =>
  from === to ? { kind: 'number', number: from } : { kind: 'number-range', from, to };

/** `left` is one of the elements. */
export function isOneOf(left: Value, elements: readonly Element[], negated: boolean): Statement {
  const entries: readonly Entry[] = elements.map((key) => ({ key }));
  return { kind: 'member', left, negated, of: { kind: 'inline', entries } };
}

/** `left` lies in the block. */
export function isInBlock(left: Value, block: AddressBlock, negated: boolean): Statement {
  const op = negated ? '!=' : '==';
  if ('mask' in block) {
    return {
      kind: 'match',
      left: { kind: 'masked-address', of: left, mask: block.mask },
      op,
      right: addressValue(block.address),
    };
  }
  const { address, length } = block.prefix;
  if (length === bitsOf(address.family)) return { kind: 'match', left, op, right: addressValue(address) };
  return isOneOf(left, [{ kind: 'prefix', prefix: block.prefix }], negated);
}

/** An address as a value. */
export const addressValue = (address: Address): Value => ({ kind: 'address', address });

/** `(left & mask) == value`. */
export function isMasked(
  left: Value,
  { value, mask }: { readonly value: number; readonly mask: number },
  negated: boolean,
): Statement {
  const compared: Value = mask === 0xffffffff ? left : { kind: 'binary', op: '&', left, right: number(mask) };
  return { kind: 'match', left: compared, op: negated ? '!=' : '==', right: number(value) };
}

/** What no packet is. Negated: what every packet is. */
export const never = (negated = false): Statement => isOneOf(number(0), [], negated);
