import { formatAddress } from '../ip/index.ts';
import type { Finding } from '../diagnose/index.ts';
import type { Network } from '../model/index.ts';
import type { Hop, RoundTrip, Trace } from '../trace/index.ts';
import type { ExplainJson } from './explain-schema.ts';
import { findingJson } from './finding-json.ts';
import { seesWords } from './sees-sentence.ts';
import { stepSentence } from './step-sentence.ts';

/** The answer of `waymark explain --json`, as `explainSchema` describes it. */
export function explainJson(network: Network, trip: RoundTrip, findings: readonly Finding[]): ExplainJson {
  const { flow } = trip;
  const trace = (t: Trace | null): ExplainJson['return'] => t && traceJson(t, findings);
  const ending = (t: RoundTrip): ExplainJson['otherwise'][number] => ({
    verdict: t.verdict,
    sees: seesWords(t.flow, t.sees),
  });
  return {
    from: trip.from,
    to: trip.to,
    flow: {
      proto: flow.protocol,
      src: formatAddress(flow.source),
      dst: formatAddress(flow.destination),
      sport: flow.sourcePort,
      dport: flow.destinationPort,
    },
    verdict: trip.verdict,
    sees: seesWords(flow, trip.sees),
    forward: traceJson(trip.forward, findings),
    return: trace(trip.return),
    third: trace(trip.third),
    fourth: trace(trip.fourth),
    secondTry: trip.secondTry && ending(trip.secondTry),
    otherwise: trip.otherwise.map(ending),
    uncertain: [...trip.uncertain],
    findings: findings.map((f) => findingJson(network, f)),
  };
}

/** The cause of a trace is the finding at the host where it ended, else the first finding. */
function traceJson(trace: Trace, findings: readonly Finding[]): ExplainJson['forward'] {
  const finding =
    trace.outcome === 'delivered' ? undefined : (findings.find((f) => f.host === trace.host) ?? findings[0]);
  return { outcome: trace.outcome, host: trace.host, cause: finding?.cause ?? null, hops: trace.hops.map(hopJson) };
}

const hopJson = (hop: Hop): ExplainJson['forward']['hops'][number] => ({
  host: hop.host,
  in: hop.in,
  out: hop.out,
  via: hop.via && formatAddress(hop.via),
  steps: hop.steps.map((s) => ({ stage: s.stage, does: stepSentence(s), because: [...s.because] })),
});
