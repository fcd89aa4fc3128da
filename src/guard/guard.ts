import type { Address, Diagnostic, Prefix } from '../ip/index.ts';
import type { Machine } from '../host/index.ts';
import type { Decision } from './decide/decision.ts';
import type { Engine } from './enforce/engine.ts';
import type { DecisionStore, Kept } from './store/decision-store.ts';

/** What a guard works with. */
export interface GuardParts {
  readonly machine: Machine;
  readonly store: DecisionStore;
  readonly engine: Engine;
}

/** What became of what was asked: the decisions concerned, and what went wrong. */
export interface Answer {
  readonly decisions: readonly Decision[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Keeps decisions and carries them out: first on the disk, then in the kernel. */
export class Guard {
  readonly #machine: Machine;
  readonly #store: DecisionStore;
  readonly #engine: Engine;
  #inTurn: Promise<unknown> = Promise.resolve();

  constructor({ machine, store, engine }: GuardParts) {
    this.#machine = machine;
    this.#store = store;
    this.#engine = engine;
  }

  /** Puts the rules in place with all decisions that count, each with the time that it has left. */
  start(): Promise<readonly Diagnostic[]> {
    return this.#next(() => this.#load());
  }

  async #load(): Promise<readonly Diagnostic[]> {
    const prepared = await this.#engine.prepare();
    if (prepared.length > 0) return prepared;
    const now = this.#now();
    return this.#engine.load(this.#store.book.all(now), now);
  }

  /** Blocks, or lengthens what is blocked already. What is acknowledged is on the disk, and in force. */
  async block(decision: Decision): Promise<Answer> {
    const kept = await this.#store.block(decision);
    if (!kept.ok) return { decisions: [], diagnostics: [{ severity: 'error', ...kept }] };
    return {
      decisions: [kept.value],
      diagnostics: await this.#next(() => this.#engine.block(kept.value, this.#now())),
    };
  }

  /** Blocks many, all or none of them. */
  async blockAll(decisions: readonly Decision[]): Promise<Answer> {
    const kept = await this.#store.blockAll(decisions);
    if (!kept.ok) return { decisions: [], diagnostics: [{ severity: 'error', ...kept }] };
    return {
      decisions: kept.value.map((k) => k.decision),
      diagnostics: await this.#next(() => this.#enforce(kept.value)),
    };
  }

  /** What is new goes to the kernel together; what is there already has to go first. */
  async #enforce(kept: readonly Kept[]): Promise<readonly Diagnostic[]> {
    const now = this.#now();
    const fresh = kept.filter((k) => k.isNew).map((k) => k.decision);
    const faults = [...(await this.#engine.load(fresh, now))];
    for (const { decision, isNew } of kept) if (!isNew) faults.push(...(await this.#engine.block(decision, now)));
    return faults;
  }

  /** Takes a decision back; none where there is none for exactly this prefix. */
  async lift(prefix: Prefix, by: string): Promise<Answer> {
    const lifted = await this.#store.lift(prefix, by);
    if (!lifted.ok) return { decisions: [], diagnostics: [{ severity: 'error', ...lifted }] };
    if (!lifted.value) return { decisions: [], diagnostics: [] };
    return { decisions: [lifted.value], diagnostics: await this.#next(() => this.#engine.lift(prefix)) };
  }

  /** The kernel is told in the order in which the journal was. */
  #next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#inTurn.then(work);
    this.#inTurn = mine.catch(() => undefined);
    return mine;
  }

  /** The decisions that hold an address now, the longest prefix first. */
  at(address: Address): readonly Decision[] {
    return this.#store.book.at(address, this.#now());
  }

  /** All decisions that count now, in the order in which they were made. */
  all(): Iterable<Decision> {
    return this.#store.book.all(this.#now());
  }

  /** Takes the rules away and lets go of the store: nothing is left in the kernel, everything on the disk. */
  async stop(): Promise<readonly Diagnostic[]> {
    const removed = await this.#next(() => this.#engine.remove());
    await this.#store.close();
    return removed;
  }

  #now(): number {
    return this.#machine.now().getTime();
  }
}
