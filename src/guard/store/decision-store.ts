import { failure, success, type Diagnostic, type Parsed, type Prefix, type Result } from '../../ip/index.ts';
import type { DurableLog, Machine } from '../../host/index.ts';
import { DecisionBook } from '../decide/decision-book.ts';
import type { Decision } from '../decide/decision.ts';
import { formatJournalLine, parseJournalLine, type JournalEntry } from './journal-line.ts';
import { holdLock, type Lock } from './lock.ts';

/** Lines that say nothing any more, before the journal is written anew: these, or as many as decisions. */
const SPARE_LINES = 10_000;

/** A decision as it counts now. */
export interface Kept {
  readonly decision: Decision;
  /** What counted for its prefix before; null when nothing did. */
  readonly before: Decision | null;
}

/** The decisions, and the journal on disk that they are read from. What is acknowledged is on the disk. */
export class DecisionStore {
  readonly book: DecisionBook;
  readonly #machine: Machine;
  readonly #log: DurableLog;
  readonly #lock: Lock;
  #lines: number;
  /** What is on its way to the disk. */
  readonly #syncing = new Set<Promise<unknown>>();

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

  /** Keeps a decision; gives the one that counts for its prefix now. */
  async block(decision: Decision): Promise<Result<Kept>> {
    const kept = await this.blockAll([decision]);
    return kept.ok ? success(kept.value[0]!) : kept;
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

  /** Keeps many, with one sync: all of them or, when that fails, none. What counts now, each with what did before. */
  blockAll(decisions: readonly Decision[]): Promise<Result<readonly Kept[]>> {
    return this.#known(() => this.#blockAll(decisions));
  }

  async #blockAll(decisions: readonly Decision[]): Promise<Result<readonly Kept[]>> {
    const kept = await this.#append(decisions.map((decision) => ({ kind: 'block', decision })));
    if (!kept.ok) return kept;
    const now = this.#machine.now().getTime();
    return success(
      decisions.map((d) => {
        const before = this.book.get(d.prefix, now) ?? null;
        return { decision: this.book.block(d), before };
      }),
    );
  }

  /** Takes back the decision for exactly this prefix; gives it, or null where there is none. */
  async lift(prefix: Prefix, by: string): Promise<Result<Decision | null>> {
    // a block of it that was asked for before may not be on the disk yet
    await Promise.all(this.#syncing);
    const at = this.#machine.now().getTime();
    if (!this.book.get(prefix, at)) return success(null);
    const kept = await this.#append([{ kind: 'lift', prefix, at, by }]);
    return kept.ok ? success(this.book.lift(prefix) ?? null) : kept;
  }

  /** Takes changes of these prefixes back, which could not be carried out: `before` counts again. Each prefix once. */
  async undo(changes: readonly { readonly prefix: Prefix; readonly before: Decision | null }[]): Promise<Result<null>> {
    const at = this.#machine.now().getTime();
    const entries = changes.flatMap(({ prefix, before }): JournalEntry[] => [
      { kind: 'lift', prefix, at, by: 'guard' },
      ...(before ? [{ kind: 'block', decision: before } as const] : []),
    ]);
    const kept = await this.#append(entries);
    if (kept.ok) for (const entry of entries) replay(this.book, entry);
    return kept;
  }

  /** Lets go of the journal; nobody may use the store any more. */
  async close(): Promise<void> {
    await this.#log.close();
    await this.#lock.release();
  }

  async #append(entries: readonly JournalEntry[]): Promise<Result<null>> {
    const added = await this.#log.append(entries.map((entry) => `${formatJournalLine(entry)}\n`).join(''));
    if (!added.ok) return failure(added.code, `the decision could not be kept: ${added.message}`, added.hint);
    this.#lines += entries.length;
    await this.#compact();
    return added;
  }

  /** Writes the journal anew when most of it says nothing any more. */
  async #compact(mustBe = false): Promise<void> {
    if (!mustBe && this.#lines - this.book.size < Math.max(SPARE_LINES, this.book.size)) return;
    const now = this.#machine.now().getTime();
    this.book.expire(now);
    const replaced = await this.#log.replace(linesOf(this.book, now));
    if (replaced.ok) this.#lines = this.book.size;
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
