import type { ElementsRef, FibFlag, Value } from '../../model/index.ts';
import type { KeyType } from './data-type.ts';
import { formatValue } from './print-value.ts';
import { field, isList, listOf, numberField, onlyMember, textField, type Json } from './json.ts';
import { CT_TYPES, FIELD_TYPES, META_TYPES, typeOf } from './packet-values.ts';
import { readEntries, readFlags } from './read-element.ts';
import type { Scope } from './scope.ts';

/** A value with nft's data type of it. */
export interface Typed {
  readonly value: Value;
  readonly type: KeyType;
}

/**
 * Reads an expression that is computed from the packet. `expect` is the type of what a map in it leads to, where the
 * map does not say. Null when any part of it is not modelled.
 */
export function readValue(json: Json | undefined, scope: Scope, expect: KeyType = 'integer'): Typed | null {
  const only = onlyMember(json);
  if (!only) return null;
  const { key, body } = only;
  switch (key) {
    case 'meta':
      return readMeta(body);
    case 'payload':
      return readPayload(body);
    case 'ct':
      return readCt(body);
    case 'fib':
      return readFib(body);
    case 'concat':
      return readConcat(body, scope);
    case 'map':
      return readLookup(body, scope, expect);
    case 'numgen':
    case 'jhash':
    case 'symhash':
      return readAnyOf(key, body, scope);
    case '&':
    case '|':
    case '^':
    case '<<':
    case '>>':
      return readBinary(key, body, scope);
    default:
      return null;
  }
}

function readMeta(body: Json): Typed | null {
  const found = typeOf(META_TYPES, textField(body, 'key') ?? '');
  return found ? { value: { kind: 'meta', key: found.key }, type: found.type } : null;
}

function readPayload(body: Json): Typed | null {
  const [protocol, name] = [textField(body, 'protocol'), textField(body, 'field')];
  if (protocol === undefined || name === undefined) return null;
  const found = typeOf(FIELD_TYPES, `${protocol}.${name === 'frag-off' ? 'fragment' : name}`);
  return found ? { value: { kind: 'field', field: found.key }, type: found.type } : null;
}

const CT_PARTS = new Map([
  ['saddr', 'saddr'],
  ['daddr', 'daddr'],
  ['proto-src', 'sport'],
  ['proto-dst', 'dport'],
]);

/** nft 1.0 writes `{"key": "ip saddr", "dir": "original"}`, older ones `"saddr"` with the family apart or not at all. */
function readCt(body: Json): Typed | null {
  const [key, dir] = [textField(body, 'key') ?? '', textField(body, 'dir')];
  const [, family, name] = /^(?:(ip6?) )?([a-z0-9-]+)$/.exec(key) ?? [];
  const part = CT_PARTS.get(name ?? '');
  if (part === undefined) {
    // all bits of a status at once are not modelled, and single ones are read with the match
    const found = typeOf(CT_TYPES, key.includes('.') || key === 'status' ? '' : key);
    return found ? { value: { kind: 'ct', key: found.key }, type: found.type } : null;
  }
  const found = typeOf(CT_TYPES, `${dir ?? ''}.${part}`);
  if (!found) return null;
  const of = family ?? textField(body, 'family');
  const type =
    found.type !== 'address' ? found.type : of === 'ip' ? 'ipv4_addr' : of === 'ip6' ? 'ipv6_addr' : 'address';
  return { value: { kind: 'ct', key: found.key }, type };
}

const FIB_FLAGS: readonly string[] = ['saddr', 'daddr', 'mark', 'iif', 'oif'] satisfies FibFlag[];
const FIB_TYPES = new Map([
  ['type', 'fib_addrtype'],
  ['oif', 'iface_index'],
  ['oifname', 'ifname'],
] as const);

function readFib(body: Json): Typed | null {
  const flags = listOf(field(body, 'flags'));
  const result = textField(body, 'result');
  if (flags.length === 0 || !flags.every((f) => typeof f === 'string' && FIB_FLAGS.includes(f))) return null;
  const known = flags as readonly FibFlag[];
  // newer nft's word for "is there a route"
  if (result === 'check') return { value: { kind: 'fib', result: 'present', flags: known }, type: 'integer' };
  const found = typeOf(FIB_TYPES, result ?? '');
  return found ? { value: { kind: 'fib', result: found.key, flags: known }, type: found.type } : null;
}

function readConcat(body: Json, scope: Scope): Typed | null {
  if (!isList(body)) return null;
  const parts: Typed[] = [];
  for (const part of body) {
    const read = readValue(part, scope);
    if (!read || typeof read.type !== 'string') return null;
    parts.push(read);
  }
  return { value: { kind: 'concat', parts: parts.map((p) => p.value) }, type: parts.map((p) => p.type as string) };
}

function readLookup(body: Json, scope: Scope, expect: KeyType): Typed | null {
  const key = readValue(field(body, 'key'), scope);
  const map = key && readMapData(field(body, 'data'), key.type, expect, scope);
  return key && map ? { value: { kind: 'lookup', key: key.value, map: map.ref }, type: map.type } : null;
}

/** Reads what a map or verdict map looks up in: `"@name"` or `{"set": […]}`. Null when an entry is not understood. */
export function readMapData(
  data: Json | undefined,
  key: KeyType,
  expect: KeyType,
  scope: Scope,
): { readonly ref: ElementsRef; readonly type: KeyType } | null {
  if (typeof data === 'string' && data.startsWith('@')) {
    const name = data.slice(1);
    return { ref: { kind: 'named', name }, type: scope.sets.get(name)?.value ?? expect };
  }
  const set = field(data, 'set');
  if (set === undefined) return null;
  const { entries, unread } = readEntries(key, expect, listOf(set));
  return unread > 0 ? null : { ref: { kind: 'inline', entries }, type: expect };
}

function readAnyOf(what: 'numgen' | 'jhash' | 'symhash', body: Json, scope: Scope): Typed | null {
  const modulus = numberField(body, 'mod');
  const offset = numberField(body, 'offset') ?? 0;
  if (modulus === undefined || modulus < 1 || offset < 0) return null;
  const of = what === 'jhash' ? readValue(field(body, 'expr'), scope) : null;
  const name =
    what === 'numgen'
      ? `numgen ${textField(body, 'mode') ?? 'random'}`
      : what === 'jhash'
        ? `jhash ${of ? formatValue(of.value) : '?'}`
        : what;
  const seed = numberField(body, 'seed');
  const text = `${name} mod ${modulus}${seed === undefined ? '' : ` seed 0x${seed.toString(16)}`}${offset ? ` offset ${offset}` : ''}`;
  return { value: { kind: 'any-of', modulus, offset, text }, type: 'integer' };
}

type BinaryOp = '&' | '|' | '^' | '<<' | '>>';

/** Newer nft writes `{"|": [a, b, c]}` for what older ones nest. */
function readBinary(op: BinaryOp, body: Json, scope: Scope): Typed | null {
  if (!isList(body) || body.length < 2) return null;
  const first = readValue(body[0], scope);
  return first && body.slice(1).reduce<Typed | null>((left, right) => left && combine(op, left, right, scope), first);
}

function combine(op: BinaryOp, left: Typed, json: Json, scope: Scope): Typed | null {
  if (typeof left.type !== 'string') return null;
  // a shift counts bits, whatever it shifts
  const right =
    readFlags(op === '<<' || op === '>>' ? 'integer' : left.type, json) ?? readValue(json, scope)?.value ?? null;
  if (right === null || right.kind === 'text') return null;
  if (right.kind !== 'address') return { value: { kind: 'binary', op, left: left.value, right }, type: left.type };
  return op === '&'
    ? { value: { kind: 'masked-address', of: left.value, mask: right.address }, type: left.type }
    : null;
}
