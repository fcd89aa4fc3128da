import { hasErrors, type Address, type Diagnostic, type Prefix } from '../ip/index.ts';
import type { Machine } from '../host/index.ts';
import type { Decision } from './decide/decision.ts';
import type { Engine, PageServer } from './enforce/engine.ts';
import { Counters } from './watch/counters.ts';
import type { EngineVerb, GuardEvent } from './watch/guard-event.ts';
import type { Change } from './store/changes-under-way.ts';
import type { DecisionStore } from './store/decision-store.ts';

/** What a guard works with. */
export interface GuardParts {
  readonly machine: Machine;
  readonly store: DecisionStore;
  readonly engine: Engine;
  /** Is told of all that happens. */
  readonly tell?: (event: GuardEvent) => void;
}

/** Decisions that are taken out of the store together when their time is over. */
const ENDED_AT_ONCE = 10_000;

/** How often the rules are looked at: somebody may flush them. */
const VERIFY_MS = 60_000;

/** What became of what was asked: the decisions concerned, and what went wrong. */
export interface Answer {
  readonly decisions: readonly Decision[];
  readonly diagnostics: readonly Diagnostic[];
}

/** How a guard is. */
export interface GuardStatus {
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly decisions: number;
  /** Lines of the journal for them. */
  readonly lines: number;
}

/** Keeps decisions and carries them out: first on the disk, then in the kernel. */
export class Guard {
  readonly #machine: Machine;
  readonly #store: DecisionStore;
  readonly #engine: Engine;
  readonly #tell: (event: GuardEvent) => void;
  #inTurn: Promise<unknown> = Promise.resolve();
  readonly #since: number;
  readonly #counters = new Counters();
  #isTending = false;
  /** The page servers that visitors are led to; null when nobody said so. */
  #led: readonly PageServer[] | null = null;
  #warnings: readonly Diagnostic[] = [];
  /** When the rules were put there or looked at, and when the longest decisions were renewed: `Machine.elapsedMs`. */
  #verifiedAt = 0;
  #renewedAt = 0;

  constructor({ machine, store, engine, tell = () => undefined }: GuardParts) {
    this.#machine = machine;
    this.#store = store;
    this.#engine = engine;
    this.#tell = (event) => {
      this.#counters.count(event);
      tell(event);
    };
    this.#since = this.#now();
  }

  /** Puts the rules in place with all decisions that count, each with the time that it has left. */
  start(): Promise<readonly Diagnostic[]> {
    return this.#next(() => this.#load());
  }

  async #load(): Promise<readonly Diagnostic[]> {
    this.#verifiedAt = this.#renewedAt = this.#machine.elapsedMs();
    const prepared = await this.#enforce('prepare', () => this.#engine.prepare());
    if (hasErrors(prepared)) return prepared;
    const now = this.#now();
    this.#store.book.expire(now);
    const loaded = await this.#enforce('load', () => this.#engine.load(this.#store.book.all(now), now));
    return [...prepared, ...loaded];
  }

  /** Has the engine do something, and tells how that went. */
  async #enforce(verb: EngineVerb, work: () => Promise<readonly Diagnostic[]>): Promise<readonly Diagnostic[]> {
    const start = this.#machine.elapsedMs();
    const faults = await work();
    this.#tell({ kind: 'enforced', verb, ms: this.#machine.elapsedMs() - start, faults });
    return faults;
  }

  /**
   * What has to be done each second or so: decisions whose time is over go, those that the kernel can't keep to their end
   * are renewed, rules that somebody took away are put there again. Nothing while it is at it already.
   */
  async tend(): Promise<void> {
    if (this.#isTending) return;
    this.#isTending = true;
    try {
      const ended = this.#store.book.expire(this.#now(), ENDED_AT_ONCE);
      if (ended.length > 0) this.#tell({ kind: 'ended', decisions: ended });
      await this.#next(() => this.#renew());
      await this.#next(() => this.#repair());
    } finally {
      this.#isTending = false;
    }
  }

  async #renew(): Promise<void> {
    const { longestMs } = this.#engine;
    const passed = this.#machine.elapsedMs() - this.#renewedAt;
    if (longestMs === undefined || passed < longestMs / 2) return;
    this.#renewedAt += passed;
    const now = this.#now();
    const cut = [...this.#store.book.all(now)].filter((d) => d.until !== null && d.until - now > longestMs - passed);
    if (cut.length > 0) await this.#enforce('load', () => this.#engine.load(cut, now));
  }

  async #repair(): Promise<void> {
    if (this.#machine.elapsedMs() - this.#verifiedAt < VERIFY_MS) return;
    await this.#repaired();
  }

  /** Looks at the rules, and puts them there anew when somebody took them away; true when all is well after that. */
  async #repaired(): Promise<boolean> {
    this.#verifiedAt = this.#machine.elapsedMs();
    const why = await this.#enforce('verify', () => this.#engine.verify());
    if (!why.some((d) => d.code === 'rules-differ')) return false;
    this.#tell({ kind: 'repaired', why });
    const faults = await this.#load();
    const alive = this.#led;
    if (alive) await this.#enforce('lead', () => this.#engine.lead(alive));
    return !hasErrors(faults);
  }

  /** Blocks, or lengthens what is blocked already. What is acknowledged is on the disk, and in force. */
  block(decision: Decision): Promise<Answer> {
    return this.#blockAs('hand', [decision]);
  }

  /** Blocks many, all or none of them. */
  blockAll(decisions: readonly Decision[]): Promise<Answer> {
    return this.#blockAs('list', decisions);
  }

  async #blockAs(origin: 'hand' | 'list', decisions: readonly Decision[]): Promise<Answer> {
    let carriedOut: Promise<readonly Diagnostic[]> = Promise.resolve([]);
    const kept = await this.#store.blockAll(decisions, (changes) => {
      carriedOut = this.#next(() => this.#carryOut(changes, () => this.#blockKept(changes)));
    });
    if (!kept.ok) return { decisions: [], diagnostics: [{ severity: 'error', ...kept }] };
    const all = kept.value.map((change) => change.after!);
    const diagnostics = await carriedOut;
    if (hasErrors(diagnostics)) return { decisions: [], diagnostics };
    this.#tell({ kind: 'blocked', origin, decisions: all });
    return { decisions: all, diagnostics };
  }

  /**
   * Does with the kernel what was kept. Where it refuses, the store takes it back, so that both say the same; where the
   * rules are gone they are put there anew, with all that is kept.
   */
  async #carryOut(
    changes: readonly Change[],
    work: () => Promise<readonly Diagnostic[]>,
  ): Promise<readonly Diagnostic[]> {
    const faults = await work();
    if (!hasErrors(faults) || (await this.#repaired())) {
      this.#store.carriedOut(changes);
      return hasErrors(faults) ? [] : faults;
    }
    const undone = await this.#store.undo(changes);
    // what of a list had gone through must not stay
    for (const { prefix, before } of changes.length > 1 ? changes : [])
      await (before ? this.#engine.block(before, this.#now()) : this.#engine.lift(prefix));
    return undone.ok ? faults : [...faults, { severity: 'error', ...undone }];
  }

  /** What is new goes to the kernel together; what is there already has to go first. */
  async #blockKept(changes: readonly Change[]): Promise<readonly Diagnostic[]> {
    const now = this.#now();
    const fresh = changes.filter((c) => !c.before).map((c) => c.after!);
    // a single one is never added where an ended one may still be: an old kernel would keep the end of that
    const isSingle = changes.length === 1;
    const faults = isSingle ? [] : [...(await this.#enforce('load', () => this.#engine.load(fresh, now)))];
    for (const { after, before } of changes)
      if ((isSingle || before) && !hasErrors(faults))
        faults.push(...(await this.#enforce('block', () => this.#engine.block(after!, now))));
    return faults;
  }

  /** Takes a decision back; none where there is none for exactly this prefix. */
  async lift(prefix: Prefix, by: string): Promise<Answer> {
    let carriedOut: Promise<readonly Diagnostic[]> = Promise.resolve([]);
    const lifted = await this.#store.lift(prefix, by, (changes) => {
      carriedOut = this.#next(() => this.#carryOut(changes, () => this.#liftKept(changes[0]!)));
    });
    if (!lifted.ok) return { decisions: [], diagnostics: [{ severity: 'error', ...lifted }] };
    const diagnostics = await carriedOut;
    if (hasErrors(diagnostics) || !lifted.value) return { decisions: [], diagnostics };
    this.#tell({ kind: 'lifted', decision: lifted.value, by });
    return { decisions: [lifted.value], diagnostics };
  }

  /** There is nothing to take away where the block itself was refused. */
  #liftKept({ prefix, before }: Change): Promise<readonly Diagnostic[]> {
    return before ? this.#enforce('lift', () => this.#engine.lift(prefix)) : Promise.resolve([]);
  }

  /** Those who are never led to the page, from now on. */
  allow(allowed: readonly Prefix[]): Promise<readonly Diagnostic[]> {
    return this.#next(() => this.#enforce('allow', () => this.#engine.allow(allowed)));
  }

  /** Leads to these page servers, those that answer; what there is to say of them is part of the status from now on. */
  lead(alive: readonly PageServer[], warnings: readonly Diagnostic[] = []): Promise<readonly Diagnostic[]> {
    this.#led = alive;
    this.#warnings = warnings;
    return this.#next(() => this.#enforce('lead', () => this.#engine.lead(alive)));
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

  /** The decisions with a reference, which count now. */
  withReference(reference: string): readonly Decision[] {
    return this.#store.book.withReference(reference, this.#now());
  }

  /** How it is; the diagnostics say whether the rules are as they should be, and what is wrong with the page servers. */
  async status(): Promise<{ readonly status: GuardStatus; readonly diagnostics: readonly Diagnostic[] }> {
    const diagnostics = await this.#next(() => this.#enforce('verify', () => this.#engine.verify()));
    const { book, lines } = this.#store;
    return {
      status: { since: this.#since, decisions: book.size, lines },
      diagnostics: [...diagnostics, ...this.#warnings],
    };
  }

  /** How many decisions are kept. */
  get count(): number {
    return this.#store.book.size;
  }

  /** What is counted, in Prometheus' text format. */
  metrics(): string {
    const { book, lines } = this.#store;
    return this.#counters.text({ decisions: book.counts, journalLines: lines, since: this.#since });
  }

  /** All decisions that count now, in the order in which they were made. */
  all(): Iterable<Decision> {
    return this.#store.book.all(this.#now());
  }

  /** Takes the rules away and lets go of the store: nothing is left in the kernel, everything on the disk. */
  async stop(): Promise<readonly Diagnostic[]> {
    const removed = await this.#next(() => this.#enforce('remove', () => this.#engine.remove()));
    await this.#store.close();
    return removed;
  }

  #now(): number {
    return this.#machine.now().getTime();
  }
}
