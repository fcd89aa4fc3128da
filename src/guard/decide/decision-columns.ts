import { ipv4, ipv6, type Prefix } from '../../ip/index.ts';
import { REST, type Decision } from './decision.ts';
import { grown } from './grown.ts';
import { ownText, TextPool } from './text-pool.ts';

const NO_LINES: readonly string[] = [];

/**
 * Decisions as columns: a third of the memory that as many objects take. A decision's place is its slot, from 0; free
 * slots are used again.
 */
export class DecisionColumns {
  /** Four words an address. */
  #words = new Uint32Array(0);
  #family = new Uint8Array(0);
  #length = new Uint8Array(0);
  #rest = new Uint8Array(0);
  #since = new Float64Array(0);
  /** Infinity without an end. */
  #until = new Float64Array(0);
  readonly #reason: string[] = [];
  readonly #by: string[] = [];
  readonly #reference: string[] = [];
  readonly #evidence: (readonly string[])[] = [];
  readonly #free: number[] = [];
  readonly #reasons = new TextPool();
  readonly #authors = new TextPool();

  /** Keeps a decision and returns its slot. */
  add(decision: Decision): number {
    const slot = this.#free.pop() ?? this.#reason.length;
    this.#makeRoom(slot + 1);
    const { address, length } = decision.prefix;
    this.#words.set([address.w0, address.w1, address.w2, address.w3], 4 * slot);
    this.#family[slot] = address.family;
    this.#length[slot] = length;
    this.set(slot, decision);
    return slot;
  }

  /** Replaces all of a slot's decision but its prefix. */
  set(slot: number, decision: Decision): void {
    this.#rest[slot] = REST.indexOf(decision.rest);
    this.#since[slot] = decision.since;
    this.#until[slot] = decision.until ?? Infinity;
    this.#reason[slot] = this.#reasons.shared(decision.reason);
    this.#by[slot] = this.#authors.shared(decision.by);
    this.#reference[slot] = ownText(decision.reference);
    this.#evidence[slot] = decision.evidence.length === 0 ? NO_LINES : decision.evidence.map(ownText);
  }

  /** Frees a slot. */
  remove(slot: number): void {
    this.#reason[slot] = this.#by[slot] = this.#reference[slot] = '';
    this.#evidence[slot] = NO_LINES;
    this.#free.push(slot);
  }

  /** The decision in a slot. */
  read(slot: number): Decision {
    const until = this.#until[slot]!;
    return {
      prefix: this.#prefix(slot),
      reason: this.#reason[slot]!,
      reference: this.#reference[slot]!,
      since: this.#since[slot]!,
      until: until === Infinity ? null : until,
      by: this.#by[slot]!,
      evidence: this.#evidence[slot]!,
      rest: REST[this.#rest[slot]!]!,
    };
  }

  /** When the decision in a slot ends, in milliseconds since 1970; Infinity without an end. */
  until(slot: number): number {
    return this.#until[slot]!;
  }

  /** Whether the slot's decision has this reference. */
  hasReference(slot: number, reference: string): boolean {
    return this.#reference[slot] === reference;
  }

  /** Whether the slot's decision is for this prefix. */
  isFor(slot: number, { address: a, length }: Prefix): boolean {
    const at = 4 * slot;
    const w = this.#words;
    return (
      w[at + 3] === a.w3 &&
      w[at + 2] === a.w2 &&
      w[at + 1] === a.w1 &&
      w[at] === a.w0 &&
      this.#length[slot] === length &&
      this.#family[slot] === a.family
    );
  }

  #prefix(slot: number): Prefix {
    const at = 4 * slot;
    const w = this.#words;
    const address = this.#family[slot] === 4 ? ipv4(w[at + 3]!) : ipv6(w[at]!, w[at + 1]!, w[at + 2]!, w[at + 3]!);
    return { address, length: this.#length[slot]! };
  }

  #makeRoom(slots: number): void {
    this.#words = grown(this.#words, 4 * slots);
    this.#family = grown(this.#family, slots);
    this.#length = grown(this.#length, slots);
    this.#rest = grown(this.#rest, slots);
    this.#since = grown(this.#since, slots);
    this.#until = grown(this.#until, slots);
  }
}
