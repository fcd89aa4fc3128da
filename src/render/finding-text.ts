import type { Finding, Fix } from '../diagnose/index.ts';
import type { Network } from '../model/index.ts';
import { causeSentence } from './cause-sentence.ts';
import { fixCommands } from './fix-commands.ts';
import { fixNotes, fixReach, fixTitle } from './fix-sentence.ts';
import { hanging, printable } from './lines.ts';
import type { Style, TextOptions } from './style.ts';

/** A finding with its best fix, or with all of them and their evidence when verbose. */
export function findingLines(network: Network, finding: Finding, options: TextOptions, style: Style): string[] {
  const cause = `${causeSentence(finding)}. (${finding.cause})`;
  const [best] = finding.fixes;
  const others = finding.fixes.length - 1;
  const shown = options.verbose ? finding.fixes : best ? [best] : [];
  return [
    ...hanging('Cause: ', printable(cause), options.width).map((l) => style.bold(l)),
    ...(options.verbose ? evidenceLines(finding, options.width, style) : []),
    ...shown.flatMap((fix) => fixLines(network, fix, options, style)),
    ...(!options.verbose && others > 0 ? [`${others} other way${others === 1 ? '' : 's'}: --verbose`] : []),
  ];
}

function evidenceLines(finding: Finding, width: number, style: Style): string[] {
  return finding.evidence.flatMap((f) =>
    hanging('  because ', printable(`${f.source}${f.line > 0 ? `:${f.line}` : ''}: ${f.text}`), width).map((l) =>
      style.dim(l),
    ),
  );
}

/** A fix: title, commands a box, what it connects, what to know. Verbose adds how to keep and how to undo it. */
export function fixLines(network: Network, fix: Fix, options: TextOptions, style: Style): string[] {
  const commands = Object.entries(fixCommands(network, fix));
  const title = `${fixTitle(fix)}${fix.proved ? ' (proved by tracing again)' : ' (not proved)'}`;
  const say = (text: string): string[] => hanging('  ', printable(text), options.width);
  const block = (heading: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`  ${printable(heading)}`, ...lines.map((l) => `    ${printable(l)}`)];
  return [
    ...hanging('Fix: ', printable(title), options.width).map((l) => style.green(l)),
    ...commands.flatMap(([host, c]) => [
      ...(c.apply.length === 1 && !c.apply[0]!.startsWith('#')
        ? [`  ${printable(host)}# ${printable(c.apply[0]!)}`]
        : block(`on ${host}:`, c.apply)),
      ...(options.verbose
        ? [...block(`to keep it, on ${host}:`, c.persist), ...block(`to undo it, on ${host}:`, c.undo)]
        : []),
    ]),
    ...fixReach(fix, options.verbose ? 100 : 3).flatMap(say),
    ...fixNotes(fix).flatMap((n) => say(`note: ${n}`)),
  ];
}
