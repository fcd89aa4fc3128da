import type { Finding } from '../diagnose/index.ts';
import type { Expectation, Network } from '../model/index.ts';
import type { Checked } from '../reach/index.ts';
import { causeSentence } from './cause-sentence.ts';
import { fixCommands } from './fix-commands.ts';
import { findingLines } from './finding-text.ts';
import { hanging, printable } from './lines.ts';
import { endSentence, verdictSentence } from './sees-sentence.ts';
import { styleFor, type Style, type TextOptions } from './style.ts';

/** `laptop reaches linux-server by ping`. */
export function expectationWords(e: Expectation): string {
  const what = e.protocol === 'icmp' ? 'by ping' : `on ${e.protocol}/${e.port}`;
  return `${e.from} ${e.reaches ? 'reaches' : 'cannot reach'} ${e.to} ${what}`;
}

/** One expectation, and what was found where it fails. */
export interface CheckLine {
  readonly checked: Checked;
  readonly findings: readonly Finding[];
}

/** The answer of `waymark check`: one line an expectation, then the findings, then how many hold. */
export function checkText(network: Network, checks: readonly CheckLine[], options: TextOptions): string {
  const style = styleFor(options.colour);
  const checked = checks.map((c) => c.checked);
  const holding = checked.filter((c) => c.holds === true).length;
  const findings = distinctFindings(
    network,
    checks.flatMap((c) => c.findings),
  );
  const lines = [
    ...checked.flatMap((c) => oneLine(c, options.width, style)),
    ...findings.flatMap((f) => ['', ...findingLines(network, f, options, style)]),
    ...(findings.length > 0 ? [''] : []),
    checked.length === 0 ? 'no expectations' : `${holding} of ${checked.length} expectations hold`,
  ];
  return lines.join('\n') + '\n';
}

/**
 * Expectations often fail for the same reason: it is told once, where it first stands. One that another fix heals is told
 * again with that fix.
 */
function distinctFindings(network: Network, findings: readonly Finding[]): Finding[] {
  const kept: Finding[] = [];
  const deeds = ({ fixes: [best] }: Finding): string => (best ? JSON.stringify(fixCommands(network, best)) : '');
  for (const f of findings) {
    const same = kept.findIndex((k) => {
      if (k.cause !== f.cause || causeSentence(k) !== causeSentence(f)) return false;
      return k.fixes.length === 0 || f.fixes.length === 0 || deeds(k) === deeds(f);
    });
    if (same < 0) kept.push(f);
    else if (kept[same]!.fixes.length === 0) kept[same] = f;
  }
  return kept;
}

function oneLine(checked: Checked, width: number, style: Style): string[] {
  const mark = checked.holds === null ? '?   ' : checked.holds ? 'ok  ' : 'FAIL';
  const paint = checked.holds === null ? style.yellow : checked.holds ? style.green : style.red;
  const words = `${expectationWords(checked.expectation)}${checked.holds === true ? '' : against(checked)}`;
  const [first, ...more] = hanging(`${mark} `, printable(words), width);
  return [paint(mark) + first!.slice(mark.length), ...more];
}

/** What speaks against the expectation: the first of what was asked. */
function against({ asked, expectation: e }: Checked): string {
  const first = asked[0];
  if (!first) return ': nothing could be asked';
  const more = asked.length > 1 ? ` (${asked.length} ways were tried)` : '';
  const { trip } = first;
  const same = trip.from === e.from && trip.to === e.to;
  return `: ${same ? endSentence(trip) : verdictSentence(trip)}${more}`;
}
