import type { Diagnostic, Fact } from '../ip/index.ts';

/** A part of the network that the lab builds otherwise, or not at all. */
export function limit(message: string, fact?: Fact): Diagnostic {
  const base = { code: 'lab-limit', severity: 'warning', message } as const;
  if (!fact || fact.line <= 0) return base;
  const text = fact.text.split('\n')[0]!;
  return { ...base, span: { source: fact.source, line: fact.line, column: 1, length: Math.max(1, text.length), text } };
}
