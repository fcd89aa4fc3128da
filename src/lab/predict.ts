import { ICMP_ERRNO } from '../dialect/index.ts';
import { formatAddress } from '../ip/index.ts';
import type { RoundTrip, Sees } from '../trace/index.ts';
import type { Observation, Probed } from './observation.ts';
import type { Listener } from './probe.ts';
import { UDP_HEARS } from './udp-hears.ts';

/** What a probe should see if the round trip is right; null where it does not say, or says what no lab can show. */
export function predictedProbe(trip: RoundTrip): Probed | null {
  if (hangsOnOuter(trip)) return null;
  const first = trip.verdict === 'unknown' ? null : predicted(trip, trip.sees);
  if (!first) return null;
  if (trip.flow.protocol !== 'icmp' || first.kind === 'answered') return { first, second: null };
  return { first, second: trip.secondTry ? predicted(trip.secondTry, trip.secondTry.sees) : first };
}

/** In the lab what carries a tunnel does not go by the hosts' routes. */
function hangsOnOuter({ forward, return: back }: RoundTrip): boolean {
  const steps = [forward, back].flatMap((trace) => trace?.hops.at(-1)?.steps.at(-1) ?? []);
  return steps.some(({ action }) => action.kind === 'tunnel-refused' && action.why === 'recursive');
}

function predicted({ flow }: RoundTrip, sees: Sees): Observation | null {
  switch (sees.kind) {
    case 'reply':
      return { kind: 'answered', from: formatAddress(sees.from) };
    case 'timeout':
    case 'hang':
      return { kind: sees.kind };
    case 'local-error':
      return { kind: 'error', errno: sees.error };
    case 'unknown':
      return null;
    case 'refused': {
      const { kind, type, code, from } = sees.refusal;
      const { family } = flow.destination;
      const key = `${type}/${code}`;
      if (kind === 'tcp-reset') return { kind: 'error', errno: 'ECONNREFUSED' };
      if (flow.protocol === 'icmp') return { kind: 'icmp', type, code, from: formatAddress(from) };
      if (flow.protocol === 'udp' && !UDP_HEARS[family].has(key)) return { kind: 'timeout' };
      return { kind: 'error', errno: ICMP_ERRNO[family][key] ?? `ICMP ${key}` };
    }
  }
}

/** Where the question arrives, as the trace says: there somebody must listen. */
export function listenerFor(trip: RoundTrip): Listener | undefined {
  const last = trip.forward.hops.at(-1);
  if (trip.flow.protocol === 'icmp' || trip.forward.outcome !== 'delivered' || !last) return undefined;
  const { destination, destinationPort } = last.after;
  return { host: last.host, address: formatAddress(destination), port: destinationPort };
}
