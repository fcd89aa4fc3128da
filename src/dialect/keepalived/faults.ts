import { FaultList } from '../ipset/index.ts';
import type { DiagnosticCode, Severity } from '../../ip/index.ts';
import type { Word } from './words.ts';

/** A statement: its words, and what stands between its braces. */
export interface Statement {
  readonly words: readonly Word[];
  readonly source: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** Absent without braces. */
  block?: Statement[];
}

type Problem = readonly [code: DiagnosticCode, message: string, hint?: string];

/** Notes what is wrong. All are warnings: Keepalived runs with whatever it could read. */
export class Faults {
  readonly #list: FaultList;

  constructor(source: string) {
    this.#list = new FaultList(source);
  }

  /** Notes a fault of a statement, at one of its words where that is given. */
  note(at: Statement, [code, message, hint]: Problem, word?: Word, severity: Severity = 'warning'): void {
    const first = word ?? at.words[0];
    const column = first?.column ?? 1;
    const length = Math.max(1, first?.text.length ?? at.text.length);
    const span = { source: at.source, line: at.line, column, length, text: at.text };
    this.#list.add({ code, severity, message, span, ...(hint === undefined ? {} : { hint }) });
  }

  /** Everything so far. */
  all(): ReturnType<FaultList['all']> {
    return this.#list.all();
  }
}

/** What Keepalived says of a line, and what it then does. */
export const ignores = (message: string, hint?: string): Problem =>
  hint === undefined ? ['keepalived-ignores', message] : ['keepalived-ignores', message, hint];
