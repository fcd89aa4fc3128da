import { createContext, Script, type Context } from 'node:vm';
import { interrupted, type BoundedPattern } from './bounded-pattern.ts';

/** Time that a line has in each try, and a pattern alone, in milliseconds. A line costs less than 50 together. */
const TIME_MS = 7;

/** So often a line is tried. */
const TRIES = 3;

/** So often a pattern that was at work is tried alone. */
const TRIES_ALONE = 2;

/** For so long lines are read on within one time limit: setting one costs as much as many lines. */
const SLICE_MS = 3;

/** A pattern that was switched off, and the text that it took too long for. */
export interface TooSlow {
  readonly pattern: BoundedPattern;
  readonly text: string;
}

/**
 * Does work with patterns of strangers on lines of strangers, each line in bounded time. V8 interrupts a search by the time limit that
 * `node:vm` has; the pattern that was at work is switched off when it is slow alone too, and its line is looked at again without it.
 */
export class InTime {
  readonly #onSlow: (slow: TooSlow) => void;
  readonly #context: Context & { work: () => void } = createContext({ work: () => undefined }) as Context & {
    work: () => void;
  };
  readonly #script = new Script('work()');

  constructor(onSlow: (slow: TooSlow) => void) {
    this.#onSlow = onSlow;
  }

  /** Has V8 make machine code of patterns, which takes longer than any search, before time counts. */
  static warm(patterns: readonly BoundedPattern[]): void {
    for (const pattern of patterns) for (let i = 0; i < TRIES; i++) pattern.exec(' ');
  }

  /**
   * Searches in each item in turn, and has what was found taken. A search may be begun more than once, so it must not change anything; what
   * takes it is not bounded, and done once. An item that takes too long in all tries is left out. `together`: items whose searches do not
   * depend on what was taken of those before.
   */
  each<T, Found>(
    items: readonly T[],
    search: (item: T) => Found,
    take: (found: Found, item: T) => void,
    together = Infinity,
  ): void {
    let at = 0;
    let [troubled, tries] = [-1, 0];
    let found: Found[] = [];
    const slice = (): void => {
      const end = performance.now() + SLICE_MS;
      do found.push(search(items[at + found.length]!));
      while (found.length < together && at + found.length < items.length && performance.now() < end);
    };
    while (at < items.length) {
      found = [];
      const outcome = this.#tried(slice);
      for (const one of found) take(one, items[at++]!);
      if (outcome === 'done') continue;
      tries = at === troubled ? tries + 1 : 1;
      troubled = at;
      this.#blame(outcome === 'slow' && tries === TRIES);
      if (tries === TRIES) at++;
    }
  }

  /** `held up`: it took too long, but this process was hardly at work. */
  #tried(work: () => void): 'done' | 'slow' | 'held up' {
    const before = process.cpuUsage();
    this.#context.work = work;
    try {
      this.#script.runInContext(this.#context, { timeout: TIME_MS });
      return 'done';
    } catch (e) {
      // it is no Error of this realm
      if ((e as { readonly code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw e;
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 > TIME_MS / 5 ? 'slow' : 'held up';
    }
  }

  /** Switches the pattern off that was at work, when that is sure or it is slow alone too. */
  #blame(isSure: boolean): void {
    const slow = interrupted();
    if (slow === null) return;
    for (let i = 0; i < TRIES_ALONE && !isSure; i++)
      if (this.#tried(() => void slow.pattern.regexp.exec(slow.text)) !== 'slow') return;
    slow.pattern.isOff = true;
    this.#onSlow(slow);
  }
}
