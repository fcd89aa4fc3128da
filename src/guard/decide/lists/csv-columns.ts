import { compareAddress, contains, prefixOf, type Address } from '../../../ip/index.ts';
import { readTarget, WIDEST } from '../target.ts';
import type { Cell } from './csv-row.ts';

/** What columns are called. */
const NAMES = {
  address: /^(ip|ips|ip.?address|address|cidr|network|prefix|range|source|source.?ip|src|value|subnet|netblock)$/i,
  reason: /^(reason|scenario|comment|comments|description|note|notes|category|why)$/i,
  time: /^(until|expires?|expir(ation|y)|expires.?(at|on)|end|duration|ban.?time|ttl|for)$/i,
  reference: /^(reference|ref|sblid|ticket|case)$/i,
} as const;

/** Which column is what, from 0; -1 for none. */
export interface Columns {
  readonly address: number;
  /** The last address of a range that begins in `address`. */
  readonly last: number;
  readonly reason: number;
  readonly time: number;
  readonly reference: number;
}

/** What is known of a table from its first rows. */
export interface TableShape {
  readonly columns: Columns;
  /** Whether the first row names the columns. */
  readonly hasHead: boolean;
  /** Columns that could be the address as well as the one that was taken. */
  readonly rivals: readonly number[];
}

/** A cell of a head: words, never something that was meant for an address. */
const TITLE = /^(?:[a-z_][\w %()/#-]*)?$/i;

/** `Ip:192.0.2.1`, as `cscli decisions list -o raw` writes it; nothing that could begin an IPv6 address. */
const SCOPE = /^(?![0-9a-f]{1,4}:)([a-z]+):/i;

/** What a cell says about its address before it. */
export interface Scope {
  /** Characters before the address. */
  readonly length: number;
  readonly isAddress: boolean;
  readonly name: string;
}

/** The scope in front of an address; of length 0 when there is none. */
export function scopeOf(text: string): Scope {
  const found = SCOPE.exec(text);
  if (found === null) return { length: 0, isAddress: true, name: '' };
  return { length: found[0].length, isAddress: /^(ip|range)$/i.test(found[1]!), name: found[1]! };
}

/** Whether a cell holds an address or prefix. */
export function holdsTarget(cell: Cell): boolean {
  const scope = scopeOf(cell.text);
  return scope.isAddress && readTarget(cell.text.slice(scope.length)).ok;
}

/** Sees from the first rows which column holds the address, and from their names what the others are. */
export function shapeOf(rows: readonly (readonly Cell[])[]): TableShape {
  const hasHead = rows.length > 0 && rows[0]!.every((cell) => TITLE.test(cell.text));
  const body = hasHead ? rows.slice(1) : rows;
  const head = hasHead ? rows[0]! : [];
  const named = (name: RegExp): number => head.findIndex((cell) => name.test(cell.text));
  const { address, others } = addressColumns(head, body);
  const last = others.includes(address + 1) && areRanges(body, address) ? address + 1 : -1;
  const time = named(NAMES.time);
  const columns = {
    address,
    last,
    reason: named(NAMES.reason),
    time: time === last ? -1 : time,
    reference: named(NAMES.reference),
  };
  return { columns, hasHead, rivals: last >= 0 || NAMES.address.test(head[address]?.text ?? '') ? [] : others };
}

/** The column with the most addresses, by its name where several have as many. */
function addressColumns(
  head: readonly Cell[],
  body: readonly (readonly Cell[])[],
): { readonly address: number; readonly others: readonly number[] } {
  const width = Math.max(1, head.length, ...body.map((row) => row.length));
  const hits = Array.from(
    { length: width },
    (_, c) => body.filter((row) => row[c] !== undefined && holdsTarget(row[c])).length,
  );
  const most = Math.max(...hits);
  const best = [...hits.keys()].filter((c) => hits[c] === most);
  const address = best.find((c) => NAMES.address.test(head[c]?.text ?? '')) ?? best[0]!;
  // a few bad rows must not hide a column
  return { address, others: [...hits.keys()].filter((c) => c !== address && hits[c]! * 2 > most) };
}

/**
 * Whether this column and the next have the first and the last addresses of ranges: never two that lie as far apart as
 * any two addresses do.
 */
function areRanges(rows: readonly (readonly Cell[])[], column: number): boolean {
  return rows.every((row) => {
    const first = singleAddress(row[column]?.text ?? '');
    const last = singleAddress(row[column + 1]?.text ?? '');
    if (first === null || last === null) return true;
    return contains(prefixOf(first, WIDEST[first.family]), last) && compareAddress(first, last) <= 0;
  });
}

/** The address, when the text is one alone. */
export function singleAddress(text: string): Address | null {
  const read = text.includes('/') ? null : readTarget(text);
  return read?.ok === true ? read.value.prefix.address : null;
}
