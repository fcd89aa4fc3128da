import { formatRoute, formatRule } from '../dialect/index.ts';
import { formatAddress } from '../ip/index.ts';
import { TABLE, type Route, type Rule } from '../model/index.ts';
import type { LookupError, LookupResult, RouteAnswer, RouteQuestion, RuleMet } from '../trace/index.ts';
import { outcomeWords } from './outcome-sentence.ts';

/** The route as `ip route show table all` prints it, its table always named. */
export function routeText(route: Route): string {
  const text = formatRoute(route);
  return / table \S/.test(text) ? text : `${text} table ${route.table === TABLE.main ? 'main' : route.table}`;
}

/** The rule as `ip rule show` prints it. */
export const ruleText = (rule: Rule): string => formatRule(rule);

const HOW: Readonly<Record<Exclude<RuleMet['how'], 'from' | 'goto'>, string>> = {
  iif: 'is for packets that come in elsewhere',
  oif: 'is for packets that are bound to an interface',
  mark: 'is for another mark',
  to: 'is for other destinations',
  tos: 'is for another TOS',
  protocol: 'is for another protocol',
  sport: 'is for other source ports',
  dport: 'is for other destination ports',
  uid: 'is for other users than root',
  unmodelled: 'is not modelled, and taken as not for it',
  not: 'is for everything but this',
  'nothing-there': 'has nothing for it in its table',
  suppressed: 'suppresses the route that its table has',
  nop: 'does nothing',
  decides: 'decides',
};

/** What a rule did for the packet, as words behind the rule. */
export function ruleHow({ rule, how }: RuleMet, { source }: RouteQuestion): string {
  if (how === 'goto') return rule.action.kind === 'goto' ? `goes on to rule ${rule.action.priority}` : 'goes on';
  if (how !== 'from') return HOW[how];
  return source ? 'is for other sources' : 'is for packets with a source, and this has none yet (ask with from)';
}

const ERRORS: Readonly<Record<LookupError, string>> = {
  ENETUNREACH: 'Network is unreachable',
  EHOSTUNREACH: 'No route to host',
  EACCES: 'Permission denied',
  EINVAL: 'Invalid argument',
};

/** Where the packet goes, or why nowhere: one sentence without a full stop. */
export function routeEndWords(question: RouteQuestion, answer: RouteAnswer): string {
  const to = formatAddress(question.destination);
  const { end } = answer;
  switch (end.kind) {
    case 'here':
      return question.iif === null ? `${to} is this host's own address` : `${to} is delivered to this host itself`;
    case 'goes': {
      const way = end.via
        ? `${to} goes via ${formatAddress(end.via)} dev ${end.dev}`
        : `${to} goes out on ${end.dev} itself`;
      const source = question.source === null && end.source ? `, with the source ${formatAddress(end.source)}` : '';
      return `${way}${source}${branchWords(answer)}`;
    }
    case 'refused':
      return `${to} goes nowhere: ${refusedWhy(question, answer)} (programs see: ${ERRORS[end.error]})`;
    case 'dropped':
      return `${to} goes nowhere: ${outcomeWords(end.outcome)}`;
  }
}

function branchWords({ steps }: RouteAnswer): string {
  const routed = steps.find((s) => s.action.kind === 'routed')?.action;
  return routed?.kind === 'routed' && routed.branch ? `, for its share of the traffic` : '';
}

function refusedWhy({ source, destination }: RouteQuestion, { steps, rules }: RouteAnswer): string {
  const step = steps.find((s) => s.action.kind === 'not-routed')?.action;
  if (step?.kind === 'not-routed') {
    if (step.route) return `the ${step.route.type} route refuses it`;
    return step.rule ? 'a rule refuses it' : 'no route fits';
  }
  const from = formatAddress(source ?? destination);
  if (rules.length > 0) return `${from} does not leave the host`;
  return `${from} is no address of this host; for a packet that came in, name its interface with iif`;
}

/** What another lookup came to: `default via 10.0.0.1 dev eth0 table main, by rule 32766: from all lookup main`. */
export function foundWords(found: LookupResult): string {
  const rule = found.rule ? `rule ${ruleText(found.rule)}` : '';
  return found.route ? `${routeText(found.route)}, by ${rule}` : rule;
}
