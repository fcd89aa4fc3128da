import { formatPrefix, type Prefix } from '../../ip/index.ts';
import type { Decision } from '../decide/decision.ts';

/** A change of one prefix. */
export interface Change {
  readonly prefix: Prefix;
  /** What counted before; null when nothing did. What the kernel has, when it is this change's turn. */
  before: Decision | null;
  /** What counts from now on; null when nothing does. */
  after: Decision | null;
  /** An earlier change was refused, and left `before` to this one. */
  isHandedOn: boolean;
}

/** Changes that the store has, or is about to write, and the kernel has not yet: by prefix, in the journal's order. */
export class ChangesUnderWay {
  readonly #changes = new Map<string, Change[]>();

  /** A change that is about to be written. */
  add(prefix: Prefix): Change {
    const change: Change = { prefix, before: null, after: null, isHandedOn: false };
    const name = formatPrefix(prefix);
    const same = this.#changes.get(name);
    if (same) same.push(change);
    else this.#changes.set(name, [change]);
    return change;
  }

  /** The change is written: it found `before` in the store, and left `after` there. */
  written(change: Change, before: Decision | null, after: Decision | null): void {
    if (!change.isHandedOn) change.before = before;
    change.after = after;
  }

  /** The change is over. */
  remove(change: Change): void {
    const name = formatPrefix(change.prefix);
    const others = this.#changes.get(name)?.filter((c) => c !== change) ?? [];
    if (others.length > 0) this.#changes.set(name, others);
    else this.#changes.delete(name);
  }

  /**
   * The kernel refused a change. True when a later one of its prefix is under way: the journal says already what that one
   * makes of it, and to take this one back is up to it. For that one, the kernel has what this one found.
   */
  handOn(change: Change): boolean {
    const same = this.#changes.get(formatPrefix(change.prefix)) ?? [];
    const later = same[same.indexOf(change) + 1];
    if (!later) return false;
    later.before = change.before;
    later.isHandedOn = true;
    return true;
  }
}
