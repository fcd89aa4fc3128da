import type { Network } from '../model/index.ts';
import { wrongTurns, type WrongTurn } from './wrong-turn.ts';
import type { Hop, Packet, Question, RoundTrip, Step, Trace } from '../trace/index.ts';

/** Where a round trip failed. */
export interface Failure {
  readonly network: Network;
  readonly question: Question;
  readonly trip: RoundTrip;
  /** The first trace that did not arrive. */
  readonly trace: Trace;
  /** Which packet of the conversation it was: 0 the first, 1 the answer, 2 and 3 those that follow in TCP. */
  readonly packetNumber: number;
  /** `back` for answers. */
  readonly direction: 'there' | 'back';
  readonly hop: Hop;
  /** The step that ended it. */
  readonly step: Step | null;
  /** The packet as it was there. */
  readonly packet: Packet;
  /** Where it left in another direction than the links and tunnels ask for. */
  readonly turns: readonly WrongTurn[];
  /** Hosts that the first packet passed. */
  readonly passed: ReadonlySet<string>;
}

/** The failure of a round trip that was not answered; null when everything arrived. */
export function failureOf(network: Network, question: Question, trip: RoundTrip): Failure | null {
  const traces = [
    { trace: trip.forward, direction: 'there' },
    { trace: trip.return, direction: 'back' },
    { trace: trip.third, direction: 'there' },
    { trace: trip.fourth, direction: 'back' },
  ] as const;
  const sent = traces.filter((t) => t.trace !== null);
  const last = sent.at(-1)!;
  const failed = sent.find((t) => t.trace!.outcome !== 'delivered') ?? (trip.verdict === 'answered' ? null : last);
  if (!failed) return null;
  const trace = failed.trace!;
  const hop = trace.hops.at(-1)!;
  const passed = new Set(trip.forward.hops.map((h) => h.host));
  return {
    network,
    question,
    trip,
    trace,
    packetNumber: sent.indexOf(failed),
    direction: failed.direction,
    hop,
    step: hop.steps.findLast((s) => s.action.kind !== 'start' && s.action.kind !== 'sent') ?? null,
    packet: hop.after,
    turns: wrongTurns(network, trace, hop.after, passed),
    passed,
  };
}

/** The failure of a packet that was answered by the wrong one: a virtual server should have taken it. */
export const failureOfMissed = (
  network: Network,
  question: Question,
  trip: RoundTrip,
  { hop, step }: Pick<Failure, 'hop' | 'step'>,
): Failure => ({
  ...{ network, question, trip, hop, step },
  trace: trip.forward,
  packetNumber: 0,
  direction: 'there',
  packet: hop.after,
  turns: [],
  passed: new Set(trip.forward.hops.map((h) => h.host)),
});
