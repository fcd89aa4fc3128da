import type { Fact } from '../ip/index.ts';
import { follow } from './follow.ts';
import type { Packet } from './packet.ts';
import { mayAnswer } from './refusal.ts';
import { refuse } from './refuse.ts';
import type { Sending } from './send.ts';
import type { Hop, Trace } from './step.ts';
import type { World } from './world.ts';

/** A way that a packet took, with what the caller needs to go on from its end. */
export interface Walk {
  readonly trace: Trace;
  /** The packet as the receiving socket sees it; null when it was not delivered. */
  readonly delivered: Packet | null;
}

/** Follows a packet from the host that sends it to its end. `answer` marks an answer in the first step. */
export function walk(world: World, sending: Sending, answer = false): Walk {
  const { hops, end } = follow(world, sending, answer);
  const refusal = end.answer && mayAnswer(end.packet) ? refuse(world, end, end.answer, asSent(hops, sending)) : null;
  const trace: Trace = {
    packet: hops[0]!.before,
    hops,
    outcome: end.outcome,
    host: end.host.name,
    refusal: refusal?.refusal ?? null,
    refusalArrives: refusal?.arrives ?? false,
    ...(refusal ? { refusalWay: refusal.way } : {}),
    localError: end.localError,
    uncertain: uncertainOf(world),
  };
  return { trace, delivered: end.outcome === 'delivered' ? end.packet : null };
}

/** The sending with the source that was chosen for it, as its socket knows it. */
function asSent(hops: readonly Hop[], sending: Sending): Sending {
  const chosen = hops[0]!.steps.find((s) => s.action.kind === 'source-chosen')?.action;
  return chosen?.kind === 'source-chosen'
    ? { ...sending, packet: { ...sending.packet, source: chosen.address } }
    : sending;
}

const uncertainOf = (world: World): readonly Fact[] => world.choices.met.filter((p) => !p.random).map((p) => p.fact);
