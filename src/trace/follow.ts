import type { Host } from '../model/index.ts';
import type { Arrival } from './arrival.ts';
import { HopBuilder } from './hop-builder.ts';
import type { Tracked } from './hook-context.ts';
import type { Outcome } from './outcome.ts';
import type { Packet } from './packet.ts';
import type { Passage } from './place.ts';
import { receive } from './receive.ts';
import type { Answer } from './refusal.ts';
import { send, type Sending } from './send.ts';
import type { Hop, LocalError } from './step.ts';
import { transmit } from './transmit.ts';
import type { World } from './world.ts';

/** More hops than any TTL allows. */
const MAX_HOPS = 260;

/** Where and how a packet ended. */
export interface End {
  readonly outcome: Outcome;
  readonly host: Host;
  /** Where it came in; null for the host's own. */
  readonly dev: string | null;
  readonly packet: Packet;
  readonly answer: Answer | null;
  readonly tracked: Tracked | null;
  readonly localError: LocalError | null;
  /** Routing had sent it to this host itself. */
  readonly routedHere: boolean;
  /** Routing was asked before it ended. */
  readonly isRouted: boolean;
}

/** Takes a packet from host to host until it ends. `answer` marks an answer in the first step. */
export function follow(world: World, sending: Sending, answer: boolean): { hops: Hop[]; end: End } {
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
      local: arrival.local === true,
      ...(arrival.peer === undefined ? {} : { peer: arrival.peer }),
      hop,
    });
  }
}

function endOf({ host, dev, routedHere, isRouted }: HopBuilder, passage: Exclude<Passage, { kind: 'departs' }>): End {
  const { packet, tracked } = passage;
  if (passage.kind === 'delivered')
    return { outcome: 'delivered', host, dev, packet, answer: null, tracked, localError: null, routedHere, isRouted };
  const { outcome, answer, localError } = passage;
  return { outcome, host, dev, packet, answer, tracked, localError, routedHere, isRouted };
}

function lostAt(
  { host, dev, routedHere, isRouted }: HopBuilder,
  packet: Packet,
  lost: Extract<Arrival, { kind: 'lost' }> | null,
  tracked: Tracked | null,
): End {
  const answer: Answer | null = lost?.icmp ? { kind: 'icmp', error: lost.icmp } : null;
  const outcome = lost?.outcome ?? 'ttl-expired';
  const localError = dev === null ? (lost?.localError ?? null) : null;
  return { outcome, host, dev, packet, answer, tracked, localError, routedHere, isRouted };
}
