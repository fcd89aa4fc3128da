import type { Finding } from '../diagnose/index.ts';
import type { Network } from '../model/index.ts';
import type { RoundTrip } from '../trace/index.ts';
import { findingLines } from './finding-text.ts';
import { hanging, printable } from './lines.ts';
import { verdictSentence } from './sees-sentence.ts';
import { styleFor, type TextOptions } from './style.ts';

/** How the answer of `waymark fix` is set. */
export interface FixTextOptions extends TextOptions {
  /** Every fix, not only the best one of each finding. */
  readonly all: boolean;
}

/** The answer of `waymark fix`: what is wrong, and for each finding what to type where, how to keep it and how to undo it. */
export function fixText(
  network: Network,
  trip: RoundTrip,
  findings: readonly Finding[],
  options: FixTextOptions,
): string {
  const style = styleFor(options.colour);
  const head = hanging('', printable(verdictSentence(trip)), options.width).map((l) => style.bold(l));
  if (findings.length === 0)
    return [...head, trip.verdict === 'answered' ? 'Nothing to fix.' : 'No cause was found.', ''].join('\n');
  const blocks = findings.map((finding) => {
    const shown = options.all ? finding : { ...finding, fixes: finding.fixes.slice(0, 1) };
    const others = finding.fixes.length - shown.fixes.length;
    const more = others > 0 ? [`${others} other way${others === 1 ? '' : 's'}: --all`] : [];
    return [...findingLines(network, shown, { ...options, verbose: true }, style), ...more].join('\n');
  });
  const none = findings.some((f) => f.fixes.length > 0) ? [] : ['No fix is known.'];
  return [head.join('\n'), ...blocks, ...none].join('\n\n') + '\n';
}
