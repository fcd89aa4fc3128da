import { FaultList } from '../ipset/index.ts';
import type { DiagnosticCode, Severity } from '../../ip/index.ts';

/** A line that is being read. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** Notes what is wrong with the lines of one text. */
export class LineFaults {
  readonly #list: FaultList;
  readonly #source: string;

  constructor(source: string) {
    this.#list = new FaultList(source);
    this.#source = source;
  }

  /** Notes that `word` of the line is wrong; the whole line where it is not given. */
  note(line: Line, problem: readonly [DiagnosticCode, Severity, string], word = line.text.trim()): void {
    const [code, severity, message] = problem;
    const column = Math.max(0, line.text.indexOf(word)) + 1;
    const span = { source: this.#source, line: line.number, column, length: Math.max(1, word.length), text: line.text };
    this.#list.add({ code, severity, message, span });
  }

  /** Everything so far. */
  all(): ReturnType<FaultList['all']> {
    return this.#list.all();
  }
}
