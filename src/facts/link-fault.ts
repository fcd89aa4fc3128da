import type { Diagnostic, DiagnosticCode, Fact, Severity } from '../ip/index.ts';

/** What is wrong: code, weight, sentence, and what to do. */
export type Fault = readonly [code: DiagnosticCode, severity: Severity, message: string, hint?: string];

/** A diagnostic at the fact that shows it. */
export function faultAt(fact: Fact, [code, severity, message, hint]: Fault): Diagnostic {
  const length = Math.max(1, fact.text.length);
  const span = { source: fact.source, line: Math.max(1, fact.line), column: 1, length, text: fact.text };
  return { code, severity, message, span, ...(hint !== undefined && { hint }) };
}
