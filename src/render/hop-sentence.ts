import { formatAddress, formatPrefix } from '../ip/index.ts';
import type { Finding } from '../diagnose/index.ts';
import type { Action, Hop, Step, Trace } from '../trace/index.ts';
import { outcomeWords } from './outcome-sentence.ts';
import { routeName, stepSentence } from './step-sentence.ts';

type Routed = Extract<Action, { kind: 'routed' }>;

const lastRouted = (hop: Hop): Routed | null =>
  hop.steps.reduce<Routed | null>((last, s) => (s.action.kind === 'routed' ? s.action : last), null);

/** What a packet's stay at one host comes down to, in a few words: `10.5.5.0/24 via 10.8.0.1, through vpn`. */
export function hopWords(hop: Hop): string {
  const parts = hop.steps.flatMap((s) => noteworthy(s));
  const routed = lastRouted(hop);
  const tunnel = hop.steps.find((s) => s.action.kind === 'tunnelled')?.action;
  const through = tunnel?.kind === 'tunnelled' && routed?.via ? `, through ${tunnel.tunnel}` : '';
  const arrived = hop.steps.some((s) => s.action.kind === 'delivered');
  if (arrived) return [...parts, `arrives at ${formatAddress(hop.after.destination)}`].join('; ');
  if (routed) return [...parts, routeTaken(routed, hop) + through].join('; ');
  return parts.join('; ') || 'passes';
}

function routeTaken(routed: Routed, hop: Hop): string {
  const name = routeName(routed.route);
  return routed.via ? `${name} via ${formatAddress(routed.via)}` : `${name} is on ${hop.link ?? routed.dev}`;
}

/** Steps that belong in the one line a host gets, besides its route. */
function noteworthy(step: Step): string[] {
  // that IPVS wrote the real server's address goes without saying
  if (step.stage === 'ipvs' && step.action.kind === 'translated' && !step.action.undone) return [];
  return NOTEWORTHY.includes(step.action.kind) ? [stepSentence(step)] : [];
}

const NOTEWORTHY: readonly Action['kind'][] = [
  'translated',
  'marked',
  'redirect-sent',
  'uncertain',
  'balanced',
  'no-virtual-server',
  'passed-by',
  'packed',
  'unpacked',
];

/** The step that ended the trace: its last one, which is never the start. */
const endingStep = (trace: Trace): Step | undefined =>
  trace.hops.at(-1)?.steps.findLast((s) => s.action.kind !== 'start' && s.action.kind !== 'sent');

/**
 * Why a trace that was not delivered ended where it did: `no route to 10.8.0.0/24; default via 203.0.113.254 took it`.
 * A finding at the host names the network that was missed, else the address stands for it.
 */
function endWords(trace: Trace, findings: readonly Finding[]): string {
  const hop = trace.hops.at(-1);
  const routed = hop ? lastRouted(hop) : null;
  const step = endingStep(trace);
  if (routed?.route.prefix.length === 0 && routed.via && lostForWantOfRoute(step)) {
    const network = findings.find((f) => f.host === trace.host)?.params.network ?? formatAddress(routed.destination);
    return `no route to ${network}; default via ${formatAddress(routed.via)} took it`;
  }
  return step ? stepSentence(step) : outcomeWords(trace.outcome);
}

/** A private destination on the internet: a host on the way should have known better. */
const lostForWantOfRoute = (step: Step | undefined): boolean =>
  step?.action.kind === 'internet-dropped' && step.action.which === 'destination';

/** How and why a trace ended: `lost on the internet: no route to 10.8.0.0/24; default via 203.0.113.254 took it`. */
export function deathSentence(trace: Trace, findings: readonly Finding[]): string {
  const how = outcomeWords(trace.outcome);
  const why = endWords(trace, findings);
  return why.startsWith(how) ? why : `${how}: ${why}`;
}

/** The same for the picture, where room is scarce: at most about forty characters. */
export function endWordsShort(trace: Trace, findings: readonly Finding[]): string {
  const ending = endingStep(trace);
  const step = ending?.action;
  const finding = findings.find((f) => f.host === trace.host);
  if (step?.kind === 'internet-dropped' && step.which === 'source')
    return `private source ${formatAddress(step.address)}`;
  if (lostForWantOfRoute(ending) || trace.outcome === 'no-route') {
    return `no route to ${finding?.params.network ?? formatAddress(trace.packet.destination)}`;
  }
  if (step?.kind === 'filter') return `${outcomeWords(trace.outcome)} by ${step.table} ${step.chain}`;
  if (step?.kind === 'no-neighbour') return `nobody answers at ${formatAddress(step.to)}`;
  if (step?.kind === 'neighbour-filtered') return `${step.host} drops the neighbour ${step.message}`;
  if (step?.kind === 'not-routed' && step.route) return `${step.route.type} route ${formatPrefix(step.route.prefix)}`;
  if (step?.kind === 'source-checked') return `source check fails (${step.mode})`;
  if (step?.kind === 'forwarding-checked') return 'not forwarded: forwarding is off';
  return outcomeWords(trace.outcome);
}
