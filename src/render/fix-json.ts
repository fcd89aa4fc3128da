import type { Finding } from '../diagnose/index.ts';
import type { Network } from '../model/index.ts';
import type { RoundTrip } from '../trace/index.ts';
import { findingJson } from './finding-json.ts';
import type { FixJson } from './fix-schema.ts';
import { seesWords } from './sees-sentence.ts';

/** The answer of `waymark fix --json`, as `fixSchema` describes it. */
export const fixJson = (network: Network, trip: RoundTrip, findings: readonly Finding[]): FixJson => ({
  from: trip.from,
  to: trip.to,
  verdict: trip.verdict,
  sees: seesWords(trip.flow, trip.sees),
  findings: findings.map((f) => findingJson(network, f)),
});
