import type { Diagnostic, Severity } from '../../ip/index.ts';

const RANK: Readonly<Record<Severity, number>> = { note: 0, warning: 1, error: 2 };

/**
 * Collects diagnostics and keeps the first `limit` of them, so that megabytes of noise don't become megabytes of
 * complaints. What was left out is summed up in one more, as heavy as the heaviest of them.
 */
export class FaultList {
  readonly #kept: Diagnostic[] = [];
  readonly #limit: number;
  readonly #source: string;
  #left = 0;
  #heaviest: Severity = 'note';

  constructor(source: string, limit = 50) {
    this.#source = source;
    this.#limit = limit;
  }

  /** Takes one more. */
  add(diagnostic: Diagnostic): void {
    if (this.#kept.length < this.#limit) {
      this.#kept.push(diagnostic);
      return;
    }
    this.#left++;
    if (RANK[diagnostic.severity] > RANK[this.#heaviest]) this.#heaviest = diagnostic.severity;
  }

  /** Those that were kept, and the sum of the rest. */
  all(): readonly Diagnostic[] {
    if (this.#left === 0) return this.#kept;
    const message = `${this.#left} more lines of ${this.#source} have faults like these`;
    return [...this.#kept, { code: 'line-unknown', severity: this.#heaviest, message }];
  }
}
