import type { Measure } from './detector.ts';

/** Lines that are kept to show why. */
const SHOWN = 5;

/** What a detector counted of one visitor. */
export interface Tally {
  /**
   * Counts a line; true when that made it too many: then it begins anew. `value` is what has to differ, as a
   * number made of it: two of the same number count once.
   */
  add(time: number, weight: number, value: number, whole: () => string): boolean;
  /** The last lines that counted, at most five; after `add` was true. */
  readonly evidence: readonly string[];
}

/** A tally for this measure. */
export function tallyFor(measure: Measure): Tally {
  if (measure.kind === 'bucket') return new Bucket(measure.most, measure.perSecond);
  return measure.distinct === undefined
    ? new Window(measure.most, measure.windowMs)
    : new DistinctWindow(measure.most, measure.windowMs);
}

/** Counts within a window; the last lines are kept only of those who are near to being too many. */
abstract class Windowed implements Tally {
  readonly most: number;
  readonly windowMs: number;
  #lines: string[] = [];

  constructor(most: number, windowMs: number) {
    this.most = most;
    this.windowMs = windowMs;
  }

  abstract add(time: number, weight: number, value: number, whole: () => string): boolean;

  /** Keeps a line where so many make it worth it. */
  protected keep(count: number, whole: () => string): void {
    if (count > this.most - SHOWN && this.#lines.push(whole()) > SHOWN) this.#lines.shift();
  }

  get evidence(): readonly string[] {
    return this.#lines.splice(0);
  }
}

/** As many within the window: remembers when the last ones were. */
class Window extends Windowed {
  /** A ring; the oldest stands at `#next`. */
  #times: number[] = [];
  #next = 0;

  add(time: number, weight: number, _value: number, whole: () => string): boolean {
    for (let i = 0; i < weight; i++) this.#push(time);
    this.keep(this.#times.length, whole);
    if (this.#times.length < this.most || !isWithin(time, this.#times[this.#next]!, this.windowMs)) return false;
    this.#times = [];
    this.#next = 0;
    return true;
  }

  #push(time: number): void {
    if (this.#times.length < this.most) {
      this.#times.push(time);
      return;
    }
    this.#times[this.#next] = time;
    this.#next = (this.#next + 1) % this.most;
  }
}

/** As many different values within the window: remembers when each was there last. */
class DistinctWindow extends Windowed {
  readonly #times = new Map<number, number>();

  add(time: number, _weight: number, value: number, whole: () => string): boolean {
    const isNew = !this.#times.delete(value);
    this.#times.set(value, time);
    if (isNew) {
      this.#forget(time);
      this.keep(this.#times.size, whole);
    }
    if (this.#times.size < this.most) return false;
    this.#forget(time);
    if (this.#times.size < this.most) return false;
    this.#times.clear();
    return true;
  }

  #forget(time: number): void {
    for (const [old, at] of this.#times) if (!isWithin(time, at, this.windowMs)) this.#times.delete(old);
  }
}

/** A clock may go back a little; what is as far ahead as the window is long does not count. */
const isWithin = (time: number, earlier: number, windowMs: number): boolean => Math.abs(time - earlier) < windowMs;

/** Holds so much, and loses some all the time. */
class Bucket implements Tally {
  #level = 0;
  #last = NaN;
  evidence: readonly string[] = [];

  readonly most: number;
  readonly perSecond: number;

  constructor(most: number, perSecond: number) {
    this.most = most;
    this.perSecond = perSecond;
  }

  add(time: number, weight: number, _value: number, whole: () => string): boolean {
    const passed = Number.isNaN(this.#last) ? 0 : Math.max(0, time - this.#last);
    this.#level = Math.max(0, this.#level - (passed * this.perSecond) / 1000) + weight;
    this.#last = time;
    if (this.#level <= this.most) return false;
    this.#level = 0;
    this.evidence = [whole()];
    return true;
  }
}
