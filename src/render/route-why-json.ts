import { formatAddress } from '../ip/index.ts';
import type { Route, Rule } from '../model/index.ts';
import type { RouteAnswer, RouteQuestion } from '../trace/index.ts';
import type { RouteWhyJson } from './route-why-schema.ts';
import { kernelQuestion } from './route-why-text.ts';
import { routeEndWords, routeText, ruleText } from './route-words.ts';
import { stepSentence } from './step-sentence.ts';

type AnswerJson = RouteWhyJson['answers'][number];

/** The answer of `waymark route why --json`, as `routeWhySchema` describes it. */
export const routeWhyJson = (host: string, question: RouteQuestion, answers: readonly RouteAnswer[]): RouteWhyJson => ({
  host,
  asks: kernelQuestion(question),
  goes: answers.every(({ end }) => end.kind === 'goes' || end.kind === 'here'),
  answers: answers.map((a) => answerJson(question, a)),
});

function answerJson(question: RouteQuestion, answer: RouteAnswer): AnswerJson {
  const { end, steps, rules, otherwise, uncertain } = answer;
  const decided = steps.flatMap(({ action: a }) => (a.kind === 'routed' || a.kind === 'not-routed' ? [a] : []))[0];
  const goes = end.kind === 'goes' ? end : null;
  const source = end.kind === 'goes' || end.kind === 'here' ? end.source : null;
  return {
    end: end.kind,
    why: routeEndWords(question, answer),
    error: end.kind === 'refused' ? end.error : null,
    outcome: end.kind === 'dropped' ? end.outcome : null,
    dev: goes?.dev ?? null,
    via: goes?.via ? formatAddress(goes.via) : null,
    source: source && formatAddress(source),
    route: decided?.route ? routeJson(decided.route) : null,
    rule: decided?.rule ? ruleJson(decided.rule) : null,
    rules: rules.map(({ rule, how }) => ({ ...ruleJson(rule), how })),
    losers: (decided?.losers ?? []).map(({ route, why }) => ({ ...routeJson(route), why })),
    otherwise: otherwise && {
      route: otherwise.route && routeJson(otherwise.route),
      rule: otherwise.rule && ruleJson(otherwise.rule),
    },
    steps: steps.map(stepSentence),
    uncertain: [...uncertain],
  };
}

const routeJson = (route: Route): { text: string; table: number; fact: Route['fact'] } => ({
  text: routeText(route),
  table: route.table,
  fact: route.fact,
});

const ruleJson = (rule: Rule): { priority: number; text: string } => ({
  priority: rule.priority,
  text: ruleText(rule),
});
