import { sameAddress } from '../ip/index.ts';
import { chainName } from './chain-name.ts';
import type { Failure } from './failure.ts';

/** What a firewall did to the lost packet. */
export interface Filtered {
  readonly verdict: 'drop' | 'reject';
  /** `ip filter FORWARD`; empty when it was not a chain that decided. */
  readonly chain: string;
  /** By a host on a packet for itself or of its own; else on one that it should pass on. */
  readonly atEnd: boolean;
  /** On a packet of its own. */
  readonly goesOut: boolean;
}

/** The firewall's verdict that ended the trace, or null. */
export function filteredBy({ network, trace, step, hop, packet }: Failure): Filtered | null {
  if (trace.outcome !== 'filtered' && trace.outcome !== 'rejected') return null;
  const goesOut = hop.in === null;
  const host = network.hosts.get(hop.host)!;
  const isForHost = host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, packet.destination)));
  return {
    verdict: trace.outcome === 'filtered' ? 'drop' : 'reject',
    chain: chainName(step),
    atEnd: goesOut || step?.stage === 'input' || isForHost,
    goesOut,
  };
}

/**
 * The same for a packet that the host should pass on. None where the host was about to send it astray: its routes come
 * first, a firewall that keeps such packets from leaving does well.
 */
export function filteredOnWay(failure: Failure): Filtered | null {
  const filtered = filteredBy(failure);
  return !filtered || filtered.atEnd || failure.turns.some((t) => t.hop === failure.hop) ? null : filtered;
}
