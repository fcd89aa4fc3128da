import { readTarget } from '../target.ts';
import { cellsOf, type Cell } from './csv-row.ts';
import { parseListTime } from './list-time.ts';
import { eachLine } from './lines.ts';
import type { ListCollector } from './list-collector.ts';
import type { ListRemark } from './list-entry.ts';

const LONGEST_ROW = 20_000;
/** Rows that are looked at before it is decided what the columns are. */
export const SAMPLE = 50;

/** What columns are called that hold more than the address. */
const NAMES = {
  address: /^(ip|ips|ip.?address|address|cidr|network|prefix|range|source|source.?ip|src|value|subnet|netblock)$/i,
  reason: /^(reason|scenario|comment|comments|description|note|notes|category|why)$/i,
  time: /^(until|expires?|expir(ation|y)|expires.?(at|on)|end|duration|ban.?time|ttl|for)$/i,
  reference: /^(reference|ref|sblid|ticket|case)$/i,
} as const;

/** Which column is what, from 0. */
type Columns = { readonly [K in keyof typeof NAMES]?: number };

/** `Ip:192.0.2.1`, as `cscli decisions list -o raw` writes it. */
const SCOPE = /^(?![0-9a-f]{1,4}:)([a-z]+):/i;

/** A cell of a head: words, never something that was meant for an address. */
const TITLE = /^(?:[a-z_][\w %()/#-]*)?$/i;

/** Reads a table; which column holds the address is seen from its cells, the others are known by their names. */
export function readCsv(text: string, separator: string, into: ListCollector): void {
  const { columns, hasHead } = columnsOf(sampleOf(text, separator));
  let rows = 0;
  eachLine(text, (line, at) => {
    if (!isRow(line) || (rows++ === 0 && hasHead)) return;
    if (line.length > LONGEST_ROW) {
      const message = `a row is longer than ${LONGEST_ROW} characters`;
      into.fault({ code: 'input-too-large', severity: 'error', message }, { at, length: 1 });
      return;
    }
    takeRow(cellsOf(line, separator), at, columns, into);
  });
}

/** Whether a line is neither empty nor a remark. */
export const isRow = (line: string): boolean => !/^\s*(#|$)/.test(line);

/** The first rows of a table. */
export function sampleOf(text: string, separator: string): Cell[][] {
  const rows: Cell[][] = [];
  eachLine(text.slice(0, SAMPLE * LONGEST_ROW), (line) => {
    if (rows.length < SAMPLE && isRow(line) && line.length <= LONGEST_ROW) rows.push(cellsOf(line, separator));
  });
  return rows;
}

/** Whether a cell holds an address or prefix. */
export const holdsTarget = (cell: Cell): boolean => scopeOf(cell.text).isAddress && readTarget(withoutScope(cell)).ok;

const withoutScope = (cell: Cell): string => cell.text.slice(scopeOf(cell.text).length);

function scopeOf(text: string): { readonly length: number; readonly isAddress: boolean; readonly name: string } {
  const found = SCOPE.exec(text);
  if (found === null || readTarget(text).ok) return { length: 0, isAddress: true, name: '' };
  return { length: found[0].length, isAddress: /^(ip|range)$/i.test(found[1]!), name: found[1]! };
}

function columnsOf(rows: readonly (readonly Cell[])[]): { columns: Columns; hasHead: boolean } {
  const hasHead = rows.length > 0 && rows[0]!.every((cell) => TITLE.test(cell.text));
  const body = hasHead ? rows.slice(1) : rows;
  const head = hasHead ? rows[0]! : [];
  const width = Math.max(0, ...rows.map((r) => r.length));
  const hits = Array.from(
    { length: width },
    (_, c) => body.filter((r) => r[c] !== undefined && holdsTarget(r[c])).length,
  );
  const named = (kind: keyof typeof NAMES): number => head.findIndex((cell) => NAMES[kind].test(cell.text));
  const best = hits.indexOf(Math.max(...hits));
  const byName = head.findIndex((cell, c) => NAMES.address.test(cell.text) && hits[c] === hits[best]);
  const columns = {
    address: byName >= 0 ? byName : best,
    reason: named('reason'),
    time: named('time'),
    reference: named('reference'),
  };
  return { columns, hasHead };
}

function takeRow(cells: readonly Cell[], at: number, columns: Columns, into: ListCollector): void {
  const cell = cells[columns.address ?? 0] ?? { text: '', at: 0 };
  const scope = scopeOf(cell.text);
  const piece = { at: at + cell.at, length: cell.text.length };
  if (!scope.isAddress) {
    into.leaveOut(`the scope is ${scope.name.slice(0, 40)}, not Ip or Range`, piece);
    return;
  }
  const remark = remarkOf(cells, at, columns, into);
  if (remark !== null) into.add(cell.text.slice(scope.length), piece.at + scope.length, remark);
}

/** null when the entry is not to be taken; that is noted. */
function remarkOf(cells: readonly Cell[], at: number, columns: Columns, into: ListCollector): ListRemark | null {
  const text = (kind: keyof Columns): string => cells[columns[kind] ?? -1]?.text ?? '';
  const time = parseListTime(text('time'));
  const timeCell = cells[columns.time ?? -1];
  const piece = { at: at + (timeCell?.at ?? 0), length: timeCell?.text.length ?? 1 };
  if (time === null) {
    const message = `'${text('time').slice(0, 40)}' is no time`;
    const hint = 'write 2h, seconds alone, or 2030-12-31T12:00:00Z';
    into.fault({ code: 'duration-invalid', severity: 'error', message, hint }, piece);
    return null;
  }
  if (time.seconds !== undefined && time.seconds <= 0) {
    into.leaveOut('ended already', piece);
    return null;
  }
  return {
    ...(text('reason') === '' ? {} : { reason: text('reason') }),
    ...time,
    ...(text('reference') === '' ? {} : { reference: text('reference') }),
  };
}
