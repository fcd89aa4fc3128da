import { compareAddress, formatAddress, type Address } from '../../../ip/index.ts';
import { scopeOf, shapeOf, singleAddress, type Columns } from './csv-columns.ts';
import { cellsOf, type Cell } from './csv-row.ts';
import { parseListTime } from './list-time.ts';
import { eachLine } from './lines.ts';
import type { ListCollector, Piece } from './list-collector.ts';
import type { ListRemark } from './list-entry.ts';
import { prefixesOfRange } from './range.ts';

const LONGEST_ROW = 20_000;
/** Rows that are looked at before it is decided what the columns are. */
export const SAMPLE = 50;

/** Reads a table; which column holds the address is seen from its cells, the others are known by their names. */
export function readCsv(text: string, separator: string, into: ListCollector): void {
  const { columns, hasHead, rivals } = shapeOf(sampleOf(text, separator));
  let rows = 0;
  eachLine(text, (line, at) => {
    if (!isRow(line)) return;
    if (rows++ === 0) {
      if (rivals.length > 0) noteRivals([columns.address, ...rivals], { at, length: line.length }, into);
      if (hasHead) return;
    }
    if (line.length > LONGEST_ROW) {
      const message = `a row is longer than ${LONGEST_ROW} characters`;
      into.fault({ code: 'input-too-large', severity: 'error', message }, { at, length: 1 });
      return;
    }
    takeRow(cellsOf(line, separator), at, columns, into);
  });
}

/** Blocking the wrong ones of two would be worse than asking. */
function noteRivals(columns: readonly number[], piece: Piece, into: ListCollector): void {
  const message = `the columns ${columns.map((c) => c + 1).join(' and ')} hold addresses`;
  const hint = 'leave one of them, or write a first row that calls one of them address';
  into.fault({ code: 'value-invalid', severity: 'error', message, hint }, piece);
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

function takeRow(cells: readonly Cell[], at: number, columns: Columns, into: ListCollector): void {
  const cell = cells[columns.address] ?? { text: '', at: 0 };
  const scope = scopeOf(cell.text);
  const piece = { at: at + cell.at, length: cell.text.length };
  if (!scope.isAddress) {
    into.leaveOut(`the scope is ${scope.name.slice(0, 40)}, not Ip or Range`, piece);
    return;
  }
  const remark = remarkOf(cells, at, columns, into);
  if (remark === null) return;
  const first = columns.last < 0 ? null : singleAddress(cell.text);
  if (first === null) into.add(cell.text.slice(scope.length), piece.at + scope.length, remark);
  else takeRange(first, cells[columns.last] ?? { text: '', at: 0 }, at, remark, into);
}

function takeRange(first: Address, cell: Cell, at: number, remark: ListRemark, into: ListCollector): void {
  const piece = { at: at + cell.at, length: cell.text.length };
  const last = singleAddress(cell.text);
  if (last?.family === first.family && compareAddress(first, last) <= 0) {
    for (const prefix of prefixesOfRange(first, last)) into.addPrefix(prefix, piece, remark);
    return;
  }
  const message = `'${cell.text.slice(0, 45)}' is no last address of a range that begins with ${formatAddress(first)}`;
  into.fault({ code: 'address-invalid', severity: 'error', message }, piece);
}

/** null when the entry is not to be taken; that is noted. */
function remarkOf(cells: readonly Cell[], at: number, columns: Columns, into: ListCollector): ListRemark | null {
  const text = (kind: keyof Columns): string => cells[columns[kind]]?.text ?? '';
  const time = parseListTime(text('time'));
  const timeCell = cells[columns.time];
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
