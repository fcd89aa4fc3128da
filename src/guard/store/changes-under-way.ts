import { formatPrefix, type Prefix } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';

/** A change of one prefix. */
export interface Change {
  readonly prefix: Prefix;
  /** What counted before; null when nothing did. What the kernel has, when it is this change's turn. */
  before: Decision | null;
  /** What counts from now on; null when nothing does. */
  after: Decision | null;
}

interface Waiting {
  readonly change: Change;
  /** `before` is settled: an earlier change was refused. */
  isSettled: boolean;
}

/** Changes that the store has, or is about to write, and the kernel has not yet: by prefix, in the journal's order. */
export class ChangesUnderWay {
  readonly #changes = new Map<string, Waiting[]>();

  /** A change that is about to be written. */
  add(prefix: Prefix): Change {
    const change = { prefix, before: null, after: null };
    const name = formatPrefix(prefix);
    const same = this.#changes.get(name);
    const waiting = { change, isSettled: false };
    if (same) same.push(waiting);
    else this.#changes.set(name, [waiting]);
    return change;
  }

  /** The change is written: it found `before` in the store, and left `after` there. */
  written(change: Change, before: Decision | null, after: Decision | null): void {
    const waiting = this.#of(change).find((w) => w.change === change);
    if (waiting?.isSettled !== true) change.before = before;
    change.after = after;
  }

  /** The change is over. */
  remove(change: Change): void {
    const others = this.#of(change).filter((w) => w.change !== change);
    if (others.length > 0) this.#changes.set(formatPrefix(change.prefix), others);
    else this.#changes.delete(formatPrefix(change.prefix));
  }

  /**
   * The kernel refused a change. True when a later one of its prefix is under way: the journal says already what that one
   * makes of it, and to take this one back is up to it. For that one, the kernel has what this one found.
   */
  handOn(change: Change): boolean {
    const same = this.#of(change);
    const later = same[same.findIndex((w) => w.change === change) + 1];
    if (!later) return false;
    later.change.before = change.before;
    later.isSettled = true;
    return true;
  }

  /** Whether a refused change handed something on to this one. */
  isSettled(change: Change): boolean {
    return this.#of(change).some((w) => w.change === change && w.isSettled);
  }

  #of({ prefix }: Change): readonly Waiting[] {
    return this.#changes.get(formatPrefix(prefix)) ?? [];
  }
}
