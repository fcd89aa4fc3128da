import type { Decision } from './decision.ts';

/** Most lines of evidence that a decision keeps. */
export const EVIDENCE_LIMIT = 20;

/** Lines joined, each once, the newest `EVIDENCE_LIMIT` of them. */
export function joinEvidence(before: readonly string[], after: readonly string[]): readonly string[] {
  if (before.length === 0 && after.length <= 1) return after;
  return [...new Set([...before, ...after])].slice(-EVIDENCE_LIMIT);
}

/**
 * What counts when a prefix that is blocked is blocked once more. The later end wins, with its reason, its author and
 * what becomes of the rest; of two same ends the new one. The visitor may know the first reference already, so that
 * stays, and so does the earlier start. A decision that has ended when the new one starts has no part in it.
 */
export function mergeDecisions(before: Decision, after: Decision): Decision {
  if (before.until !== null && before.until <= after.since) {
    return { ...after, evidence: joinEvidence([], after.evidence) };
  }
  const winner = (after.until ?? Infinity) >= (before.until ?? Infinity) ? after : before;
  return {
    ...winner,
    reference: before.reference,
    since: Math.min(before.since, after.since),
    evidence: joinEvidence(before.evidence, after.evidence),
  };
}
