import type { DiagnosticCode } from './diagnostic-code.ts';

/** Where in an input something stands. Lines and columns count from 1; `length` is in characters. */
export interface Span {
  /** File name, command, or `-` for standard input. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The whole input line, for the picture with the caret. */
  readonly text?: string;
}

/** How much a diagnostic weighs: an `error` stops the command with exit code 2. */
export type Severity = 'error' | 'warning' | 'note';

/** Anything that a user's input can cause. Collected, never thrown. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** What is wrong: one line, lower case, no full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly span?: Span;
}

/** What every parser returns: as much of a value as could be read, and everything that was wrong. */
export interface Parsed<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a parser of one small value (an address, a prefix) returns. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: DiagnosticCode; readonly message: string; readonly hint?: string };

/** A successful `Result`. */
export const success = <T>(value: T): Result<T> => ({ ok: true, value });

/** A failed `Result`. */
export function failure<T>(code: DiagnosticCode, message: string, hint?: string): Result<T> {
  return hint === undefined ? { ok: false, code, message } : { ok: false, code, message, hint };
}

/** Whether any of the diagnostics is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
