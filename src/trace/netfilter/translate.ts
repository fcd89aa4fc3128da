import { formatAddress, sameAddress, type Fact } from '../../ip/index.ts';
import type { Connection } from '../connection.ts';
import type { Packet } from '../packet.ts';
import { isSpread, uniqueTuple, type Half, type NatRange } from './nat-range.ts';
import { record, stageOf, type Run } from './run.ts';
import { forget, isIcmpProtocol, mirrored, sameTuple } from './tuple.ts';

/** Which half the hook's translations write (HOOK2MANIP). */
export const halfAt = (run: Run): Half =>
  run.context.hook === 'postrouting' || run.context.hook === 'input' ? 'source' : 'destination';

const other = (half: Half): Half => (half === 'source' ? 'destination' : 'source');

/** Whether it was already decided what this half becomes. */
export const isDecided = (c: Connection, half: Half): boolean => (half === 'source' ? c.sourceDone : c.destinationDone);

/** Decides a connection's translation (nf_nat_setup_info). A connection in the table keeps what it has. */
export function setUpTranslation(run: Run, connection: Connection, half: Half, range: NatRange): void {
  if (connection.confirmed) return;
  const current = mirrored(connection.reply);
  const own = half === 'source' ? current.source : current.destination;
  const tuple = uniqueTuple(run.context.connections, connection, current, half, range);
  if (range.addresses && isSpread(range, own, half)) {
    const [from, to] = [formatAddress(range.addresses.from), formatAddress(range.addresses.to)];
    record(run, stageOf(run), { kind: 'uncertain', what: `one address of ${from} to ${to}`, taken: from }, [run.fact]);
  }
  const changed = !sameTuple(tuple, current);
  if (changed) connection.reply = mirrored(tuple);
  if (half === 'source') {
    connection.sourceDone = true;
    connection.sourceNat ||= changed;
    connection.sourceFact = run.fact;
  } else {
    connection.destinationDone = true;
    connection.destinationNat ||= changed;
    connection.destinationFact = run.fact;
  }
}

/** Which of the connection's translations this hook carries out: answers turn the two around. */
function halfCarriedOut(run: Run): { half: Half; on: boolean; fact: Fact | null } {
  const { connection, direction } = run.tracked!;
  const at = halfAt(run);
  const of = direction === 'reply' ? other(at) : at;
  const c = connection!;
  return of === 'source'
    ? { half: at, on: c.sourceNat, fact: c.sourceFact }
    : { half: at, on: c.destinationNat, fact: c.destinationFact };
}

const oppositeTuple = (run: Run): Connection['original'] => {
  const { connection, direction } = run.tracked!;
  return direction === 'reply' ? connection!.original : connection!.reply;
};

/** Rewrites the packet as its connection says (nf_nat_packet). False when the packet is dropped. */
export function applyTranslation(run: Run): boolean {
  const { connection, direction } = run.tracked!;
  const masqueraded = connection!.masqueradeOut;
  if (
    run.context.hook === 'postrouting' &&
    direction === 'original' &&
    masqueraded &&
    masqueraded !== run.context.out
  ) {
    forget(run.context.connections, connection!);
    return false;
  }
  const { half, on, fact } = halfCarriedOut(run);
  if (on) rewrite(run, half, fact, rewritten(run.packet, mirrored(oppositeTuple(run)), half));
  return true;
}

/** One half of the packet's addresses and ports, taken from the tuple (nf_nat_manip_pkt). */
function rewritten(packet: Packet, to: Connection['original'], half: Half): Packet {
  if (isIcmpProtocol(packet.protocol)) {
    const renumbered = { ...packet, sourcePort: to.sourcePort };
    return half === 'source' ? { ...renumbered, source: to.source } : { ...renumbered, destination: to.destination };
  }
  if (half === 'source') return { ...packet, source: to.source, sourcePort: to.sourcePort };
  return { ...packet, destination: to.destination, destinationPort: to.destinationPort };
}

function rewrite(run: Run, half: Half, fact: Fact | null, after: Packet): void {
  const before = run.packet;
  run.packet = after;
  const source = half === 'source';
  const from = source ? before.source : before.destination;
  const to = source ? after.source : after.destination;
  // An echo identifier stands in sourcePort, whichever half is written
  const usesSource = source || isIcmpProtocol(before.protocol);
  const fromPort = usesSource ? before.sourcePort : before.destinationPort;
  const toPort = usesSource ? after.sourcePort : after.destinationPort;
  if (sameAddress(from, to) && fromPort === toPort) return;
  const undone = run.tracked!.direction === 'reply';
  record(run, 'nat', { kind: 'translated', what: half, from, to, fromPort, toPort, undone }, fact ? [fact] : []);
}

const REDIRECT = 5;

/**
 * Rewrites an ICMP error as the connection says that it speaks of: the packet inside, and one address outside
 * (nf_nat_icmp_reply_translation). False when the packet is dropped.
 */
export function translateError(run: Run): boolean {
  const connection = run.tracked!.connection!;
  const { packet } = run;
  if (packet.family === 4 && packet.icmpType === REDIRECT) {
    const decided = connection.sourceDone && connection.destinationDone;
    if (!decided || connection.sourceNat || connection.destinationNat) return false;
  }
  const { half, on, fact } = halfCarriedOut(run);
  if (!on || !packet.inner) return true;
  const opposite = oppositeTuple(run);
  const inner = rewritten(packet.inner, opposite, other(half));
  const outside = mirrored(opposite);
  const address = half === 'source' ? { source: outside.source } : { destination: outside.destination };
  rewrite(run, half, fact, { ...packet, ...address, inner });
  return true;
}
