import { bitsOf, formatPrefix, prefixOf, type Address } from '../../ip/index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How many appeals are taken: of one visitor and about one decision in a day, of all in an hour. */
export const APPEAL_LIMITS = { visitor: 3, decision: 50, all: 100 } as const;

/** Counts who sent how many lately. Only what was taken is counted, so it holds few. */
export class AppealLimits {
  readonly #visitors = new Map<string, number[]>();
  readonly #decisions = new Map<string, number[]>();
  #all: number[] = [];

  /** Whether one more is taken; it counts then. `now`: milliseconds since 1970. */
  admit(visitor: Address, prefix: string, now: number): boolean {
    this.#all = since(this.#all, now - HOUR);
    for (const counted of [this.#visitors, this.#decisions]) forget(counted, now - DAY);
    const ofVisitor = timesOf(this.#visitors, visitorKey(visitor));
    const ofDecision = timesOf(this.#decisions, prefix);
    const isFull =
      this.#all.length >= APPEAL_LIMITS.all ||
      ofVisitor.length >= APPEAL_LIMITS.visitor ||
      ofDecision.length >= APPEAL_LIMITS.decision;
    if (!isFull) this.count(visitor, prefix, now);
    return !isFull;
  }

  /** Counts one that was taken earlier. */
  count(visitor: Address, prefix: string, at: number): void {
    this.#all.push(at);
    add(this.#visitors, visitorKey(visitor), at);
    add(this.#decisions, prefix, at);
  }
}

/** An IPv4 address, or the /64 of an IPv6 one, which is one visitor's own. */
function visitorKey(address: Address): string {
  return formatPrefix(prefixOf(address, address.family === 4 ? bitsOf(4) : 64));
}

const since = (times: readonly number[], from: number): number[] => times.filter((t) => t > from);
const timesOf = (counted: ReadonlyMap<string, number[]>, key: string): readonly number[] => counted.get(key) ?? [];

function add(counted: Map<string, number[]>, key: string, at: number): void {
  const times = counted.get(key);
  if (times) times.push(at);
  else counted.set(key, [at]);
}

function forget(counted: Map<string, number[]>, from: number): void {
  for (const [key, times] of counted) {
    const left = since(times, from);
    if (left.length === 0) counted.delete(key);
    else if (left.length < times.length) counted.set(key, left);
  }
}
