import { bitsOf, formatAddress, formatPrefix, type Prefix } from '../ip/index.ts';
import { formatDuration, type Decision } from '../guard/index.ts';
import { printable } from './lines.ts';

/** The prefix as people say it: a single address without its length. */
export const prefixName = (prefix: Prefix): string =>
  prefix.length === bitsOf(prefix.address.family) ? formatAddress(prefix.address) : formatPrefix(prefix);

/** `2026-11-23 18:00 UTC`. */
export const moment = (ms: number, to: 'minutes' | 'seconds' = 'minutes'): string =>
  new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(to === 'minutes' ? /:\d\d\.\d+Z$/ : /\.\d+Z$/, ' UTC');

/** `until 2026-11-23 18:00 UTC (1 day)`, `until it is lifted`. */
export const untilWords = ({ until }: Decision, now: number): string =>
  until === null ? 'until it is lifted' : `until ${moment(until)} (${formatDuration(until - now)})`;

/** `192.0.2.1 is shown the page until 2026-11-23 18:00 UTC (1 day), reference K7P-4QD`. */
export const blockedLine = (decision: Decision, now: number): string =>
  `${prefixName(decision.prefix)} is shown the page ${untilWords(decision, now)}, reference ${decision.reference}`;

/** `192.0.2.1 is shown the page no more`. */
export const liftedLine = (decision: Decision): string => `${prefixName(decision.prefix)} is shown the page no more`;

/**
 * One line a decision: whom, reference, until when, why. Gets them in parts, as many as there are: columns are as wide as they
 * had to be so far.
 */
export function decisionTable(now: number): (part: readonly Decision[]) => string {
  const widths = [0, 0, 0];
  return (part) => {
    const rows = part.map((d) => [prefixName(d.prefix), d.reference, untilWords(d, now), printable(d.reason)]);
    for (const row of rows) widths.forEach((width, i) => (widths[i] = Math.max(width, row[i]!.length)));
    const lines = rows.map((r) => r.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell)).join('  '));
    return lines.map((l) => `${l.trimEnd()}\n`).join('');
  };
}

/** Everything about the decisions that hold one address, the most particular first. */
export function decisionDetails(decisions: readonly Decision[], now: number): string {
  return decisions
    .map((d) =>
      [
        blockedLine(d, now),
        `  since   ${moment(d.since)}, by ${printable(d.by)}`,
        `  why     ${printable(d.reason)}`,
        ...(d.rest === 'through' ? [] : [`  others  its other traffic: ${d.rest}`]),
        ...d.evidence.map((line, i) => `  ${i === 0 ? 'seen    ' : '        '}${printable(line)}`),
        '',
      ].join('\n'),
    )
    .join('');
}
