import { grown } from './grown.ts';

const NOT_IN = -1;

/** Slots by the time they end, the first to end on top: a binary heap that knows where each slot stands. */
export class ExpiryHeap {
  #size = 0;
  #slots = new Int32Array(0);
  /** By slot: its place in the heap. */
  #place = new Int32Array(0);
  /** By slot: milliseconds since 1970. */
  #end = new Float64Array(0);

  /** The slot that ends first, or -1. */
  get first(): number {
    return this.#size === 0 ? NOT_IN : this.#slots[0]!;
  }

  /** When the first slot ends; Infinity when there is none. */
  get firstEnd(): number {
    return this.#size === 0 ? Infinity : this.#end[this.#slots[0]!]!;
  }

  /** Adds a slot that is not in the heap. */
  add(slot: number, end: number): void {
    this.#place = grown(this.#place, slot + 1);
    this.#end = grown(this.#end, slot + 1);
    this.#slots = grown(this.#slots, this.#size + 1);
    this.#end[slot] = end;
    this.#rise(this.#size++, slot);
  }

  /** Takes out a slot that is in the heap. */
  remove(slot: number): void {
    const place = this.#place[slot]!;
    const last = this.#slots[--this.#size]!;
    if (last === slot) return;
    // one of the two does nothing
    this.#rise(place, last);
    this.#sink(this.#place[last]!, last);
  }

  #rise(from: number, slot: number): void {
    const end = this.#end[slot]!;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = this.#slots[parent]!;
      if (this.#end[above]! <= end) break;
      this.#put(place, above);
      place = parent;
    }
    this.#put(place, slot);
  }

  #sink(from: number, slot: number): void {
    const end = this.#end[slot]!;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#endAt(child + 1) < this.#endAt(child)) child++;
      if (this.#endAt(child) >= end) break;
      this.#put(place, this.#slots[child]!);
      place = child;
    }
    this.#put(place, slot);
  }

  #endAt(place: number): number {
    return this.#end[this.#slots[place]!]!;
  }

  #put(place: number, slot: number): void {
    this.#slots[place] = slot;
    this.#place[slot] = place;
  }
}
