import { isAssumption, type Fact } from '../ip/index.ts';
import type { Finding } from '../diagnose/index.ts';
import type { Network } from '../model/index.ts';
import type { RoundTrip, Trace } from '../trace/index.ts';
import { findingLines } from './finding-text.ts';
import { deathSentence, hopWords } from './hop-sentence.ts';
import { hanging, printable } from './lines.ts';
import { refusalWords } from './refusal-words.ts';
import { verdictSentence } from './sees-sentence.ts';
import { stepLines } from './step-text.ts';
import { styleFor, type Style, type TextOptions } from './style.ts';

/**
 * The answer of `waymark explain`: verdict, the way there and back with one line a host, the findings, the best fix.
 * `network` gives the fixes' commands their language. Ends in a line break.
 */
export function explainText(
  network: Network,
  trip: RoundTrip,
  findings: readonly Finding[],
  options: TextOptions,
): string {
  const style = styleFor(options.colour);
  const c: Context = { trip, findings, options, style };
  const lines = [
    ...verdictLines(trip, options, style),
    '',
    ...traceLines('there', trip.forward, c),
    ...(trip.return ? traceLines('back', trip.return, c) : []),
    ...laterLines('then (third packet of the handshake)', trip.third, c),
    ...laterLines('then (first data)', trip.fourth, c),
    ...doubtLines(trip, options),
    ...findings.flatMap((f) => ['', ...findingLines(network, f, options, style)]),
  ];
  return lines.join('\n') + '\n';
}

interface Context {
  readonly trip: RoundTrip;
  readonly findings: readonly Finding[];
  readonly options: TextOptions;
  readonly style: Style;
}

function verdictLines(trip: RoundTrip, options: TextOptions, style: Style): string[] {
  const good = trip.verdict === 'answered';
  const paint = good ? style.green : trip.verdict === 'unknown' ? style.yellow : style.red;
  return hanging('', printable(verdictSentence(trip)), options.width).map((line) => style.bold(paint(line)));
}

/** One direction: a heading, then one line a host; the last one marked when the packet dies there. */
function traceLines(name: string, trace: Trace, c: Context): string[] {
  const hosts = Math.max(...trace.hops.map((h) => h.host.length), 4);
  const ins = Math.max(...trace.hops.map((h) => (h.in ?? '').length), 0);
  const outs = Math.max(...trace.hops.map((h) => (h.out ?? '').length), 0);
  const delivered = trace.outcome === 'delivered';
  const lines = trace.hops.flatMap((hop, i) => {
    const dies = !delivered && i === trace.hops.length - 1;
    const way = `${(hop.in ?? '').padEnd(ins)} ${hop.out === null ? '  ' : '->'} ${(hop.out ?? '').padEnd(outs)}`;
    const head = printable(`  ${dies ? deathMark(trace) : ' '} ${hop.host.padEnd(hosts)}  ${way}  `);
    const words = dies ? deathSentence(trace, c.findings) : hopWords(hop);
    const text = hanging(head, printable(words), c.options.width).map((l) => (dies ? c.style.red(l) : l));
    return c.options.verbose ? [...text, ...stepLines(hop, c.options.width, c.style)] : text;
  });
  return [c.style.bold(`${name}:`), ...lines, ...refusalLines(trace, c)];
}

/** Packets behind the first two: only worth a line when they die. */
const laterLines = (name: string, trace: Trace | null, c: Context): string[] =>
  trace && (c.options.verbose || trace.outcome !== 'delivered') ? traceLines(name, trace, c) : [];

const deathMark = (trace: Trace): string => (trace.outcome === 'unknown' ? '?' : '✗');

function refusalLines(trace: Trace, c: Context): string[] {
  const r = trace.refusal;
  if (!r) return [];
  const words = r.kind === 'tcp-reset' ? 'a TCP reset' : `'${refusalWords(c.trip.flow, r)}'`;
  const arrives = trace.refusalArrives ? 'and the sender gets it' : 'but that does not arrive at the sender';
  return hanging('    ', printable(`${r.host} says so by ${words}, ${arrives}`), c.options.width);
}

/** What makes the verdict less than certain. */
function doubtLines(trip: RoundTrip, options: TextOptions): string[] {
  const say = (head: string, text: string): string[] => hanging(head, printable(text), options.width);
  const again = trip.secondTry;
  const others = trip.otherwise.map((o) => `may also end otherwise: ${verdictSentence(o)}`);
  const assumed = new Set(
    [trip.forward, trip.return].flatMap((t) => t?.hops.flatMap((h) => h.steps.flatMap((s) => s.because)) ?? []).filter(isAssumption).map((f) => f.text),
  ); // prettier-ignore
  const lines = [
    ...(again ? say('note: ', `from the second try on, ${verdictSentence(again)}`) : []),
    ...others.flatMap((o) => say('note: ', o)),
    ...(trip.unwalked ? say('note: ', 'there are more ways than were tried') : []),
    ...trip.uncertain.flatMap((f) => say('not certain: ', `not modelled: ${factWords(f)}`)),
    ...(assumed.size > 0 && !options.verbose ? say('note: ', assumedWords([...assumed])) : []),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
}

const factWords = (fact: Fact): string => `${fact.source}:${fact.line} ${fact.text}`;

function assumedWords(texts: readonly string[]): string {
  const more = texts.length > 1 ? ` (and ${texts.length - 1} more, --verbose)` : '';
  return `rests on an assumption: ${texts[0]}${more}`;
}
