import { shellLine } from '../dialect/index.ts';
import { formatAddress, isAssumption, type Fact } from '../ip/index.ts';
import type { Loser, RouteAnswer, RouteQuestion, Step } from '../trace/index.ts';
import { hanging, printable } from './lines.ts';
import { foundWords, routeEndWords, routeText, ruleHow, ruleText } from './route-words.ts';
import { loserWhy, stepSentence } from './step-sentence.ts';
import { styleFor, type TextOptions } from './style.ts';

/** Losers that are shown; a table can have many that are less specific. */
const SHOWN = 8;
const HEAD = 9;

/**
 * The answer of `waymark route why`: where the packet goes, the route, rule and table that decided, who lost and why, the
 * rules that were passed, and what the rules behind would have said. Ends in a line break.
 */
export function routeWhyText(
  host: string,
  question: RouteQuestion,
  answers: readonly RouteAnswer[],
  options: TextOptions,
): string {
  const style = styleFor(options.colour);
  const blocks = answers.map((answer, i) => {
    const goes = answer.end.kind === 'goes' || answer.end.kind === 'here';
    const words = `${i === 0 ? '' : 'or '}${routeEndWords(question, answer)}`;
    const head = hanging('', printable(words), options.width).map((l) =>
      style.bold(goes ? style.green(l) : style.red(l)),
    );
    return [...head, ...answerLines(question, answer, options)];
  });
  const check = ['', ...part('compare', [`on ${host}: ${kernelQuestion(question)}`], options)];
  return [...blocks.flatMap((b, i) => (i === 0 ? b : ['', ...b])), ...check].join('\n') + '\n';
}

/** The same question to the kernel, as a command. */
export function kernelQuestion(q: RouteQuestion): string {
  const hex = (n: number): string => `0x${n.toString(16)}`;
  return shellLine([
    ...['ip', 'route', 'get', formatAddress(q.destination)],
    ...(q.source ? ['from', formatAddress(q.source)] : []),
    ...(q.iif === null ? [] : ['iif', q.iif]),
    ...(q.mark === 0 ? [] : ['mark', hex(q.mark)]),
    ...(q.tos === 0 ? [] : ['tos', hex(q.tos)]),
    ...(q.protocol === undefined ? [] : ['ipproto', String(q.protocol)]),
    ...(q.sourcePort === 0 ? [] : ['sport', String(q.sourcePort)]),
    ...(q.destinationPort === 0 ? [] : ['dport', String(q.destinationPort)]),
  ]);
}

/** Lines behind a word at the left margin, which the first of them carries. */
function part(name: string, texts: readonly string[], { width }: TextOptions): string[] {
  return texts.flatMap((text, i) => hanging((i === 0 ? name : '').padEnd(HEAD), printable(text), width));
}

function answerLines(question: RouteQuestion, answer: RouteAnswer, options: TextOptions): string[] {
  const { steps, rules, otherwise, uncertain } = answer;
  const decided = steps.flatMap(({ action: a }) => (a.kind === 'routed' || a.kind === 'not-routed' ? [a] : []))[0];
  const routes = decided?.route ? [routeText(decided.route)] : [];
  const because = options.verbose ? steps.flatMap((s) => s.because).map(factText) : [];
  const deciding = decided?.rule ? [ruleText(decided.rule)] : [];
  const passed = rules.filter((r) => r.how !== 'decides').map((r) => `${ruleText(r.rule)}: ${ruleHow(r, question)}`);
  return [
    ...part('route', routes, options),
    ...part('rule', deciding, options),
    ...part('then', steps.filter(isAfter).map(stepSentence), options),
    ...part('lost', losersText(decided?.losers ?? []), options),
    ...part('passed', passed, options),
    ...part('else', otherwise ? [`${foundWords(otherwise)} would decide`] : [], options),
    ...part('because', because, options),
    ...part(
      'doubt',
      uncertain.map((f) => `not modelled: ${factText(f)}`),
      options,
    ),
  ];
}

/** Steps besides the route itself. */
const isAfter = ({ action }: Step): boolean => action.kind !== 'routed' && action.kind !== 'not-routed';

function losersText(losers: readonly Loser[]): string[] {
  const shown = losers.slice(0, SHOWN).map((l) => `${routeText(l.route)}: ${loserWhy(l)}`);
  return losers.length > SHOWN ? [...shown, `and ${losers.length - SHOWN} more`] : shown;
}

const factText = (f: Fact): string =>
  (isAssumption(f) ? 'assumed: ' : `${f.source}${f.line > 0 ? `:${f.line}` : ''}: `) + f.text;
