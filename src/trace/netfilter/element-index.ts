import { lastAddress, toBigInt, type Address } from '../../ip/index.ts';
import type { Element, Entry } from '../../model/index.ts';
import type { Datum } from './run.ts';
import { Segments, type Segment } from './segments.ts';

/** The entry that a key leads to. With ipset's `nomatch` the narrowest entry counts, and that may be the exception. */
export type ElementIndex = (key: Datum) => Entry | undefined;

/** Makes the lookup of a set's or map's members: hashed where they are exact, sorted where they are stretches. */
export function indexEntries(entries: readonly Entry[]): ElementIndex {
  const otherwise = entries.find((e) => e.key.kind === 'anything');
  const rest = entries.filter((e) => e.key.kind !== 'anything');
  const concat = rest.filter((e) => e.key.kind === 'concat');
  const single = rest.filter((e) => e.key.kind !== 'concat');
  const ofSingle = indexSingle(single);
  const ofConcat = indexConcat(concat);
  return (key) => {
    const found = Array.isArray(key) ? ofConcat(key as readonly Datum[]) : ofSingle(key);
    const entry = found ?? otherwise;
    return entry?.except ? undefined : entry;
  };
}

type Exact = number | string;

/** A key's place in a hash table. Words and IPv6 addresses cannot be mistaken for each other: words have no comma. */
const addressKey = (a: Address): Exact => (a.family === 4 ? `4,${a.w3}` : `${a.w0},${a.w1},${a.w2},${a.w3}`);
const exactKey = (d: Datum): Exact | undefined =>
  typeof d !== 'object' ? d : Array.isArray(d) ? undefined : addressKey(d as Address);

function exactElement(e: Element): Exact | undefined {
  if (e.kind === 'number') return e.number;
  if (e.kind === 'text') return e.text;
  if (e.kind === 'address') return addressKey(e.address);
  return undefined;
}

type Kind = 'number' | 4 | 6;

function stretchOf(e: Element): { kind: Kind; from: number | bigint; to: number | bigint } | null {
  if (e.kind === 'number-range') return { kind: 'number', from: e.from, to: e.to };
  if (e.kind === 'prefix') return addressStretch(e.prefix.address, lastAddress(e.prefix));
  if (e.kind === 'address-range') return addressStretch(e.from, e.to);
  return null;
}

const addressNumber = (a: Address): number | bigint => (a.family === 4 ? a.w3 : toBigInt(a));
const addressStretch = (from: Address, to: Address): ReturnType<typeof stretchOf> => ({
  kind: from.family,
  from: addressNumber(from),
  to: addressNumber(to),
});

function indexSingle(entries: readonly Entry[]): (key: Datum) => Entry | undefined {
  const exact = new Map<Exact, Entry>();
  const exact4 = new Map<number, Entry>();
  const names: { start: string; entry: Entry }[] = [];
  const stretches: Record<Kind, Segment<Entry>[]> = { number: [], 4: [], 6: [] };
  for (const entry of entries) {
    const { key } = entry;
    const stretch = stretchOf(key);
    if (stretch) stretches[stretch.kind].push({ from: stretch.from, to: stretch.to, value: entry });
    else if (key.kind === 'address' && key.address.family === 4) exact4.set(key.address.w3, entry);
    else if (key.kind === 'name-start') names.push({ start: key.start, entry });
    else exact.set(exactElement(key)!, entry);
  }
  const numbers = new Segments(stretches.number);
  const v4 = new Segments(stretches[4]);
  const v6 = new Segments(stretches[6]);
  return (key) => {
    if (typeof key === 'number') return exact.get(key) ?? numbers.find(key);
    if (typeof key === 'string') return exact.get(key) ?? names.find((n) => key.startsWith(n.start))?.entry;
    if (Array.isArray(key)) return undefined;
    const address = key as Address;
    if (address.family === 4) return exact4.get(address.w3) ?? v4.find(address.w3);
    return exact.get(addressKey(address)) ?? (stretches[6].length > 0 ? v6.find(toBigInt(address)) : undefined);
  };
}

type Concat = Extract<Element, { kind: 'concat' }>;
interface Row {
  readonly entry: Entry;
  readonly parts: readonly Element[];
}

/** Hashed by the parts that are exact in every member; the members that agree in those are tried one by one. */
function indexConcat(entries: readonly Entry[]): (key: readonly Datum[]) => Entry | undefined {
  const rows = entries.map((entry) => ({ entry, parts: (entry.key as Concat).parts }));
  const width = rows[0]?.parts.length ?? 0;
  const places = Array.from({ length: width }, (_, i) => i);
  const hashed = places.filter((i) => rows.every((r) => r.parts[i] && exactElement(r.parts[i]) !== undefined));
  const loose = places.filter((i) => !hashed.includes(i));
  const buckets = new Map<string, Row[]>();
  // The narrowest first, for ipset's exceptions
  for (const row of loose.length > 0 ? [...rows].sort((a, b) => narrowness(b) - narrowness(a)) : rows) {
    if (row.parts.length !== width) continue;
    const hash = hashed.map((i) => exactElement(row.parts[i]!)).join('|');
    const bucket = buckets.get(hash);
    if (bucket) bucket.push(row);
    else buckets.set(hash, [row]);
  }
  return (key) => {
    if (key.length !== width) return undefined;
    const bucket = buckets.get(hashed.map((i) => exactKey(key[i]!)).join('|'));
    return bucket?.find((row) => loose.every((i) => elementHolds(row.parts[i]!, key[i]!)))?.entry;
  };
}

const narrowness = (row: Row): number =>
  row.parts.reduce((sum, p) => sum + (p.kind === 'prefix' ? p.prefix.length : p.kind === 'address' ? 128 : 0), 0);

/** Whether one element holds the value. */
function elementHolds(element: Element, value: Datum): boolean {
  if (element.kind === 'anything') return true;
  if (element.kind === 'name-start') return typeof value === 'string' && value.startsWith(element.start);
  const exact = exactElement(element);
  if (exact !== undefined) return exactKey(value) === exact;
  const stretch = stretchOf(element);
  if (!stretch || typeof value === 'string' || Array.isArray(value)) return false;
  if (typeof value === 'number') return stretch.kind === 'number' && value >= stretch.from && value <= stretch.to;
  const address = value as Address;
  if (address.family !== stretch.kind) return false;
  const n = addressNumber(address);
  return n >= stretch.from && n <= stretch.to;
}
