import type { Expected } from './expect.ts';
import type { Ends, ProbeObservation } from './observation.ts';
import type { ProbeSpec } from './spec.ts';

const text = ([source, destination, sport, dport]: Ends): string => `${source} ${sport} > ${destination} ${dport}`;
const unique = (lines: readonly string[]): string[] => [...new Set(lines)].sort();

/** What the kernel did with a probe that spoke from `source`, in the same words as what the model expects. */
export function observedOf(probe: ProbeSpec, seen: ProbeObservation, source: string): Expected {
  const wire = seen.wire
    .filter(([, , what]) => what === 'request' || what === 'reply')
    .map(([host, dev, what, s, d, sp, dp, ttl]) => `${host} ${dev} ${what} ${text([s, d, sp, dp])} ttl ${ttl}`);
  const answers = seen.answered.filter((a) =>
    probe.protocol === 'icmp' ? isForPing(probe, a, source) : isForSocket(probe, a, source),
  );
  const refusals = (seen.told ?? seen.refused).filter((r) => speaksOf(probe, r, source));
  const refused = refusals[0];
  return {
    arrived: unique(seen.arrived.map(([host, ...ends]) => `${host} ${text(ends)}`)),
    answered: unique(seen.answered.map(text)),
    wire: unique(wire),
    refused: !refused
      ? 'no'
      : `${refused[0] === 'error' ? `icmp ${refused[2]}/${refused[3]}` : 'reset'} from ${refused[1]}`,
    error: errorOf(seen) ?? 'no',
    sees: sees(probe, seen, answers.length > 0, refused !== undefined),
  };
}

/** ENOBUFS comes from the queue of a device without carrier, for some kinds of sockets only: silence all the same. */
const errorOf = ({ error }: ProbeObservation): string | null => (error === 'ENOBUFS' ? null : error);

const isForPing = (probe: ProbeSpec, [, destination, identifier]: Ends, source: string): boolean =>
  identifier === probe.sourcePort && destination === source;

const isForSocket = (probe: ProbeSpec, [from, to, sport, dport]: Ends, source: string): boolean =>
  from === probe.destination && to === source && sport === probe.destinationPort && dport === probe.sourcePort;

/** Whether the sender's kernel finds the probe that a reset or an ICMP error speaks of. */
function speaksOf(
  probe: ProbeSpec,
  [what, , , , about, inner]: ProbeObservation['refused'][number],
  source: string,
): boolean {
  if (what === 'reset') return isForSocket(probe, inner, source);
  const [from, destination, sport, dport] = inner;
  const samePorts = sport === probe.sourcePort && (probe.protocol === 'icmp' || dport === probe.destinationPort);
  const isSender = probe.protocol === 'icmp' || from === source;
  return about === 'request' && destination === probe.destination && samePorts && isSender;
}

function sees(probe: ProbeSpec, seen: ProbeObservation, answered: boolean, refused: boolean): string {
  if (probe.protocol === 'tcp') {
    if (seen.tcp === 'echoed') return 'reply';
    if (seen.tcp?.startsWith('connected')) return 'hang';
  } else if (answered) return 'reply';
  if (refused) return 'refused';
  return errorOf(seen) ?? 'timeout';
}
