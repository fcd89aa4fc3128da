import { sameAddress, type Fact } from '../ip/index.ts';
import type { Network } from '../model/index.ts';
import type { Hop, Packet, Trace } from '../trace/index.ts';
import { lastRoute, type Routed } from './last-route.ts';
import { rightWay, type NextStep } from './right-way.ts';

/** A hop where the lost packet left in another direction than the links and tunnels ask for. */
export interface WrongTurn {
  readonly hop: Hop;
  /** Its place in the trace; 0 is the sender. */
  readonly index: number;
  /** Where it should have gone. */
  readonly next: NextStep;
  /** Where routing sent it; null when no route took it. */
  readonly routed: Routed | null;
  /** It should go back to where it came from: the one before is to blame. */
  readonly isReturn: boolean;
  /** The lines that routing went by. */
  readonly because: readonly Fact[];
}

/** All wrong turns of the lost packet, in the order of its way. */
export function wrongTurns(
  network: Network,
  trace: Trace,
  packet: Packet,
  passed: ReadonlySet<string>,
): readonly WrongTurn[] {
  return trace.hops.flatMap((hop, index) => {
    const next = rightWay(network, hop.host, packet.destination, passed);
    if (!next || trace.hops[index + 1]?.host === next.host) return [];
    const routed = lastRoute(hop);
    // routed the right way and lost there: by a filter, on the wire, in the tunnel
    if (routed && leadsTo(network, routed, next)) return [];
    const step = hop.steps.findLast((s) => s.stage === 'route');
    // dropped before it was routed
    const isReturn = next.host === trace.hops[index - 1]?.host;
    return step ? [{ hop, index, next, routed, because: step.because, isReturn }] : [];
  });
}

function leadsTo(network: Network, routed: Routed, next: NextStep): boolean {
  if (routed.dev !== next.dev) return false;
  // a tunnel ignores the gateway
  if (next.tunnel !== null) return true;
  const via = routed.via;
  if (via === null || next.via === null) return via === next.via;
  const host = network.hosts.get(next.host);
  return host?.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, via))) ?? false;
}

/**
 * The wrong turn that a person would put right first: that of the first router on the way, which serves everybody, else
 * the sender's own.
 */
export const blamedTurn = (turns: readonly WrongTurn[]): WrongTurn | null =>
  turns.find((t) => t.hop.in !== null && !t.isReturn) ?? turns[0] ?? null;
