import type { Fact } from '../../ip/index.ts';
import type { Failure } from '../failure.ts';

/** What a cause says of a failure that it explains. */
export interface Named {
  readonly host: string;
  /** The lines that decided, and last what would have been needed. */
  readonly evidence: readonly Fact[];
  /** Words for the sentence in `render`. */
  readonly params: Readonly<Record<string, string>>;
}

/** Whether a cause explains a failure; null when it does not. */
export type CauseTest = (failure: Failure) => Named | null;
