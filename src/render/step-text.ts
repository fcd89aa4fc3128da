import { isAssumption } from '../ip/index.ts';
import type { Hop, Step } from '../trace/index.ts';
import { hanging, printable } from './lines.ts';
import { packetWords } from './packet-words.ts';
import { loserSentence, stepSentence } from './step-sentence.ts';
import type { Style } from './style.ts';

/** Every step of a hop, for `--verbose`: what it did, who lost, on what evidence; then the packet as it leaves. */
export function stepLines(hop: Hop, width: number, style: Style): string[] {
  const changed = packetWords(hop.before) !== packetWords(hop.after);
  return [
    ...(hop.in === null ? [] : hanging('      in: ', packetWords(hop.before), width)),
    ...hop.steps.flatMap((s) => oneStep(s, width, style)),
    ...(changed ? hanging('      out: ', packetWords(hop.after), width) : []),
  ];
}

function oneStep(step: Step, width: number, style: Style): string[] {
  const losers = 'losers' in step.action ? step.action.losers : [];
  return [
    ...hanging(`      ${step.stage}: `, printable(stepSentence(step)), width),
    ...losers.flatMap((l) => hanging('        not: ', printable(loserSentence(l)), width)),
    ...step.because.flatMap((f) => {
      const where = isAssumption(f) ? 'assumed: ' : `${f.source}${f.line > 0 ? `:${f.line}` : ''}: `;
      return hanging('        because ', printable(where + f.text), width).map((l) => style.dim(l));
    }),
  ];
}
