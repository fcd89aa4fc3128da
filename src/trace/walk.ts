import { sameAddress, type Fact } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import { fibLookup } from './fib-lookup.ts';
import { HopBuilder } from './hop-builder.ts';
import type { Tracked } from './hook-context.ts';
import type { Outcome } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { Passage } from './place.ts';
import { receive } from './receive.ts';
import { answerPacket, mayAnswer, type Answer, type AnswerPacket } from './refusal.ts';
import { send, type Sending } from './send.ts';
import { ipv6Source } from './source-address.ts';
import type { Hop, LocalError, Refusal, Trace } from './step.ts';
import { transmit } from './transmit.ts';
import type { World } from './world.ts';

/** A way that a packet took, with what the caller needs to go on from its end. */
export interface Walk {
  readonly trace: Trace;
  /** The packet as the receiving socket sees it; null when it was not delivered. */
  readonly delivered: Packet | null;
}

/** More hops than any TTL allows. */
const MAX_HOPS = 260;

interface End {
  readonly outcome: Outcome;
  readonly host: Host;
  /** Where it came in; null for the host's own. */
  readonly dev: string | null;
  readonly packet: Packet;
  readonly answer: Answer | null;
  readonly tracked: Tracked | null;
  readonly localError: LocalError | null;
}

/** Follows a packet from the host that sends it to its end. `answer` marks an answer in the first step. */
export function walk(world: World, sending: Sending, answer = false): Walk {
  const { hops, end } = follow(world, sending, answer);
  const refusal = end.answer && mayAnswer(end.packet) ? refuse(world, end, end.answer, sending) : null;
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

const uncertainOf = (world: World): readonly Fact[] => world.choices.met.filter((p) => !p.random).map((p) => p.fact);

function follow(world: World, sending: Sending, answer: boolean): { hops: Hop[]; end: End } {
  const hops: Hop[] = [];
  let hop = new HopBuilder(sending.host, null, sending.packet);
  hop.record({ stage: 'start', action: { kind: 'start', packet: sending.packet, answer }, because: [] });
  let passage = send(world, hop, sending);
  for (;;) {
    if (passage.kind !== 'departs') {
      hops.push(hop.finish({ out: null, via: null, link: null, packet: passage.packet }));
      return { hops, end: endOf(hop, passage) };
    }
    const { departure } = passage;
    const arrival = transmit(world, hop, departure);
    const link = arrival.link;
    hops.push(hop.finish({ out: departure.dev, via: departure.via, link, packet: departure.packet }));
    if (arrival.kind === 'lost' || hops.length > MAX_HOPS) {
      return {
        hops,
        end: lostAt(hop, departure.packet, arrival.kind === 'lost' ? arrival : null, departure.tracked),
      };
    }
    hop = new HopBuilder(arrival.host, arrival.dev, arrival.packet);
    passage = receive(world, {
      host: arrival.host,
      dev: arrival.dev,
      packet: arrival.packet,
      tracked: arrival.tracked,
      hop,
    });
  }
}

function endOf({ host, dev }: HopBuilder, passage: Exclude<Passage, { kind: 'departs' }>): End {
  const { packet, tracked } = passage;
  if (passage.kind === 'delivered')
    return { outcome: 'delivered', host, dev, packet, answer: null, tracked, localError: null };
  const { outcome, answer, localError } = passage;
  return { outcome, host, dev, packet, answer, tracked, localError };
}

function lostAt(
  { host, dev }: HopBuilder,
  packet: Packet,
  lost: { outcome: Outcome; icmp: { type: number; code: number } | null } | null,
  tracked: Tracked | null,
): End {
  const answer: Answer | null = lost?.icmp ? { kind: 'icmp', error: lost.icmp } : null;
  return { outcome: lost?.outcome ?? 'ttl-expired', host, dev, packet, answer, tracked, localError: null };
}

/** Sends the ICMP error or reset back and sees whether it reaches the program that sent the packet. */
function refuse(
  world: World,
  end: End,
  answer: Answer,
  sending: Sending,
): { refusal: Refusal; arrives: boolean; way: NonNullable<Trace['refusalWay']> } {
  const { packet, hasSource } = withInputAddress(world, end, answerPacket(end.host, answer, end.packet));
  const isReset = answer.kind === 'tcp-reset';
  const tracked: Tracked | null =
    isReset && end.tracked?.connection
      ? { state: 'related', direction: 'reply', connection: end.tracked.connection }
      : null;
  const back = follow(
    world,
    { host: end.host, packet, hasSource: hasSource || isReset, askTwice: false, anySource: isReset, tracked },
    true,
  );
  const got = back.end;
  const first = back.hops[0]!.after;
  const refusal: Refusal = {
    host: end.host.name,
    from: got.outcome === 'delivered' ? got.packet.source : first.source,
    kind: answer.kind,
    type: isReset ? 0 : answer.error.type,
    code: isReset ? 0 : answer.error.code,
  };
  const arrives =
    got.outcome === 'delivered' &&
    got.host === sending.host &&
    speaksOf(got.packet, isReset, sentBy(sending, back.end));
  return { refusal, arrives, way: { hops: back.hops, outcome: got.outcome, host: got.host.name } };
}

/**
 * icmp6_send speaks with an address of the interface that the packet came in by, unless it was sent to one of the host's
 * own or the route back names a source.
 */
function withInputAddress(world: World, end: End, made: AnswerPacket): AnswerPacket {
  const { packet, hasSource } = made;
  if (hasSource || packet.family !== 6 || end.dev === null) return made;
  const back = fibLookup(end.host, { ...packet, source: null, iif: 'lo' }, world.choices);
  if (back.ok && back.route.source) return made;
  const source = ipv6Source(end.host, end.dev, packet.destination);
  return source ? { packet: { ...packet, source }, hasSource: true } : made;
}

/** The packet as its sender knows it: with the source that was chosen for it. */
function sentBy(sending: Sending, end: End): Packet {
  return sending.hasSource ? sending.packet : { ...sending.packet, source: end.packet.destination };
}

/** Whether the sender's kernel finds the socket that the answer speaks of. */
function speaksOf(packet: Packet, isReset: boolean, sent: Packet): boolean {
  if (isReset) {
    return (
      sameAddress(packet.source, sent.destination) &&
      packet.sourcePort === sent.destinationPort &&
      packet.destinationPort === sent.sourcePort
    );
  }
  const inner = packet.inner;
  if (!inner || inner.protocol !== sent.protocol) return false;
  const samePorts = inner.sourcePort === sent.sourcePort && inner.destinationPort === sent.destinationPort;
  return samePorts && sameAddress(inner.destination, sent.destination) && sameAddress(inner.source, sent.source);
}
