/** A stretch of keys, both ends included. Addresses of IPv6 are bigints, all else numbers; never both in one list. */
export interface Segment<T> {
  readonly from: number | bigint;
  readonly to: number | bigint;
  readonly value: T;
}

/**
 * Finds the narrowest stretch that holds a key, in the logarithm of their number. Stretches may lie in each other, as
 * prefixes do; where two overlap otherwise, the later start counts.
 */
export class Segments<T> {
  readonly #starts: (number | bigint)[] = [];
  /** The stretch that counts from `#starts[i]` up to the next start; undefined for a gap. */
  readonly #owners: (Segment<T> | undefined)[] = [];

  constructor(segments: readonly Segment<T>[]) {
    const sorted = [...segments].sort((a, b) => compare(a.from, b.from) || compare(b.to, a.to));
    const open: Segment<T>[] = [];
    for (const segment of sorted) {
      this.#close(open, segment.from);
      open.push(segment);
      this.#put(segment.from, segment);
    }
    this.#close(open, null);
  }

  /** What the narrowest stretch around the key holds. */
  find(key: number | bigint): T | undefined {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= key) low = middle + 1;
      else high = middle;
    }
    return this.#owners[low - 1]?.value;
  }

  /** Ends all open stretches that end before `until`; null ends them all. */
  #close(open: Segment<T>[], until: number | bigint | null): void {
    for (let top = open.at(-1); top; top = open.at(-1)) {
      if (until !== null && top.to >= until) return;
      const end = top.to;
      // A wider stretch below may have ended already, where two overlapped
      do open.pop();
      while (open.length > 0 && open.at(-1)!.to <= end);
      this.#put(after(end), open.at(-1));
    }
  }

  #put(start: number | bigint, owner: Segment<T> | undefined): void {
    if (this.#starts.at(-1) === start) this.#owners[this.#owners.length - 1] = owner;
    else {
      this.#starts.push(start);
      this.#owners.push(owner);
    }
  }
}

const compare = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : 0);
const after = (end: number | bigint): number | bigint => (typeof end === 'bigint' ? end + 1n : end + 1);
