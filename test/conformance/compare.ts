import { formatAddress } from '../../src/ip/index.ts';
import { roundTrip, type RoundTrip, type Step } from '../../src/trace/index.ts';
import type { Network } from '../../src/model/index.ts';
import { expectedOf, type Expected } from './expect.ts';
import { addressOf } from './network-of.ts';
import { observedOf } from './observed.ts';
import type { NetworkObservation } from './observation.ts';
import type { NetworkSpec, ProbeSpec } from './spec.ts';

/** One thing that the model and the kernel see differently. */
export interface Difference {
  readonly what: keyof Expected;
  readonly model: string;
  readonly kernel: string;
}

/** What came of comparing one probe. `skipped`: the source it should speak from was refused or vanished. */
export interface Comparison {
  readonly probe: ProbeSpec;
  readonly trip: RoundTrip;
  readonly kernel: Expected;
  readonly verdict: 'same' | 'different' | 'unknown' | 'skipped';
  readonly differences: readonly Difference[];
}

/** Compares all probes of a network with the model. */
export function compareNetwork(spec: NetworkSpec, network: Network, seen: NetworkObservation): Comparison[] {
  return spec.probes.map((probe, i): Comparison => {
    const trip = roundTrip(network, questionOf(probe));
    // each leg of a multipath route may bring a source of its own
    const seenFrom = (t: RoundTrip): Expected => observedOf(probe, seen.probes[i]!, formatAddress(t.flow.source));
    const kernel = seenFrom(trip);
    if (!ownsSource(probe, seen)) return { probe, trip, kernel, verdict: 'skipped', differences: [] };
    if (trip.verdict === 'unknown') return { probe, trip, kernel, verdict: 'unknown', differences: [] };
    const branches = [trip, ...trip.otherwise].map((t) => ({
      trip: t,
      differences: differencesOf(expectedOf(t, network), seenFrom(t), maskOf(t, probe)),
    }));
    const best = branches.reduce((a, b) => (b.differences.length < a.differences.length ? b : a));
    const verdict =
      best.differences.length === 0
        ? 'same'
        : trip.unwalked || branches.some((b) => isUncertain(b.trip))
          ? 'unknown'
          : 'different';
    return { probe, trip: best.trip, kernel, verdict, differences: best.differences };
  });
}

const ownsSource = ({ from, source }: ProbeSpec, seen: NetworkObservation): boolean =>
  source === undefined || seen.facts[from]!.interfaces.some((i) => i.addresses.some((a) => a.address === source));

/** A probe as the model is asked it. */
export const questionOf = ({ source, destination, ...probe }: ProbeSpec): Parameters<typeof roundTrip>[1] => ({
  ...probe,
  destination: addressOf(destination),
  ...(source === undefined ? {} : { source: addressOf(source) }),
});

const stepsOf = (trip: RoundTrip): readonly Step[] =>
  [trip.forward, trip.return, trip.third, trip.fourth].flatMap((t) =>
    [...(t?.hops ?? []), ...(t?.refusalWay?.hops ?? [])].flatMap((h) => h.steps),
  );

/** Where a translation had to look for a free port, which the kernel draws by lot, ports that nobody named count alike. */
function maskOf(trip: RoundTrip, { protocol, sourcePort, destinationPort }: ProbeSpec): (line: string) => string {
  const changed = stepsOf(trip).filter((s) => s.action.kind === 'translated' && s.action.fromPort !== s.action.toPort);
  if (changed.length === 0) return (line) => line;
  // a loop translates anew each time round, until each port is an accident
  if (changed.length > 4) return (line) => line.replace(/ \d+(?= |$)/g, ' *');
  // the 0 of ICMP is no port that somebody named
  const named = new Set((protocol === 'icmp' ? [sourcePort] : [sourcePort, destinationPort]).map(String));
  return (line) =>
    line.replace(/(?<=[0-9a-f.:]+ )\d+(?= |$)/g, (port) =>
      named.has(port) || line.endsWith(`ttl ${port}`) ? port : '*',
    );
}

function differencesOf(model: Expected, kernel: Expected, mask: (line: string) => string): Difference[] {
  const text = (v: string | readonly string[]): string => (typeof v === 'string' ? v : v.map(mask).sort().join('\n'));
  return (Object.keys(model) as (keyof Expected)[])
    .map((what) => ({ what, model: text(model[what]), kernel: text(kernel[what]) }))
    .filter((d) => d.model !== d.kernel);
}

/** Whether a line that is not modelled was met. */
const isUncertain = (trip: RoundTrip): boolean =>
  [trip.forward, trip.return, trip.third, trip.fourth].some((t) => t !== null && t.uncertain.length > 0);
