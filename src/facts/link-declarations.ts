import type { Fact, Prefix } from '../ip/index.ts';
import type { Expectation } from '../model/index.ts';

/** A network that a person named. */
export interface DeclaredNetwork {
  readonly name: string;
  readonly kind: 'lan' | 'internet';
  /** None where a host's address may be anything. */
  readonly prefixes: readonly Prefix[];
  readonly complete: boolean;
  /** Hosts that a cloud does not check; absent where no cloud is. */
  readonly unchecked?: readonly string[];
  readonly fact: Fact;
}

/** What a network file says beside its hosts. */
export interface Declarations {
  readonly networks: readonly DeclaredNetwork[];
  readonly expectations: readonly Expectation[];
}

/** Nothing declared: what facts alone have. */
export const noDeclarations: Declarations = { networks: [], expectations: [] };
