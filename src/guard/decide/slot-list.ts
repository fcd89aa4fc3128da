import { grown } from './grown.ts';

const NONE = -1;

/** Slots in the order in which they were added; any can be taken out, all in constant time. */
export class SlotList {
  #before = new Int32Array(0);
  #after = new Int32Array(0);
  #first = NONE;
  #last = NONE;
  /** Those who are on their way through the list, each with the slot that it stands at; -1 before the first. */
  readonly #walkers = new Set<{ at: number }>();

  /** Adds a slot that is not in the list. */
  append(slot: number): void {
    this.#before = grown(this.#before, slot + 1);
    this.#after = grown(this.#after, slot + 1);
    this.#before[slot] = this.#last;
    this.#after[slot] = NONE;
    if (this.#last === NONE) this.#first = slot;
    else this.#after[this.#last] = slot;
    this.#last = slot;
  }

  /** Takes out a slot that is in the list. */
  remove(slot: number): void {
    const before = this.#before[slot]!;
    const after = this.#after[slot]!;
    for (const walker of this.#walkers) if (walker.at === slot) walker.at = before;
    if (before === NONE) this.#first = after;
    else this.#after[before] = after;
    if (after === NONE) this.#last = before;
    else this.#before[after] = before;
  }

  /** First to last. The list may change meanwhile: what is taken out is not given any more, what is added is. */
  *[Symbol.iterator](): Generator<number> {
    const walker = { at: NONE };
    this.#walkers.add(walker);
    try {
      for (;;) {
        walker.at = walker.at === NONE ? this.#first : this.#after[walker.at]!;
        if (walker.at === NONE) return;
        yield walker.at;
      }
    } finally {
      this.#walkers.delete(walker);
    }
  }
}
