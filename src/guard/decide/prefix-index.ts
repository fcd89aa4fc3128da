import type { Prefix } from '../../ip/index.ts';
import { grown } from './grown.ts';

const NONE = -1;

/** Which slot a prefix has: a hash table of slots, those that meet in one bucket chained. It keeps no prefixes itself. */
export class PrefixIndex {
  #size = 0;
  #buckets = new Int32Array(8).fill(NONE);
  /** By slot: the next one in its bucket. */
  #next = new Int32Array(0);
  /** By slot: its prefix's hash. */
  #hash = new Int32Array(0);
  readonly #seed: number;
  readonly #isFor: (slot: number, prefix: Prefix) => boolean;

  /** `isFor` says whether a slot has this prefix; with a random `seed` nobody can choose addresses that meet. */
  constructor(seed: number, isFor: (slot: number, prefix: Prefix) => boolean) {
    this.#seed = seed;
    this.#isFor = isFor;
  }

  get size(): number {
    return this.#size;
  }

  /** The prefix's slot, or -1. */
  find(prefix: Prefix): number {
    const hash = hashOf(prefix, this.#seed);
    let slot = this.#buckets[hash & (this.#buckets.length - 1)]!;
    while (slot !== NONE && !(this.#hash[slot] === hash && this.#isFor(slot, prefix))) slot = this.#next[slot]!;
    return slot;
  }

  /** Adds the slot of a prefix that is not there. */
  add(slot: number, prefix: Prefix): void {
    this.#next = grown(this.#next, slot + 1);
    this.#hash = grown(this.#hash, slot + 1);
    if (++this.#size > this.#buckets.length) this.#double();
    this.#hash[slot] = hashOf(prefix, this.#seed);
    this.#link(slot);
  }

  /** Takes out a slot that is there. */
  remove(slot: number): void {
    const bucket = this.#hash[slot]! & (this.#buckets.length - 1);
    const after = this.#next[slot]!;
    let before = this.#buckets[bucket]!;
    if (before === slot) {
      this.#buckets[bucket] = after;
    } else {
      while (this.#next[before] !== slot) before = this.#next[before]!;
      this.#next[before] = after;
    }
    this.#size--;
  }

  #link(slot: number): void {
    const bucket = this.#hash[slot]! & (this.#buckets.length - 1);
    this.#next[slot] = this.#buckets[bucket]!;
    this.#buckets[bucket] = slot;
  }

  #double(): void {
    const old = this.#buckets;
    this.#buckets = new Int32Array(2 * old.length).fill(NONE);
    for (let slot of old) {
      while (slot !== NONE) {
        const next = this.#next[slot]!;
        this.#link(slot);
        slot = next;
      }
    }
  }
}

function hashOf({ address, length }: Prefix, seed: number): number {
  let h = mixed(seed ^ (address.family * 256 + length));
  h = mixed(h ^ address.w3);
  if (address.family === 4) return h;
  h = mixed(h ^ address.w2);
  h = mixed(h ^ address.w1);
  return mixed(h ^ address.w0);
}

/** The last step of MurmurHash3 (fmix32): every bit of the number changes about half of the result's. */
function mixed(number: number): number {
  let h = number;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
