import { formatDuration, type DryRun, type DryVerdict, type LogRead } from '../guard/index.ts';
import { formatPrefix } from '../ip/index.ts';
import { moment, prefixName } from './decision-text.ts';

/** Who would have been blocked, when, why and by which lines; then what was read. */
export function guardTestText(run: DryRun): string {
  const { verdicts, logs, ordinary } = run;
  const blocked = verdicts.filter((v) => v.allowed === null && v.offence.count > 0);
  return [
    ...verdicts.map(verdictText),
    ...logs.map(logText),
    `${count(blocked.length, 'block')}, of ${count(new Set(blocked.map(nameOf)).size, 'address or network', 'addresses or networks')}; ` +
      `${count(
        blocked.reduce((sum, v) => sum + v.offence.held, 0),
        'later line',
      )} would have seen the page`,
    ordinaryText(ordinary),
    '',
  ].join('\n');
}

const nameOf = ({ offence }: DryVerdict): string => formatPrefix(offence.prefix);

function verdictText({ detector, time, offence, evidence, allowed }: DryVerdict): string {
  const again = offence.count > 1 ? `, block ${offence.count} of it` : '';
  const what =
    offence.count === 0
      ? 'warned: the next time is a block'
      : allowed === null
        ? `blocked for ${formatDuration(offence.until - time)}${again}`
        : `would be blocked, but is allowed: ${allowed}`;
  return [
    `${moment(time, 'seconds')}  ${prefixName(offence.prefix)}  ${what}`,
    `  why     ${detector.name}: ${detector.reason}`,
    ...evidence.map((line, i) => `  ${i === 0 ? 'seen    ' : '        '}${line}`),
    ...(offence.count === 0 ? [] : [`  then    ${count(offence.held, 'line')} while it was blocked`]),
    '',
  ].join('\n');
}

const logText = ({ source, format, lines, read, tooLong }: LogRead): string =>
  `${source === '-' ? 'standard input' : source}: ${count(lines, 'line')}, ${read} of the format ${format ?? '(unknown)'}` +
  (tooLong === 0 ? '' : `, ${tooLong} too long to be looked at`);

function ordinaryText(ordinary: readonly string[]): string {
  if (ordinary.length === 0) return 'no ordinary visitor would have been touched';
  const shown = ordinary.slice(0, 5).join(', ');
  return `${count(ordinary.length, 'blocked visitor')} may be ordinary (at least nine of ten lines count for nothing): ${shown}${ordinary.length > 5 ? ', …' : ''}`;
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
