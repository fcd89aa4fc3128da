import { formatAddress, formatPrefix, type Family } from '../../ip/index.ts';
import type { CtKey, Element, ElementsRef, Entry, Value, Verdict } from '../../model/index.ts';
import { isInterfaceType, nameOfNumber, type KeyType } from './data-type.ts';
import { CT_TYPES, FIELD_TYPES, META_TYPES } from './packet-values.ts';

/** nft's data type of a value, one a part for a concatenation. */
export function valueType(value: Value): KeyType {
  switch (value.kind) {
    case 'field':
      return FIELD_TYPES.get(value.field)!;
    case 'meta':
      return META_TYPES.get(value.key)!;
    case 'ct':
      return CT_TYPES.get(value.key)!;
    case 'fib':
      return value.result === 'type'
        ? 'fib_addrtype'
        : value.result === 'oifname'
          ? 'ifname'
          : value.result === 'oif'
            ? 'iface_index'
            : 'integer';
    case 'binary':
      return valueType(value.left);
    case 'concat':
      return value.parts.map((p) => valueType(p)).flat();
    default:
      return 'integer';
  }
}

/**
 * The value in nft's text syntax. `type` is the data type that a plain number or word is written for. `family` tells
 * which address of a connection is meant, where the value does not.
 */
export function formatValue(value: Value, type: KeyType = 'integer', family: Family = 4): string {
  switch (value.kind) {
    case 'number':
    case 'address':
    case 'text':
      return formatElement(value, type);
    case 'field':
      return value.field === 'ip.fragment' ? 'ip frag-off' : value.field.replace('.', ' ');
    case 'meta':
      return BARE_META.has(value.key) ? value.key : `meta ${value.key}`;
    case 'ct':
      return formatCt(value.key, family);
    case 'binary':
      return formatBinary(value, type, family);
    case 'masked-address':
      return `${formatValue(value.of, type, value.mask.family)} & ${formatAddress(value.mask)}`;
    case 'concat':
      return value.parts.map((p, i) => formatValue(p, partType(type, i), family)).join(' . ');
    case 'lookup':
      return `${formatValue(value.key, 'integer', familyOfRef(value.map))} map ${formatRef(value.map, valueType(value.key), type)}`;
    case 'fib':
      return `fib ${value.flags.join(' . ')} ${value.result === 'present' ? 'oif' : value.result}`;
    case 'any-of':
    case 'unmodelled':
      return oneLine(value.text);
  }
}

const BARE_META: ReadonlySet<string> = new Set(['iif', 'oif', 'iifname', 'oifname']);

function formatCt(key: CtKey, family: Family): string {
  const [direction, part] = key.split('.');
  if (part === undefined) return `ct ${key}`;
  if (part === 'sport' || part === 'dport') return `ct ${direction} proto-${part === 'sport' ? 'src' : 'dst'}`;
  return `ct ${direction} ${family === 4 ? 'ip' : 'ip6'} ${part}`;
}

// how tightly nft's grammar binds the operators
const STRENGTH = { '<<': 4, '>>': 4, '&': 3, '^': 2, '|': 1 };

function formatBinary(value: Extract<Value, { kind: 'binary' }>, type: KeyType, family: Family): string {
  const own = valueType(value);
  const inner = (side: Value, weaker: number): string => {
    const isShift = value.op === '<<' || value.op === '>>';
    const text = formatValue(
      side,
      side.kind === 'number' && isShift ? 'integer' : own === 'integer' ? type : own,
      family,
    );
    return side.kind === 'binary' && STRENGTH[side.op] < weaker ? `(${text})` : text;
  };
  return `${inner(value.left, STRENGTH[value.op])} ${value.op} ${inner(value.right, STRENGTH[value.op] + 1)}`;
}

const partType = (type: KeyType, index: number): string =>
  typeof type === 'string' ? type : (type[index] ?? 'integer');

/** A member of a set, a key of a map or a plain value of the data type, in nft's text syntax. */
export function formatElement(element: Element, type: KeyType): string {
  switch (element.kind) {
    case 'number':
      return formatNumber(element.number, type);
    case 'address':
      return formatAddress(element.address);
    case 'text':
      return formatText(element.text, type);
    case 'name-start':
      return `"${word(element.start)}*"`;
    case 'number-range':
      return `${formatNumber(element.from, type)}-${formatNumber(element.to, type)}`;
    case 'address-range':
      return `${formatAddress(element.from)}-${formatAddress(element.to)}`;
    case 'prefix':
      return formatPrefix(element.prefix);
    case 'concat':
      return element.parts.map((p, i) => formatElement(p, partType(type, i))).join(' . ');
    case 'anything':
      return '*';
  }
}

function formatNumber(number: number, type: KeyType): string {
  if (type === 'tcp_flag') return formatFlags(number);
  if (type === 'mark') return `0x${number.toString(16)}`;
  if (type === 'classid')
    return nameOfNumber(type, number) ?? `${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`;
  return (typeof type === 'string' ? nameOfNumber(type, number) : undefined) ?? String(number);
}

function formatFlags(number: number): string {
  const bits = [1, 2, 4, 8, 16, 32, 64, 128].filter((bit) => (number & bit) !== 0);
  const names = bits.map((bit) => nameOfNumber('tcp_flag', bit)!);
  return names.length === 1 ? names[0]! : names.length === 0 ? '0x0' : `(${names.join('|')})`;
}

function formatText(text: string, type: KeyType): string {
  if (!isInterfaceType(type)) return word(text);
  return text.endsWith('*') ? `"${word(text.slice(0, -1))}\\*"` : `"${word(text)}"`;
}

/** Names come from input: what would end a word or a quoted name becomes `?`, so that a name stays a name. */
export const word = (text: string): string => text.replace(/[^\x21-\x7e]|["`;{}\\]/g, '?').slice(0, 128);

/** Free text without line breaks and other control characters. */
export const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f]+/g, ' ');

/** What a value is looked up in: `{ 22, 80-90 }`, `{ 22 : accept }`, `@name`. */
export function formatRef(ref: ElementsRef, key: KeyType, value: KeyType = 'integer'): string {
  if (ref.kind !== 'inline') return `@${word(ref.name)}`;
  return `{ ${ref.entries.map((e) => formatEntry(e, key, value)).join(', ')} }`;
}

function formatEntry(entry: Entry, key: KeyType, value: KeyType): string {
  const name = formatElement(entry.key, key);
  // inside braces nft wants flags without brackets
  const bare = name.startsWith('(') ? name.slice(1, -1) : name;
  if (entry.verdict) return `${bare} : ${formatVerdict(entry.verdict)}`;
  return entry.value ? `${bare} : ${formatValue(entry.value, value)}` : bare;
}

/** `accept`, `jump chain`. */
export const formatVerdict = (verdict: Verdict): string =>
  verdict.kind === 'jump' || verdict.kind === 'goto' ? `${verdict.kind} ${word(verdict.chain)}` : verdict.kind;

/** The IP version of the first address among the members; 4 where there is none. */
export function familyOfRef(ref: ElementsRef): Family {
  if (ref.kind !== 'inline') return 4;
  for (const entry of ref.entries) {
    const family = familyOfElement(entry.key);
    if (family) return family;
  }
  return 4;
}

/** The IP version of an address, address range or prefix, or of the first of them in a concatenation. */
export function familyOfElement(element: Element): Family | undefined {
  switch (element.kind) {
    case 'address':
      return element.address.family;
    case 'address-range':
      return element.from.family;
    case 'prefix':
      return element.prefix.address.family;
    case 'concat':
      return element.parts.map(familyOfElement).find((f) => f !== undefined);
    default:
      return undefined;
  }
}
