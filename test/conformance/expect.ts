import { formatAddress } from '../../src/ip/index.ts';
import { interfaceNamed, type Network } from '../../src/model/index.ts';
import type { Packet, RoundTrip, Trace } from '../../src/trace/index.ts';

/** What the model says will be seen, in the words of the observation; lists are sorted texts. */
export interface Expected {
  readonly arrived: readonly string[];
  readonly answered: readonly string[];
  readonly wire: readonly string[];
  readonly refused: string;
  readonly error: string;
  readonly sees: string;
}

const ends = (p: Packet): string => {
  const ports = p.icmpType >= 0 ? [p.sourcePort, p.sourcePort] : [p.sourcePort, p.destinationPort];
  return `${formatAddress(p.source)} ${ports[0]} > ${formatAddress(p.destination)} ${ports[1]}`;
};

/** What should be seen of a round trip. */
export function expectedOf(trip: RoundTrip, network: Network): Expected {
  const { forward, return: back } = trip;
  return {
    arrived: forward.outcome === 'delivered' ? [`${forward.host} ${ends(forward.hops.at(-1)!.after)}`] : [],
    answered: back?.outcome === 'delivered' && back.host === trip.from ? [ends(back.hops.at(-1)!.after)] : [],
    wire: [...wireOf(forward, 'request', network), ...(back ? wireOf(back, 'reply', network) : [])].sort(),
    refused: forward.refusal && forward.refusalArrives ? refusalText(forward.refusal) : 'no',
    error: forward.localError ?? 'no',
    sees: seesText(trip),
  };
}

/** `icmp 3/1 from 10.0.0.1` or `reset from 10.0.0.1`. */
export const refusalText = (r: {
  kind: 'icmp' | 'tcp-reset';
  type: number;
  code: number;
  from: Parameters<typeof formatAddress>[0];
}): string => `${r.kind === 'icmp' ? `icmp ${r.type}/${r.code}` : 'reset'} from ${formatAddress(r.from)}`;

function seesText({ sees }: RoundTrip): string {
  return sees.kind === 'local-error' ? sees.error : sees.kind;
}

/** Outcomes of packets that were routed to an interface but never left it. */
const NOT_SENT = new Set(['neighbour-unreachable', 'interface-down']);

function wireOf(trace: Trace, what: string, network: Network): string[] {
  const lines: string[] = [];
  for (const [i, hop] of trace.hops.entries()) {
    const isLast = i === trace.hops.length - 1;
    const isSent = hop.steps.some((s) => s.action.kind === 'sent');
    if (hop.out === null || (isLast && !isSent && NOT_SENT.has(trace.outcome))) continue;
    // without carrier nothing gets past the queue
    if (!interfaceNamed(network.hosts.get(hop.host)!, hop.out)?.carrier) continue;
    lines.push(`${hop.host} ${hop.out} ${what} ${ends(hop.after)} ttl ${hop.after.ttl}`);
  }
  return lines;
}
