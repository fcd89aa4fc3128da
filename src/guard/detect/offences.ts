import { formatPrefix, parsePrefix, type Prefix } from '../../ip/index.ts';
import type { Sentence } from './detector.ts';
import type { Visitor } from './visitors.ts';

/** What somebody is blocked for, and what that keeps out. */
export interface Offence {
  readonly prefix: Prefix;
  /** 1 for the first time, as far back as it is remembered; 0: only told, nothing is blocked. */
  readonly count: number;
  /** Milliseconds since 1970. */
  readonly until: number;
  /** Lines that were written while it was blocked. */
  held: number;
  /** Visitors among the blocked who look like ordinary ones; a thousand at most. */
  readonly ordinary: Set<string>;
}

/** For so long behind the end of a block somebody counts as one who comes back, in milliseconds: 30 days. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;

/** Offenders that are remembered; when there are more, those go that were blocked first. */
const MOST = 100_000;

/** Remembers who was blocked, and until when: who comes back is blocked for longer. */
export class Offences {
  /** By the name of the prefix; the one that was blocked last stands last. */
  readonly #all = new Map<string, Offence>();

  /** Whether a visitor, or its network, is blocked at that time. Counts what is held. */
  holds(visitor: Visitor, time: number): boolean {
    if (this.#all.size === 0) return false;
    const offence = this.#running(visitor.name, time) ?? this.#running(visitor.networkName, time);
    if (offence === null) return false;
    offence.held++;
    noteOrdinary(offence, visitor);
    return true;
  }

  #running(name: string, time: number): Offence | null {
    const offence = this.#all.get(name);
    return offence !== undefined && offence.until > time ? offence : null;
  }

  /** Blocks a visitor or its network. */
  add(name: string, prefix: Prefix, visitor: Visitor, time: number, sentence: Sentence): Offence {
    const { first, factor, longest, warnFirst = false } = sentence;
    const before = this.#all.get(name);
    const count = before && before.until + REMEMBERED_MS > time ? before.count + 1 : warnFirst ? 0 : 1;
    const until = count === 0 ? time : time + Math.min(longest, Math.round(first * factor ** (count - 1)));
    const offence: Offence = { prefix, count, until, held: 0, ordinary: new Set() };
    noteOrdinary(offence, visitor);
    this.#keep(name, offence);
    return offence;
  }

  #keep(name: string, offence: Offence): void {
    this.#all.delete(name);
    this.#all.set(name, offence);
    if (this.#all.size > MOST) this.#all.delete(this.#all.keys().next().value!);
  }

  /** Takes up what `offenceLine` wrote; a line that is none is passed over. */
  recall(line: string): void {
    const [, name = '', count, until] = /^(\S+) (\d{1,9}) (\d{1,15})$/.exec(line) ?? [];
    const prefix = parsePrefix(name);
    if (prefix.ok)
      this.#keep(formatPrefix(prefix.value), {
        ...{ prefix: prefix.value, count: Number(count), until: Number(until), held: 0 },
        ordinary: new Set(),
      });
  }

  /** All that still matter at that time, as lines. */
  *lines(now: number): Iterable<string> {
    for (const offence of this.#all.values()) if (offence.until + REMEMBERED_MS > now) yield offenceLine(offence);
  }
}

/** An offence as a line to keep. */
export const offenceLine = ({ prefix, count, until }: Offence): string =>
  `${formatPrefix(prefix)} ${count} ${Math.round(until)}`;

const MOST_NOTED = 1000;

/** Nine of ten lines of an ordinary visitor are counted by no detector, but for those that count all lines. */
function noteOrdinary({ ordinary }: Offence, { name, lines, counted }: Visitor): void {
  if (counted * 10 < lines && ordinary.size < MOST_NOTED) ordinary.add(name);
}
