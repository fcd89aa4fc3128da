import { contains, samePrefix, type Address, type Prefix } from '../../src/ip/index.ts';
import type { Decision } from '../../src/guard/index.ts';

/** What a decision book does, by looking at every decision each time. */
export class DecisionList {
  #decisions: Decision[] = [];

  block(next: Decision): void {
    const at = this.#decisions.findIndex((d) => samePrefix(d.prefix, next.prefix));
    const old = this.#decisions[at];
    const lines = (all: readonly string[]): string[] => all.filter((l, i) => all.indexOf(l) === i).slice(-20);
    if (old === undefined) {
      this.#decisions.push({ ...next, evidence: lines(next.evidence) });
    } else if (old.until !== null && next.since >= old.until) {
      this.#decisions[at] = { ...next, evidence: lines(next.evidence) };
    } else {
      const oldLasts = old.until === null ? next.until !== null : next.until !== null && next.until < old.until;
      const { reason, until, by, rest } = oldLasts ? old : next;
      const since = old.since < next.since ? old.since : next.since;
      const evidence = lines([...old.evidence, ...next.evidence]);
      this.#decisions[at] = { ...old, reason, until, by, rest, since, evidence };
    }
  }

  lift(prefix: Prefix): Decision | undefined {
    const found = this.#decisions.find((d) => samePrefix(d.prefix, prefix));
    this.#decisions = this.#decisions.filter((d) => d !== found);
    return found;
  }

  at(address: Address, now: number): Decision[] {
    return this.all(now)
      .filter((d) => contains(d.prefix, address))
      .sort((a, b) => b.prefix.length - a.prefix.length);
  }

  expire(now: number): Decision[] {
    const ended = this.#decisions.filter((d) => d.until !== null && d.until <= now);
    this.#decisions = this.#decisions.filter((d) => !ended.includes(d));
    return ended;
  }

  all(now: number): Decision[] {
    return this.#decisions.filter((d) => d.until === null || d.until > now);
  }

  get size(): number {
    return this.#decisions.length;
  }
}
