import { formatPrefix, parsePrefix } from '../../ip/index.ts';
import { REST, type Decision } from './decision.ts';

/** A decision as JSON: its prefix as text, times in milliseconds since 1970. */
export interface DecisionJson extends Omit<Decision, 'prefix'> {
  readonly prefix: string;
}

/** The decision as data that `JSON.stringify` takes. */
export const decisionJson = (decision: Decision): DecisionJson => ({
  ...decision,
  prefix: formatPrefix(decision.prefix),
});

/** The decision that `decisionJson` gave; null for anything else. */
export function decisionFromJson(json: unknown): Decision | null {
  if (typeof json !== 'object' || json === null) return null;
  const { prefix: text, reason, reference, since, until, by, evidence, rest } = json as Record<string, unknown>;
  const prefix = typeof text === 'string' ? parsePrefix(text) : null;
  const known = REST.find((r) => r === rest);
  if (!prefix?.ok || !known) return null;
  if (typeof reason !== 'string' || typeof reference !== 'string' || typeof by !== 'string') return null;
  if (typeof since !== 'number' || (typeof until !== 'number' && until !== null)) return null;
  if (!Array.isArray(evidence) || !evidence.every((line) => typeof line === 'string')) return null;
  return { prefix: prefix.value, reason, reference, since, until, by, evidence, rest: known };
}
