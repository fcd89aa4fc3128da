import { grown } from './grown.ts';

const NONE = -1;

/** Slots in the order in which they were added; any can be taken out, all in constant time. */
export class SlotList {
  #before = new Int32Array(0);
  #after = new Int32Array(0);
  #first = NONE;
  #last = NONE;

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
    if (before === NONE) this.#first = after;
    else this.#after[before] = after;
    if (after === NONE) this.#last = before;
    else this.#before[after] = before;
  }

  /** First to last. Nothing but the slot just given may be taken out meanwhile. */
  *[Symbol.iterator](): Generator<number> {
    for (let slot = this.#first; slot !== NONE;) {
      const next = this.#after[slot]!;
      yield slot;
      slot = next;
    }
  }
}
