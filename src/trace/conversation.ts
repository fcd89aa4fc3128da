import { formatAddress, sameAddress } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import { answerTo, firstPacket, laterPacket } from './first-packet.ts';
import { PROTOCOL, TCP, type Flow, type Packet } from './packet.ts';
import type { Question } from './question.ts';
import type { Conversation, Sees, Verdict } from './round-trip-types.ts';
import type { Sending } from './send.ts';
import type { Trace } from './step.ts';
import { ignoredEcho } from './ignored-echo.ts';
import { walk, type Walk } from './walk.ts';
import { hostIn, type World } from './world.ts';

/** Sends the first packet, and each following one as long as the one before arrived where it was expected. */
export function converse(world: World, question: Question): Conversation {
  const from = hostIn(world.network, question.from);
  const opening = firstPacket(from, question);
  const hasSource = question.source !== undefined;
  const base = { askTwice: question.protocol !== 'icmp', anySource: false, tracked: null };
  const connected = question.protocol !== 'icmp';
  const there = walk(world, { ...base, connected, host: from, packet: opening, hasSource });
  const sent: Packet = { ...opening, source: sourceOf(there, opening) };
  const none = { return: null, third: null, fourth: null };
  const told = { flow: flowOf(question, sent), to: nameOfTarget(world, there, question), forward: there.trace };
  if (!there.delivered) return { ...told, ...none, ...lost(there.trace) };

  const target = hostIn(world.network, there.trace.host);
  const answer = answerTo(target, there.delivered);
  const silence = ignoredEcho(target, there.delivered, answer);
  if (silence) return { ...told, ...none, return: silence, verdict: 'no-answer', sees: { kind: 'timeout' } };
  const arrivedBy = there.trace.hops.at(-1)!.in;
  const towards = answer.icmpType === 129 && arrivedBy !== null ? { towards: arrivedBy } : {};
  const isTcp = question.protocol === 'tcp';
  const back = walk(
    world,
    { ...base, ...towards, connected: isTcp, host: target, packet: answer, hasSource: true },
    true,
  );
  const withReturn = { ...told, ...none, return: back.trace };
  if (!reaches(back, question.from, sent, answer)) return { ...withReturn, ...silent(back.trace) };
  if (!isTcp) {
    return { ...withReturn, verdict: 'answered', sees: { kind: 'reply', from: back.delivered!.source } };
  }
  return { ...withReturn, ...handshake(world, { there, sent, answer, from: question.from, to: target.name }) };
}

/** Who received it, else who has the address that was asked for, else that address. */
function nameOfTarget({ network }: World, there: Walk, { destination }: Question): string {
  if (there.delivered) return there.trace.host;
  const has = (host: Host): boolean =>
    host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, destination)));
  return [...network.hosts.values()].find(has)?.name ?? formatAddress(destination);
}

const sourceOf = (there: Walk, opening: Packet): Packet['source'] => {
  const chosen = there.trace.hops[0]!.steps.find((s) => s.action.kind === 'source-chosen');
  return chosen?.action.kind === 'source-chosen' ? chosen.action.address : opening.source;
};

function flowOf(question: Question, sent: Packet): Flow {
  const { protocol, sourcePort, destinationPort, destination } = question;
  return { protocol, source: sent.source, destination, sourcePort, destinationPort };
}

/** Whether an answer came to the socket that waits for it: the right host, and from the address it spoke to. */
function reaches(back: Walk, from: string, sent: Packet, answer: Packet): boolean {
  const got = back.delivered;
  if (!got || back.trace.host !== from) return false;
  if (!sameAddress(got.destination, sent.source)) return false;
  if (answer.icmpType >= 0) return got.sourcePort === sent.sourcePort;
  return (
    sameAddress(got.source, sent.destination) &&
    got.sourcePort === sent.destinationPort &&
    got.destinationPort === sent.sourcePort
  );
}

/** What the sender learns when its first packet did not arrive. */
function lost(trace: Trace): { verdict: Verdict; sees: Sees } {
  if (trace.outcome === 'unknown') return { verdict: 'unknown', sees: { kind: 'unknown' } };
  // what sendto(2) says comes before the ICMP message; connect(2) hears of that only
  const isTold = trace.localError === 'ENOKEY' || trace.localError === 'EDESTADDRREQ';
  if (trace.localError && isTold && trace.packet.protocol !== PROTOCOL.tcp)
    return { verdict: 'no-answer', sees: { kind: 'local-error', error: trace.localError } };
  if (trace.refusal && trace.refusalArrives)
    return { verdict: 'refused', sees: { kind: 'refused', refusal: trace.refusal } };
  if (trace.localError) return { verdict: 'no-answer', sees: { kind: 'local-error', error: trace.localError } };
  return { verdict: 'no-answer', sees: { kind: 'timeout' } };
}

function silent(trace: Trace): { verdict: Verdict; sees: Sees } {
  return trace.outcome === 'unknown'
    ? { verdict: 'unknown', sees: { kind: 'unknown' } }
    : { verdict: 'no-answer', sees: { kind: 'timeout' } };
}

interface Handshake {
  readonly there: Walk;
  readonly sent: Packet;
  readonly answer: Packet;
  readonly from: string;
  readonly to: string;
}

/** An IPv6 socket keeps the route of its first packet, which was found before it had a source (sk_dst_cache). */
function keptWay({ trace }: Walk): Pick<Sending, 'way'> | null {
  const routed = trace.hops[0]!.steps.find((s) => s.action.kind === 'routed')?.action;
  if (trace.packet.family === 4 || routed?.kind !== 'routed') return null;
  const { dev, via, route } = routed;
  return { way: { dev, via, local: route.type === 'local' || route.type === 'anycast' } };
}

type Rest = Pick<Conversation, 'third' | 'fourth' | 'verdict' | 'sees'>;

/** The third packet of the handshake with the first data, and the target's first data. */
function handshake(world: World, { there, sent, answer, from, to }: Handshake): Rest {
  const base = { hasSource: true, askTwice: false, anySource: false, tracked: null };
  const third = sendData(world, {
    ...base,
    host: hostIn(world.network, from),
    packet: laterPacket(sent, TCP.ack | TCP.psh),
    ...keptWay(there),
  });
  const isTaken = third.trace.host === to && third.delivered && isSameFlow(third.delivered, there.delivered!);
  if (!isTaken) return { third: third.trace, fourth: null, ...stuck(third.trace) };
  const data = laterPacket(answer, TCP.ack | TCP.psh);
  const fourth = sendData(world, { ...base, host: hostIn(world.network, to), packet: data }, true);
  const traces = { third: third.trace, fourth: fourth.trace };
  if (!reaches(fourth, from, sent, data)) return { ...traces, ...stuck(fourth.trace) };
  return { ...traces, verdict: 'answered', sees: { kind: 'reply', from: sent.destination } };
}

/**
 * A bare acknowledgement goes ahead of the data. Where it changed a host's connections (one was picked up in the middle, marked,
 * or forgotten for a reset that did not arrive), the data may fare otherwise and goes its own way.
 */
function sendData(world: World, sending: Sending, isReply = false): Walk {
  const before = connectionsIn(world);
  const acknowledgement = walk(world, sending, isReply);
  const isSame = connectionsIn(world) === before || acknowledgement.trace.refusalArrives;
  return isSame ? acknowledgement : walk(world, sending, isReply);
}

/** The connections that all hosts know, with their marks: how many there are, and what rules can have written. */
const connectionsIn = ({ connections }: World): string =>
  [...connections.values()].map((table) => table.connections.map((c) => c.mark).join(' ')).join(';');

/** Whether the later packet comes to the connection that the earlier one opened: a firewall may have rewritten its header. */
const isSameFlow = (later: Packet, earlier: Packet): boolean =>
  sameAddress(later.source, earlier.source) &&
  sameAddress(later.destination, earlier.destination) &&
  later.sourcePort === earlier.sourcePort &&
  later.destinationPort === earlier.destinationPort;

function stuck(trace: Trace): { verdict: Verdict; sees: Sees } {
  return trace.outcome === 'unknown'
    ? { verdict: 'unknown', sees: { kind: 'unknown' } }
    : { verdict: 'no-answer', sees: { kind: 'hang' } };
}
