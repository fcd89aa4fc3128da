import { formatPrefix, type Prefix } from '../../../ip/index.ts';
import { DecisionBook } from '../../decide/decision-book.ts';
import type { Decision } from '../../decide/decision.ts';

/** A prefix as a proxy's file has it, and until when: milliseconds since 1970, null without an end. */
export interface Listed {
  readonly prefix: string;
  readonly until: number | null;
}

/** What a proxy is to know of the decisions: their prefixes and ends, up to millions. */
export class ProxyList {
  readonly #book = new DecisionBook(Math.floor(Math.random() * 0x1_0000_0000));

  /** When the next one ends; null when none will. */
  get nextEnd(): number | null {
    return this.#book.nextEnd;
  }

  /** Puts it in place of an earlier one of the same prefix; whether there was one. */
  put({ prefix, until }: Decision): boolean {
    const before = this.#book.lift(prefix);
    this.#book.block({ ...NOTHING_ELSE, prefix, until });
    return before !== undefined;
  }

  /** Takes it out; whether it was there. */
  take(prefix: Prefix): boolean {
    return this.#book.lift(prefix) !== undefined;
  }

  /** Takes out what has ended; their prefixes. */
  expire(now: number): readonly string[] {
    return this.#book.expire(now).map((d) => formatPrefix(d.prefix));
  }

  /** All that were not taken out, in an order that only changes when they do. */
  *all(): Generator<Listed> {
    for (const { prefix, until } of this.#book.all(-Infinity)) yield { prefix: formatPrefix(prefix), until };
  }
}

/** What a proxy need not know. The same texts for all: they take room once. */
const NOTHING_ELSE = { reason: '', reference: '', since: 0, by: '', evidence: [], rest: 'through' } as const;
