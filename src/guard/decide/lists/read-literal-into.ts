import type { ListCollector } from './list-collector.ts';
import { readLiteral, type LiteralVisitor } from './literal.ts';

/** Reads a literal and notes what is wrong with it. What came before a fault was read. */
export function readLiteralInto(text: string, into: ListCollector, visitor: LiteralVisitor): void {
  const fault = readLiteral(text, visitor);
  if (fault === null) return;
  const code = fault.isCutOff ? 'input-cut-off' : 'json-invalid';
  const at = Math.max(0, Math.min(fault.at, text.trimEnd().length - 1));
  into.fault({ code, severity: 'error', message: fault.message }, { at, length: 1 });
}
