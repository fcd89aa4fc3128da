import type { TableFamily } from '../../model/index.ts';
import type { KeyType } from './data-type.ts';

/** What a set or map of the table holds. */
export interface SetTypes {
  readonly key: KeyType;
  /** What a map leads to; null for a set. `verdict`, a data type, or the name of an object such as `counter`. */
  readonly value: KeyType | null;
}

/** What reading a rule needs to know of its table, and what it finds out on the way. */
export interface Scope {
  readonly family: TableFamily;
  readonly sets: ReadonlyMap<string, SetTypes>;
  /** Named limits and quotas with `over`. */
  readonly inverted: ReadonlySet<string>;
  /** Sets that packets themselves add to; filled while rules are read. */
  readonly dynamic: Set<string>;
  /** Says that a statement is done within limits; the text is the statement's. */
  readonly limited: (text: string) => void;
}
