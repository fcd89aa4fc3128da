import type { Appeal } from '../guard/index.ts';
import { printable } from './lines.ts';

const moment = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Most of a message that a list shows, in characters. */
const SHORT = 60;

function short(message: string): string {
  const line = printable(message.replace(/\s+/g, ' '));
  return line.length > SHORT ? `${line.slice(0, SHORT - 1).trimEnd()}…` : line;
}

/** One line an appeal: number, when, from which address, about which block, how it begins. */
export function appealsText(appeals: readonly Appeal[]): string {
  const rows = appeals.map((a) => [String(a.id), moment(a.at), a.address, printable(a.reference), short(a.message)]);
  const widths = [0, 1, 2, 3].map((i) => Math.max(0, ...rows.map((r) => r[i]!.length)));
  return rows
    .map((r) => r.map((cell, i) => (i === 0 ? cell.padStart(widths[0]!) : cell.padEnd(widths[i] ?? 0))).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** All that is known of these. A stranger wrote message and contact: they are indented, so that they can't pass for more. */
export const appealDetails = (appeals: readonly Appeal[]): string =>
  appeals
    .map((a) =>
      [
        `appeal ${a.id}, ${moment(a.at)}, from ${a.address}`,
        `  about     reference ${printable(a.reference)}, the block of ${a.prefix}`,
        ...(a.contact === '' ? [] : [`  reply to  ${printable(a.contact)}`]),
        ...(a.answered === null ? [] : [`  answered  ${moment(a.answered.at)}, by ${printable(a.answered.by)}`]),
        ...a.message.split('\n').map((line) => `  | ${printable(line)}`.trimEnd()),
        '',
      ].join('\n'),
    )
    .join('\n');
