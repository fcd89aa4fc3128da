import { unspecified, type Address, type Fact } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import { Choices } from './choice.ts';
import type { LookupError, LookupResult, LookupWatch, RuleMet } from './fib-lookup.ts';
import { inputRoute, lookedUp, type InputDecision } from './input-route.ts';
import type { Outcome } from './outcome.ts';
import { outputRoute } from './output-route.ts';
import { bareHeader, PROTOCOL, type Packet } from './packet.ts';
import { martianReason } from './source-check.ts';
import type { Step } from './step.ts';

/** What is asked of a host's routing: the question of `ip route get` (ip-route(8)). */
export interface RouteQuestion {
  readonly destination: Address;
  /** Null: the kernel picks. */
  readonly source: Address | null;
  /** The interface by which the packet came in; null for one that the host sends itself. */
  readonly iif: string | null;
  readonly mark: number;
  readonly tos: number;
  /** Absent: what the kernel takes for `ip route get`, UDP with IPv4 and none with IPv6. */
  readonly protocol?: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Where the packet goes, or why nowhere. `error` is the errno(3) that a program gets. */
export type RouteEnd =
  | { readonly kind: 'here'; readonly source: Address | null }
  | {
      readonly kind: 'goes';
      readonly dev: string;
      readonly via: Address | null;
      readonly source: Address | null;
      readonly mtu: number | null;
    }
  | { readonly kind: 'refused'; readonly error: LookupError }
  | { readonly kind: 'dropped'; readonly outcome: Outcome };

/** One answer, with what led to it. */
export interface RouteAnswer {
  readonly end: RouteEnd;
  /** The decisions on the way: the route, and for packets that came in, forwarding and the source check. */
  readonly steps: readonly Step[];
  /** Rules that were met, in order; the last one decided, if any did. */
  readonly rules: readonly RuleMet[];
  /** What the rules behind it would have said; null when none of them knows a way. */
  readonly otherwise: LookupResult | null;
  /** Lines that are not modelled, on which this answer rests. */
  readonly uncertain: readonly Fact[];
}

/** No more answers than this are looked for. */
const MAX_ANSWERS = 64;

/**
 * Which route a packet takes at a host and why: the lookup itself, watched. More than one answer where several next hops
 * share the traffic, or where a line is not modelled.
 */
export function whyRoute(host: Host, question: RouteQuestion): readonly RouteAnswer[] {
  const answers: RouteAnswer[] = [];
  const scripts: (readonly number[])[] = [[]];
  while (scripts.length > 0 && answers.length < MAX_ANSWERS) {
    const choices = new Choices(scripts.shift());
    answers.push(oneAnswer(host, question, choices));
    scripts.push(...choices.others());
  }
  return answers;
}

/** The way that a host takes to an address, from a source of its own where one is named. */
export function wayTo(host: Host, destination: Address, source: Address | null = null): RouteEnd {
  return whyRoute(host, { destination, source, iif: null, mark: 0, tos: 0, sourcePort: 0, destinationPort: 0 })[0]!.end;
}

function oneAnswer(host: Host, question: RouteQuestion, choices: Choices): RouteAnswer {
  const steps: Step[] = [];
  const rules: RuleMet[] = [];
  let otherwise: LookupResult | null = null;
  const watch: LookupWatch = {
    met: (rule) => void rules.push(rule),
    otherwise: (found) => (otherwise = found),
  };
  const record = (step: Step): void => void steps.push(step);
  const end =
    question.iif === null
      ? sent(host, question, { choices, record, watch })
      : cameIn(host, question, question.iif, { choices, record, watch });
  return { end, steps, rules, otherwise, uncertain: choices.met.filter((p) => !p.random).map((p) => p.fact) };
}

interface Looking {
  readonly choices: Choices;
  readonly record: (step: Step) => void;
  readonly watch: LookupWatch;
}

/** inet_rtm_getroute and inet6_rtm_getroute without an input interface. */
function sent(host: Host, question: RouteQuestion, { choices, record, watch }: Looking): RouteEnd {
  const { source, destination } = question;
  // IPv6 asks no socket here
  const anySource = destination.family === 6;
  const ask = { packet: packetOf(question), source, anySource, record, watch };
  const found = outputRoute({ choices, redirects: [] }, host, ask);
  if (!found.way) return { kind: 'refused', error: found.error };
  const { local, ...way } = found.way;
  return local ? { kind: 'here', source: way.source } : { kind: 'goes', ...way };
}

/** The same with one. */
function cameIn(host: Host, question: RouteQuestion, iif: string, { choices, record, watch }: Looking): RouteEnd {
  const packet = packetOf(question);
  if (packet.family === 4) return endOf(inputRoute({ choices, watch }, host, iif, packet, record), question);
  // IPv6 looks at the addresses where the packet comes in, and not when a route is asked for
  const decision = lookedUp({ choices, watch }, host, iif, packet, record);
  const martian = martianReason(host, iif, packet);
  if (martian === null || decision.kind === 'drop') return endOf(decision, question);
  record({ stage: 'source-check', action: { kind: 'martian', why: martian }, because: [] });
  return { kind: 'dropped', outcome: 'martian' };
}

function endOf(decision: InputDecision, { source }: RouteQuestion): RouteEnd {
  switch (decision.kind) {
    case 'local':
      return { kind: 'here', source };
    case 'forward':
      return { kind: 'goes', dev: decision.dev, via: decision.via, source, mtu: decision.mtu };
    case 'drop':
      return { kind: 'dropped', outcome: decision.outcome };
  }
}

function packetOf({ destination, source, protocol, ...rest }: RouteQuestion): Packet {
  const { mark, tos, sourcePort, destinationPort } = rest;
  const usual = destination.family === 4 ? PROTOCOL.udp : 0;
  const header = bareHeader(source ?? unspecified(destination.family), destination);
  return { ...header, mark, tos, sourcePort, destinationPort, protocol: protocol ?? usual };
}
