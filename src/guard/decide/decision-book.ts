import { bitsOf, prefixOf, type Address, type Family, type Prefix } from '../../ip/index.ts';
import { DecisionColumns } from './decision-columns.ts';
import { originOf, type Decision, type Origin } from './decision.ts';
import { ExpiryHeap } from './expiry-heap.ts';
import { joinEvidence, mergeDecisions } from './merge-decisions.ts';
import { PrefixIndex } from './prefix-index.ts';
import { SlotList } from './slot-list.ts';

/** How many decisions there are, by family and origin. */
export type DecisionCounts = Readonly<Record<Family, Readonly<Record<Origin, number>>>>;

/**
 * All decisions, up to millions, by prefix. A prefix has one decision at most; prefixes that overlap have nothing to do
 * with each other. Times are milliseconds since 1970; a decision counts as long as its end is later than now.
 */
export class DecisionBook {
  readonly #columns = new DecisionColumns();
  readonly #index: PrefixIndex;
  readonly #order = new SlotList();
  readonly #expiry = new ExpiryHeap();
  /** How many decisions there are of each length. */
  readonly #lengths: Readonly<Record<Family, Uint32Array>> = { 4: new Uint32Array(33), 6: new Uint32Array(129) };

  readonly #counts = { 4: { hand: 0, list: 0 }, 6: { hand: 0, list: 0 } };

  /** A random `seed` (32 bit) keeps visitors from choosing addresses that slow down the search. */
  constructor(seed = 0) {
    this.#index = new PrefixIndex(seed, (slot, prefix) => this.#columns.isFor(slot, prefix));
  }

  /** Decisions that are kept, also those that ended and were not yet taken out by `expire`. */
  get size(): number {
    return this.#index.size;
  }

  /** The same, by family and origin. */
  get counts(): DecisionCounts {
    return this.#counts;
  }

  /** When the next decision ends; null when none will. */
  get nextEnd(): number | null {
    const end = this.#expiry.firstEnd;
    return end === Infinity ? null : end;
  }

  /**
   * Adds a decision and returns the one that counts for its prefix from now on: when there is one already, what
   * `mergeDecisions` makes of the two.
   */
  block(decision: Decision): Decision {
    const slot = this.#index.find(decision.prefix);
    if (slot < 0) return this.#add(decision);
    const old = this.#columns.read(slot);
    const merged = mergeDecisions(old, decision);
    this.#counts[old.prefix.address.family][originOf(old)]--;
    this.#counts[old.prefix.address.family][originOf(merged)]++;
    const before = this.#columns.until(slot);
    this.#columns.set(slot, merged);
    const after = this.#columns.until(slot);
    if (after !== before) {
      if (before !== Infinity) this.#expiry.remove(slot);
      if (after !== Infinity) this.#expiry.add(slot, after);
    }
    return merged;
  }

  /** Takes out the decision for exactly this prefix and returns it. */
  lift(prefix: Prefix): Decision | undefined {
    const slot = this.#index.find(prefix);
    return slot < 0 ? undefined : this.#take(slot);
  }

  /** The decision for exactly this prefix, if it counts at that time. */
  get(prefix: Prefix, now: number): Decision | undefined {
    const slot = this.#index.find(prefix);
    return slot < 0 || this.#columns.until(slot) <= now ? undefined : this.#columns.read(slot);
  }

  /** All decisions that hold the address and count at that time, the longest prefix first. */
  at(address: Address, now: number): Decision[] {
    const found: Decision[] = [];
    const lengths = this.#lengths[address.family];
    for (let length = bitsOf(address.family) as number; length >= 0; length--) {
      const decision = lengths[length] === 0 ? undefined : this.get(prefixOf(address, length), now);
      if (decision !== undefined) found.push(decision);
    }
    return found;
  }

  /** Decisions with this reference that count at that time: what a visitor names on the phone. Looks at all of them. */
  withReference(reference: string, now: number): Decision[] {
    const found: Decision[] = [];
    for (const slot of this.#order) {
      if (this.#columns.hasReference(slot, reference) && this.#columns.until(slot) > now)
        found.push(this.#columns.read(slot));
    }
    return found;
  }

  /** Takes out decisions that ended, the earliest first, and returns them: all, or `most` of them. */
  expire(now: number, most = Infinity): Decision[] {
    const ended: Decision[] = [];
    while (ended.length < most && this.#expiry.firstEnd <= now) ended.push(this.#take(this.#expiry.first));
    return ended;
  }

  /**
   * Decisions that count at that time, in the order in which their prefixes were first blocked. The book may change
   * meanwhile: what is lifted is not given any more, what is blocked is.
   */
  *all(now: number): Generator<Decision> {
    for (const slot of this.#order) if (this.#columns.until(slot) > now) yield this.#columns.read(slot);
  }

  #add(given: Decision): Decision {
    const evidence = joinEvidence([], given.evidence);
    const decision = evidence === given.evidence ? given : { ...given, evidence };
    const slot = this.#columns.add(decision);
    this.#index.add(slot, decision.prefix);
    this.#order.append(slot);
    if (decision.until !== null) this.#expiry.add(slot, decision.until);
    this.#lengths[decision.prefix.address.family][decision.prefix.length]!++;
    this.#counts[decision.prefix.address.family][originOf(decision)]++;
    return decision;
  }

  #take(slot: number): Decision {
    const decision = this.#columns.read(slot);
    this.#index.remove(slot);
    this.#order.remove(slot);
    if (decision.until !== null) this.#expiry.remove(slot);
    this.#lengths[decision.prefix.address.family][decision.prefix.length]!--;
    this.#counts[decision.prefix.address.family][originOf(decision)]--;
    this.#columns.remove(slot);
    return decision;
  }
}
