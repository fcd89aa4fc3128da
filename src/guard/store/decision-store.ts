import { failure, success, type Diagnostic, type Parsed, type Prefix, type Result } from '../../ip/index.ts';
import type { DurableLog, Machine } from '../../host/index.ts';
import { DecisionBook } from '../decide/decision-book.ts';
import type { Decision } from '../decide/decision.ts';
import { ChangesUnderWay, type Change } from './changes-under-way.ts';
import { formatJournalLine, parseJournalLine, type JournalEntry } from './journal-line.ts';
import { holdLock, type Lock } from './lock.ts';

/** Lines that say nothing any more, before the journal is written anew: these, or as many as decisions. */
const SPARE_LINES = 10_000;

type Failure = Extract<Result<never>, { ok: false }>;

/** Is given changes that are on the disk. */
type OnKept = (changes: readonly Change[]) => void;

const noMore: OnKept = () => undefined;

/** The decisions, and the journal on disk that they are read from. What is acknowledged is on the disk. */
export class DecisionStore {
  readonly book: DecisionBook;
  readonly #machine: Machine;
  readonly #log: DurableLog;
  readonly #lock: Lock;
  #lines: number;
  /** What is on its way to the disk. */
  readonly #syncing = new Set<Promise<unknown>>();
  readonly #underWay = new ChangesUnderWay();

  private constructor(machine: Machine, from: { book: DecisionBook; log: DurableLog; lock: Lock; lines: number }) {
    this.#machine = machine;
    this.book = from.book;
    this.#log = from.log;
    this.#lock = from.lock;
    this.#lines = from.lines;
  }

  /**
   * Opens the store in a folder, which is made when it is not there. One process has it at a time. Codes: `store-busy`,
   * `journal-damaged` (a warning: the lines are left out and the file is kept beside), those of `Machine.openLog`.
   */
  static async open(machine: Machine, folder: string): Promise<Parsed<DecisionStore | null>> {
    const made = await machine.mkdir(folder);
    if (!made.ok) return { value: null, diagnostics: [{ severity: 'error', ...made }] };
    const lock = await holdLock(machine, `${folder}/lock`);
    if (!lock.ok) return { value: null, diagnostics: [{ severity: 'error', ...lock }] };
    const path = `${folder}/decisions.journal`;
    const book = new DecisionBook(Math.floor(Math.random() * 0x1_0000_0000));
    const damaged: number[] = [];
    let lines = 0;
    const log = await machine.openLog(path, (line) => {
      lines++;
      const entry = parseJournalLine(line);
      if (entry) replay(book, entry);
      else damaged.push(lines);
    });
    if (!log.ok) {
      await lock.value.release();
      return { value: null, diagnostics: [{ severity: 'error', ...log }] };
    }
    const store = new DecisionStore(machine, { book, log: log.value, lock: lock.value, lines });
    const diagnostics = damaged.length === 0 ? [] : [await store.#keepDamaged(path, damaged)];
    await store.#compact(damaged.length > 0);
    return { value: store, diagnostics };
  }

  /** Lines of the journal. */
  get lines(): number {
    return this.#lines;
  }

  /**
   * Keeps many, with one sync: all of them or, when that fails, none. `onKept` is called with the changes as soon as they are
   * on the disk, in the journal's order; each is under way until `carriedOut` or `undo` has it.
   */
  async blockAll(decisions: readonly Decision[], onKept: OnKept = noMore): Promise<Result<readonly Change[]>> {
    const changes = decisions.map((d) => this.#underWay.add(d.prefix));
    const entries = decisions.map((decision) => ({ kind: 'block', decision }) as const);
    const kept = await this.#known(() =>
      this.#append(entries, () => {
        const now = this.#machine.now().getTime();
        for (const [i, decision] of decisions.entries()) {
          const before = this.book.get(decision.prefix, now) ?? null;
          this.#underWay.written(changes[i]!, before, this.book.block(decision));
        }
        onKept(changes);
      }),
    );
    return kept.ok ? success(changes) : this.#notKept(changes, kept);
  }

  /** Takes back the decision for exactly this prefix; gives it, or null where there is none. `onKept` as above. */
  async lift(prefix: Prefix, by: string, onKept: OnKept = noMore): Promise<Result<Decision | null>> {
    // a block of it that was asked for before may not be on the disk yet
    await Promise.all(this.#syncing);
    const at = this.#machine.now().getTime();
    if (!this.book.get(prefix, at)) return success(null);
    const change = this.#underWay.add(prefix);
    let lifted: Decision | null = null;
    const kept = await this.#append([{ kind: 'lift', prefix, at, by }], () => {
      lifted = this.book.lift(prefix) ?? null;
      this.#underWay.written(change, lifted, null);
      onKept([change]);
    });
    return kept.ok ? success(lifted) : this.#notKept([change], kept);
  }

  /** The kernel has done what these say. */
  carriedOut(changes: readonly Change[]): void {
    for (const change of changes) this.#underWay.remove(change);
  }

  /** Takes changes back which could not be carried out: what was before counts again, where no later change is under way. */
  async undo(changes: readonly Change[]): Promise<Result<null>> {
    const mine = changes.filter((change) => !this.#underWay.handOn(change));
    const at = this.#machine.now().getTime();
    const entries = mine.flatMap(({ prefix, before }): JournalEntry[] => [
      { kind: 'lift', prefix, at, by: 'guard' },
      ...(before ? [{ kind: 'block', decision: before } as const] : []),
    ]);
    this.carriedOut(changes);
    if (entries.length === 0) return success(null);
    return this.#append(entries, () => {
      for (const entry of entries) replay(this.book, entry);
    });
  }

  /** Changes that did not get to the disk. What a refused one left to them has to be taken back all the same. */
  async #notKept(changes: readonly Change[], why: Failure): Promise<Failure> {
    const left = changes.filter((change) => change.isHandedOn);
    this.carriedOut(changes.filter((change) => !left.includes(change)));
    if (left.length > 0) await this.undo(left);
    return why;
  }

  /** Does some work that `lift` waits for. */
  async #known<T>(work: () => Promise<T>): Promise<T> {
    const syncing = work();
    this.#syncing.add(syncing);
    try {
      return await syncing;
    } finally {
      this.#syncing.delete(syncing);
    }
  }

  /** Lets go of the journal; nobody may use the store any more. */
  async close(): Promise<void> {
    await this.#log.close();
    await this.#lock.release();
  }

  /** Writes entries; `onKept` brings the book to what the journal says. */
  async #append(entries: readonly JournalEntry[], onKept: () => void): Promise<Result<null>> {
    const added = await this.#log.append(entries.map((entry) => `${formatJournalLine(entry)}\n`).join(''), () => {
      this.#lines += entries.length;
      onKept();
    });
    if (!added.ok) return failure(added.code, `the decision could not be kept: ${added.message}`, added.hint);
    await this.#compact();
    return added;
  }

  /** Writes the journal anew when most of it says nothing any more. */
  async #compact(mustBe = false): Promise<void> {
    if (!mustBe && this.#lines - this.book.size < Math.max(SPARE_LINES, this.book.size)) return;
    await this.#log.replace(() => {
      const now = this.#machine.now().getTime();
      this.book.expire(now);
      this.#lines = this.book.size;
      return linesOf(this.book, now);
    });
  }

  async #keepDamaged(path: string, lines: readonly number[]): Promise<Diagnostic> {
    const aside = `${path}.damaged-${this.#machine.now().toISOString().replace(/[:.]/g, '-')}`;
    await this.#machine.run(['cp', '--', path, aside]);
    const which = lines.length === 1 ? `line ${lines[0]!}` : `${lines.length} lines, the first of them ${lines[0]!},`;
    const message = `${which} of ${path} can not be read: left out`;
    return { code: 'journal-damaged', severity: 'warning', message, hint: `the file is kept as ${aside}` };
  }
}

function* linesOf(book: DecisionBook, now: number): Generator<string> {
  for (const decision of book.all(now)) yield formatJournalLine({ kind: 'block', decision });
}

function replay(book: DecisionBook, entry: JournalEntry): void {
  if (entry.kind === 'block') book.block(entry.decision);
  else book.lift(entry.prefix);
}
