import { sameAddress } from '../ip/index.ts';
import { fibLookup } from './fib-lookup.ts';
import { isOwnAddress } from './fib.ts';
import { follow, type End } from './follow.ts';
import { FORGOTTEN, type Tracked } from './hook-context.ts';
import type { Packet } from './packet.ts';
import { answerPacket, type Answer, type AnswerPacket } from './refusal.ts';
import type { Sending } from './send.ts';
import { ipv6Source } from './source-address.ts';
import type { Refusal, Trace } from './step.ts';
import { endsOf, inbound } from './ipvs/connection.ts';
import { virtualConnectionsOf, type World } from './world.ts';

/** What was sent back, whether it reached the program that waits, and its way. */
export interface Refused {
  readonly refusal: Refusal;
  readonly arrives: boolean;
  readonly way: NonNullable<Trace['refusalWay']>;
}

/** Sends the ICMP error or reset back and sees whether it reaches the program that sent the packet. */
export function refuse(world: World, end: End, answer: Answer, sending: Sending): Refused {
  const { packet, hasSource } = withInputAddress(
    world,
    end,
    answerPacket(end.host, answer, end.packet, end.routedHere),
  );
  const isReset = answer.kind === 'tcp-reset';
  const back = follow(
    world,
    {
      host: end.host,
      packet,
      hasSource: hasSource || isReset,
      askTwice: false,
      anySource: isReset,
      tracked: attached(end),
    },
    true,
  );
  const got = back.end;
  const relayed = relayedBy(world, got);
  if (relayed) return refuse(world, relayed, answer, sending);
  const first = back.hops[0]!.after;
  const refusal: Refusal = {
    host: end.host.name,
    from: got.outcome === 'delivered' ? got.packet.source : first.source,
    kind: answer.kind,
    type: isReset ? 0 : answer.error.type,
    code: isReset ? 0 : answer.error.code,
  };
  const arrives =
    got.outcome === 'delivered' && got.host === sending.host && speaksOf(got.packet, isReset, sending.packet);
  return { refusal, arrives, way: { hops: back.hops, outcome: got.outcome, host: got.host.name } };
}

/**
 * An ICMP error about a packet that IPVS packed in another: the director tells the client (the special case for IPIP in
 * ip_vs_in_icmp; IPv6 has none).
 */
function relayedBy(world: World, { outcome, host, dev, packet }: End): End | null {
  const request = packet.inner?.payload;
  if (outcome !== 'delivered' || !request || packet.family === 6) return null;
  const isOurs = inbound(virtualConnectionsOf(world, host), request.protocol, endsOf(request)) !== undefined;
  if (!isOurs) return null;
  const told = { packet: request, answer: null, tracked: null, localError: null };
  return { outcome: 'rejected', host, dev, ...told, routedHere: true, isRouted: true };
}

/** nf_ct_attach: the answer belongs to the connection of the packet it speaks of, in the other direction. */
function attached({ tracked }: End): Tracked | null {
  if (!tracked?.connection) return tracked?.state === 'untracked' ? FORGOTTEN : null;
  return {
    state: 'related',
    direction: tracked.direction === 'original' ? 'reply' : 'original',
    connection: tracked.connection,
  };
}

/**
 * icmp6_send speaks with an address of the interface that the packet came in by, unless it was sent to one of the host's
 * own or the route back names a source.
 */
function withInputAddress(world: World, end: End, made: AnswerPacket): AnswerPacket {
  const { packet, hasSource } = made;
  // nf_reject_fill_skb_dst: the route back to an own address makes icmp_send speak as the packet's destination
  if (packet.family === 4 && !end.isRouted && isOwnAddress(end.host, packet.destination))
    return { packet, hasSource: true };
  if (hasSource || packet.family !== 6 || end.dev === null) return made;
  const back = fibLookup(end.host, { ...packet, source: null, iif: 'lo' }, world.choices);
  if (back.ok && back.route.source) return made;
  const source = ipv6Source(end.host, end.dev, packet.destination);
  return source ? { packet: { ...packet, source }, hasSource: true } : made;
}

/** Whether the sender's kernel finds the socket that the answer speaks of. */
function speaksOf(packet: Packet, isReset: boolean, sent: Packet): boolean {
  if (isReset) {
    return (
      sameAddress(packet.source, sent.destination) &&
      sameAddress(packet.destination, sent.source) &&
      packet.sourcePort === sent.destinationPort &&
      packet.destinationPort === sent.sourcePort
    );
  }
  const inner = packet.inner;
  if (!inner || inner.protocol !== sent.protocol) return false;
  const samePorts = inner.sourcePort === sent.sourcePort && inner.destinationPort === sent.destinationPort;
  // ping looks at the identifier, a connected socket has an address of its own
  const isSender = sent.icmpType >= 0 || sameAddress(inner.source, sent.source);
  return samePorts && isSender && sameAddress(inner.destination, sent.destination);
}
