import { InTime } from '../../bounded/in-time.ts';
import { LineSplitter } from '../../source/line-splitter.ts';
import { FilterRun, type Failure, type LineOutcome } from './filter-run.ts';
import { patternsOf, type RunnableFilter } from './filter.ts';

/** A line that a pattern was too slow for. */
export interface SlowPattern {
  readonly pattern: string;
  readonly line: string;
}

/** Lines that are kept to be shown. */
const SHOWN = 20;

/** Reads logs with one filter, and counts: what `fail2ban-regex` does. */
export class FilterTest {
  readonly filter: RunnableFilter;
  readonly #run: FilterRun;
  readonly #inTime: InTime;
  readonly #splitter = new LineSplitter();
  readonly #now: () => number;
  readonly #onFailure: (failure: Failure, line: string) => void;
  lines = 0;
  matched = 0;
  ignored = 0;
  /** How often each `failregex` found something. */
  readonly hits: number[];
  /** Failures by whom they are of. */
  readonly byId = new Map<string, number>();
  /** The first lines that nothing was found in. */
  readonly missed: string[] = [];
  readonly slow: SlowPattern[] = [];

  /** `now` in milliseconds since 1970. */
  constructor(
    filter: RunnableFilter,
    now: () => number,
    onFailure: (failure: Failure, line: string) => void = () => undefined,
  ) {
    this.filter = filter;
    this.hits = filter.fail.map(() => 0);
    this.#run = new FilterRun(filter);
    InTime.warm(patternsOf(filter));
    this.#now = now;
    this.#onFailure = onFailure;
    this.#inTime = new InTime(({ pattern, text }) =>
      this.slow.push({ pattern: pattern.name, line: text.trim().slice(0, 400) }),
    );
  }

  /** Reads the whole lines of a block of latin1 text: a character a byte. */
  push(block: string): void {
    const lines: string[] = [];
    this.#splitter.push(block, (line) => lines.push(line));
    this.#read(lines);
  }

  /** Reads a last line that nothing ends. */
  end(): void {
    const lines: string[] = [];
    this.#splitter.end((line) => lines.push(line));
    this.#read(lines);
  }

  #read(lines: readonly string[]): void {
    const now = this.#now();
    // as fail2ban-regex does: comments are no lines
    const wanted = lines.filter((line) => !line.startsWith('#'));
    this.lines += wanted.length;
    const together = this.filter.definition.maxlines > 1 ? 1 : Infinity;
    this.#inTime.each(
      wanted.map(utf8Of),
      (line) => this.#run.search(line, now),
      (found, line) => this.#take(this.#run.take(found, now), line),
      together,
    );
  }

  #take(outcome: LineOutcome, line: string): void {
    if (typeof outcome === 'object') this.#count(outcome, line);
    else if (outcome !== 'missed') this.ignored++;
    else if (this.missed.length < SHOWN) this.missed.push(line);
  }

  #count(failure: Failure, line: string): void {
    this.matched++;
    this.hits[failure.pattern]!++;
    this.byId.set(failure.id, (this.byId.get(failure.id) ?? 0) + 1);
    this.#onFailure(failure, line);
  }

  /** Lines that were too long to be looked at. */
  get tooLong(): number {
    return this.#splitter.tooLong;
  }
}

/** A line of bytes as the UTF-8 that it mostly is. */
const utf8Of = (bytes: string): string =>
  /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
