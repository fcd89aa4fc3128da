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
  const kinds: readonly Action['kind'][] = ['translated', 'marked', 'redirect-sent', 'uncertain'];
  return kinds.includes(step.action.kind) ? [stepSentence(step)] : [];
}

/** The step that ended the trace: its last one, which is never the start. */
const endingStep = (trace: Trace): Step | undefined =>
  trace.hops.at(-1)?.steps.findLast((s) => s.action.kind !== 'start' && s.action.kind !== 'sent');

/**
 * Why a trace that was not delivered ended where it did: `no route to 10.8.0.0/24; default via 203.0.113.254 took it`.
 * A finding at the host names the network that was missed, else the address stands for it.
 */
export function endWords(trace: Trace, findings: readonly Finding[]): string {
  const hop = trace.hops.at(-1);
  const routed = hop ? lastRouted(hop) : null;
  const step = endingStep(trace);
  if (routed?.route.prefix.length === 0 && routed.via && trace.outcome === 'private-on-internet') {
    const network = findings.find((f) => f.host === trace.host)?.params.network ?? formatAddress(routed.destination);
    return `no route to ${network}; default via ${formatAddress(routed.via)} took it`;
  }
  return step ? stepSentence(step) : outcomeWords(trace.outcome);
}

/** The same for the picture, where room is scarce: at most about forty characters. */
export function endWordsShort(trace: Trace, findings: readonly Finding[]): string {
  const step = endingStep(trace)?.action;
  const finding = findings.find((f) => f.host === trace.host);
  if (trace.outcome === 'private-on-internet' || trace.outcome === 'no-route') {
    return `no route to ${finding?.params.network ?? formatAddress(trace.packet.destination)}`;
  }
  if (step?.kind === 'filter') return `${outcomeWords(trace.outcome)} by ${step.table} ${step.chain}`;
  if (step?.kind === 'no-neighbour') return `nobody has ${formatAddress(step.to)}`;
  if (step?.kind === 'not-routed' && step.route) return `${step.route.type} ${formatPrefix(step.route.prefix)}`;
  if (step?.kind === 'source-checked') return `source check (${step.mode}) fails`;
  if (step?.kind === 'forwarding-checked') return 'forwarding is off';
  return outcomeWords(trace.outcome);
}
