import { wholeText, type LogLine } from '../source/log-line.ts';
import type { Detector, Measure } from './detector.ts';
import { LineMatcher, MOST_DETECTORS } from './line-matcher.ts';
import { Offences, type Offence } from './offences.ts';
import { tallyFor } from './tally.ts';
import { Visitors, type Visitor } from './visitors.ts';

/** What a detective found: somebody did something too often. */
export interface Verdict {
  readonly detector: Detector;
  /** When the last line was written, in milliseconds since 1970. */
  readonly time: number;
  /** Whom to block, until when; what that holds is counted on. */
  readonly offence: Offence;
  /** The last lines that counted, at most five. */
  readonly evidence: readonly string[];
}

/** Counts lines, and says who did something too often. The same lines in the same order give the same verdicts. */
export class Detective {
  readonly #detectors: readonly Detector[];
  readonly #matcher: LineMatcher;
  readonly #visitors: Visitors;
  readonly #offences: Offences;
  /** Bits of the detectors that count all lines. */
  readonly #always: number;
  #time = 0;

  /** `offences`: who was blocked before. Throws for more than `MOST_DETECTORS`. */
  constructor(detectors: readonly Detector[], offences = new Offences()) {
    if (detectors.length > MOST_DETECTORS) throw new Error(`bug: ${detectors.length} detectors`);
    this.#detectors = detectors;
    this.#offences = offences;
    this.#matcher = new LineMatcher(detectors);
    this.#visitors = new Visitors(2 * Math.max(60_000, ...detectors.map(memoryOf)));
    this.#always = detectors.reduce((bits, d, i) => (countsAll(d) ? bits | (1 << i) : bits), 0);
  }

  /** Looks at a line; null when nobody is to be blocked for it. `now` counts for lines without a time. */
  look(line: LogLine, now = this.#time): Verdict | null {
    if (Number.isNaN(line.time)) line.time = now;
    this.#time = line.time;
    const visitor = this.#visitors.of(line);
    if (visitor === null) return null;
    visitor.lines++;
    const bits = this.#matcher.match(line);
    if ((bits & ~this.#always) !== 0) visitor.counted++;
    if (this.#offences.holds(visitor, line.time) || bits === 0) return null;
    return this.#count(line, visitor, bits);
  }

  #count(line: LogLine, visitor: Visitor, all: number): Verdict | null {
    let verdict: Verdict | null = null;
    for (let bits = all; bits !== 0; bits &= bits - 1) {
      const index = 31 - Math.clz32(bits & -bits);
      const detector = this.#detectors[index]!;
      const { per, measure, weight = 1 } = detector;
      const whose = per === 'visitor' ? visitor : this.#visitors.networkOf(visitor, line.time);
      const tally = (whose.tallies[index] ??= tallyFor(measure));
      if (!tally.add(line.time, weight, valueOf(line, measure), () => wholeText(line)) || verdict !== null) continue;
      const { name, prefix } = whose;
      const offence = this.#offences.add(name, prefix, visitor, line.time, detector.sentence);
      verdict = { detector, time: line.time, offence, evidence: tally.evidence };
    }
    return verdict;
  }

  /** Visitors and networks that are remembered now. */
  get remembered(): number {
    return this.#visitors.size;
  }
}

const countsAll = ({ counts }: Detector): boolean =>
  !counts.statuses && !counts.methods && !counts.paths && !counts.attacks && !counts.proxying && !counts.agents;

/** How long a detector has to remember, in milliseconds. */
const memoryOf = ({ measure }: Detector): number =>
  measure.kind === 'window' ? measure.windowMs : (measure.most / measure.perSecond) * 1000;

/** What has to differ from line to line, as a number (FNV-1a, 32 bits); the query of a path does not count. */
function valueOf(line: LogLine, measure: Measure): number {
  if (measure.kind !== 'window' || measure.distinct === undefined) return 0;
  const [from, to] = measure.distinct === 'path' ? [line.pathFrom, line.pathTo] : [line.userFrom, line.userTo];
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) {
    const code = line.fields.charCodeAt(i);
    if (code === 63 && measure.distinct === 'path') break;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash;
}
