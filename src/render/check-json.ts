import type { Network } from '../model/index.ts';
import type { CheckJson } from './check-schema.ts';
import { expectationWords, type CheckLine } from './check-text.ts';
import { findingJson } from './finding-json.ts';
import { seesWords } from './sees-sentence.ts';

/** The answer of `waymark check --json`, as `checkSchema` describes it. */
export const checkJson = (network: Network, checks: readonly CheckLine[]): CheckJson => ({
  holds: checks.every((c) => c.checked.holds === true),
  expectations: checks.map(({ checked, findings }) => ({
    text: expectationWords(checked.expectation),
    holds: checked.holds,
    source: checked.expectation.fact,
    asked: checked.asked.map(({ trip }) => ({
      from: trip.from,
      to: trip.to,
      verdict: trip.verdict,
      sees: seesWords(trip.flow, trip.sees),
    })),
    findings: findings.map((f) => findingJson(network, f)),
  })),
});
