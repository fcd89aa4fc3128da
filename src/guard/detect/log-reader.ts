import { LineSplitter } from '../source/line-splitter.ts';
import type { LogFormat } from '../source/log-format.ts';
import { LogLine } from '../source/log-line.ts';
import { recogniseFormat } from '../source/recognise-format.ts';
import type { Detective, Verdict } from './detective.ts';

/** Reads one log as it grows: blocks in, verdicts out. */
export class LogReader {
  readonly #detective: Detective;
  readonly #formats: readonly LogFormat[];
  readonly #splitter = new LineSplitter();
  readonly #line = new LogLine();
  #format: LogFormat | null;

  /** `format`: null when the first lines tell which of `formats` it is. */
  constructor(detective: Detective, format: LogFormat | null, formats: readonly LogFormat[]) {
    this.#detective = detective;
    this.#format = format;
    this.#formats = formats;
  }

  /** What the whole lines of a block lead to; `now` counts for lines without a time, in milliseconds since 1970. */
  push(block: string, now: number): readonly Verdict[] {
    const verdicts: Verdict[] = [];
    this.#splitter.push(block, (text) => this.#read(text, now, verdicts));
    return verdicts;
  }

  /** What a last line without an end leads to: nothing more is added to it, what comes next begins a line. */
  end(now: number): readonly Verdict[] {
    const verdicts: Verdict[] = [];
    this.#splitter.end((text) => this.#read(text, now, verdicts));
    return verdicts;
  }

  #read(text: string, now: number, verdicts: Verdict[]): void {
    this.#format ??= recogniseFormat(text, this.#formats);
    this.#line.take(text);
    const verdict = this.#format?.read(this.#line) ? this.#detective.look(this.#line, now) : null;
    if (verdict) verdicts.push(verdict);
  }

  /** Bytes of a line that has no end yet. */
  get pending(): number {
    return this.#splitter.pending;
  }
}
