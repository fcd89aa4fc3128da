import { formatAddress, formatPrefix, parseAddress, success, type Address, type Diagnostic } from '../../ip/index.ts';
import type { Parsed, Result } from '../../ip/index.ts';
import type { DurableLog, Machine } from '../../host/index.ts';
import type { Decision } from '../decide/decision.ts';
import { CHECKED_TEXT, checkedLine, isChecked } from '../store/checked-line.ts';
import { holdLock, type Lock } from '../store/lock.ts';
import { appealFromJson, type Appeal, type AppealForm } from './appeal.ts';
import { AppealLimits } from './appeal-limits.ts';

/** Most appeals that are kept; then answered ones give way, the oldest first, and no more are taken when none is. */
export const MOST_APPEALS = 1000;

/** Lines that say nothing any more, before the file is written anew. */
const SPARE_LINES = 200;

/** A line of the file. `next` is the number of the next appeal: those of removed ones are not given again. */
type Entry =
  | { readonly appeal: Appeal }
  | { readonly answered: number; readonly at: number; readonly by: string }
  | { readonly removed: number }
  | { readonly next: number };

/** What blocked visitors wrote, kept on disk. What is acknowledged is there; disk and memory are bounded. */
export class AppealStore {
  readonly #machine: Machine;
  readonly #lock: Lock;
  readonly #log: DurableLog;
  readonly #appeals: Map<number, Appeal>;
  readonly #limits = new AppealLimits();
  #next: number;
  #lines: number;

  private constructor(machine: Machine, lock: Lock, log: DurableLog, from: Replay) {
    this.#machine = machine;
    this.#lock = lock;
    this.#log = log;
    this.#appeals = from.appeals;
    this.#next = from.next;
    this.#lines = from.lines;
    for (const { address, prefix, at } of from.appeals.values()) {
      const visitor = parseAddress(address);
      if (visitor.ok) this.#limits.count(visitor.value, prefix, at);
    }
  }

  /**
   * Opens the appeals in a folder. One process has them at a time. Codes: `store-busy`, `journal-damaged` (a warning: the
   * lines are left out, the file is kept beside), those of `Machine.openLog`.
   */
  static async open(machine: Machine, folder: string): Promise<Parsed<AppealStore | null>> {
    const made = await machine.mkdir(folder);
    if (!made.ok) return { value: null, diagnostics: [{ severity: 'error', ...made }] };
    const lock = await holdLock(machine, `${folder}/appeals.lock`);
    if (!lock.ok) return { value: null, diagnostics: [{ severity: 'error', ...lock }] };
    const path = `${folder}/appeals.journal`;
    const replay = new Replay();
    const log = await machine.openLog(path, (line) => replay.read(line));
    if (!log.ok) {
      await lock.value.release();
      return { value: null, diagnostics: [{ severity: 'error', ...log }] };
    }
    const store = new AppealStore(machine, lock.value, log.value, replay);
    if (replay.damaged === 0) return { value: store, diagnostics: [] };
    const kept = await keepAside(machine, path, replay.damaged);
    await store.#compact(true);
    return { value: store, diagnostics: [kept] };
  }

  /** All, the oldest first. */
  all(): readonly Appeal[] {
    return [...this.#appeals.values()];
  }

  /** Keeps what a visitor wrote about the decision that holds them; null when there are too many already. */
  async take(form: AppealForm, visitor: Address, decision: Decision): Promise<Result<Appeal | null>> {
    const at = this.#machine.now().getTime();
    const prefix = formatPrefix(decision.prefix);
    const oldest = this.#appeals.size < MOST_APPEALS ? null : this.all().find((a) => a.answered !== null);
    if (oldest === undefined || !this.#limits.admit(visitor, prefix, at)) return success(null);
    const { reference } = decision;
    const address = formatAddress(visitor);
    const appeal: Appeal = { id: this.#next++, at, address, prefix, reference, ...form, answered: null };
    const kept = await this.#append([...(oldest ? [{ removed: oldest.id }] : []), { appeal }]);
    return kept.ok ? success(appeal) : kept;
  }

  /** Marks these as answered; gives those that are there and were open. */
  answer(ids: readonly number[], by: string): Promise<Result<readonly Appeal[]>> {
    const at = this.#machine.now().getTime();
    const open = this.#of(ids).filter((a) => a.answered === null);
    return this.#change(open, ({ id }) => ({ answered: id, at, by }));
  }

  /** Takes these away; gives those that were there. */
  remove(ids: readonly number[]): Promise<Result<readonly Appeal[]>> {
    return this.#change(this.#of(ids), ({ id }) => ({ removed: id }));
  }

  /** Nobody may use the store any more. */
  async close(): Promise<void> {
    await this.#log.close();
    await this.#lock.release();
  }

  #of(ids: readonly number[]): readonly Appeal[] {
    return [...new Set(ids)].flatMap((id) => this.#appeals.get(id) ?? []);
  }

  async #change(appeals: readonly Appeal[], entry: (appeal: Appeal) => Entry): Promise<Result<readonly Appeal[]>> {
    if (appeals.length === 0) return success([]);
    const kept = await this.#append(appeals.map(entry));
    return kept.ok ? success(appeals) : kept;
  }

  async #append(entries: readonly Entry[]): Promise<Result<null>> {
    const added = await this.#log.append(entries.map((e) => `${lineOf(e)}\n`).join(''), () => {
      for (const entry of entries) apply(this.#appeals, entry);
      this.#lines += entries.length;
    });
    if (added.ok) await this.#compact();
    return added;
  }

  async #compact(mustBe = false): Promise<void> {
    if (!mustBe && this.#lines - this.#appeals.size < SPARE_LINES) return;
    await this.#log.replace(() => {
      const entries: Entry[] = [{ next: this.#next }, ...this.all().map((appeal) => ({ appeal }))];
      this.#lines = entries.length;
      return entries.map(lineOf);
    });
  }
}

const lineOf = (entry: Entry): string => checkedLine(JSON.stringify(entry));

function apply(appeals: Map<number, Appeal>, entry: Entry): void {
  if ('appeal' in entry) appeals.set(entry.appeal.id, entry.appeal);
  else if ('removed' in entry) appeals.delete(entry.removed);
  else if ('answered' in entry) {
    const appeal = appeals.get(entry.answered);
    if (appeal) appeals.set(appeal.id, { ...appeal, answered: { at: entry.at, by: entry.by } });
  }
}

/** What the lines of the file say together. */
class Replay {
  readonly appeals = new Map<number, Appeal>();
  next = 1;
  lines = 0;
  /** How many lines cannot be read. */
  damaged = 0;

  read(line: string): void {
    this.lines++;
    const entry = entryOf(line);
    if (!entry) this.damaged++;
    else {
      apply(this.appeals, entry);
      if ('next' in entry) this.next = Math.max(this.next, entry.next);
      if ('appeal' in entry) this.next = Math.max(this.next, entry.appeal.id + 1);
    }
  }
}

function entryOf(line: string): Entry | null {
  if (!isChecked(line)) return null;
  try {
    const { appeal, answered, at, by, removed, next } = JSON.parse(line.slice(CHECKED_TEXT)) as Record<string, unknown>;
    if (typeof next === 'number') return { next };
    if (typeof removed === 'number') return { removed };
    if (typeof answered === 'number' && typeof at === 'number' && typeof by === 'string') return { answered, at, by };
    const read = appealFromJson(appeal);
    return read && { appeal: read };
  } catch {
    return null;
  }
}

async function keepAside(machine: Machine, path: string, count: number): Promise<Diagnostic> {
  const aside = `${path}.damaged-${machine.now().toISOString().replace(/[:.]/g, '-')}`;
  await machine.run(['cp', '--', path, aside]);
  const message = `${count} ${count === 1 ? 'line' : 'lines'} of ${path} can not be read: left out`;
  return { code: 'journal-damaged', severity: 'warning', message, hint: `the file is kept as ${aside}` };
}
