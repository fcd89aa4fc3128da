import { assumption, type Fact } from '../../ip/index.ts';
import { hookOf } from './tables.ts';

/** One rule's line, not yet understood. Its words are split when its turn comes, so that they need no room together. */
export interface DraftRule {
  readonly line: number;
  readonly text: string;
  /** Where the rule's words start and end in the text. */
  readonly from: number;
  readonly to: number;
}

/** A chain while its lines are read. */
export interface DraftChain {
  readonly name: string;
  policy: 'accept' | 'drop';
  readonly rules: DraftRule[];
  /** Rules put in front, the last first. */
  readonly front: DraftRule[];
  fact: Fact;
}

/** A table while its lines are read. */
export interface DraftTable {
  readonly name: string;
  readonly chains: Map<string, DraftChain>;
}

/** The chain, made if it is not there; declared by the fact, or else assumed. */
export function chainOf(table: DraftTable, name: string, declared?: Fact): DraftChain {
  const known = table.chains.get(name);
  if (known) {
    if (declared) known.fact = declared;
    return known;
  }
  const policy = hookOf(table.name, name) ? ': policy ACCEPT' : '';
  const fact = declared ?? assumption(`chain ${name} of table ${table.name}${policy}`);
  const chain: DraftChain = { name, policy: 'accept', rules: [], front: [], fact };
  table.chains.set(name, chain);
  return chain;
}

/** All rules of the chain in their order. */
export const rulesOf = (chain: DraftChain): readonly DraftRule[] =>
  chain.front.length === 0 ? chain.rules : [...chain.front.toReversed(), ...chain.rules];

/** Above so many rules a numbered insertion is not followed: each would move all others. */
const MOST_MOVED = 20_000;

/** Puts the rule at the place, from 1, as `-I CHAIN PLACE` does. False when there is no such place. */
export function insertRule(chain: DraftChain, rule: DraftRule, place: number): boolean {
  if (place === 1) {
    chain.front.push(rule);
    return true;
  }
  const size = chain.front.length + chain.rules.length;
  if (place < 1 || place > size + 1 || size > MOST_MOVED) return false;
  chain.rules.unshift(...chain.front.toReversed());
  chain.front.length = 0;
  chain.rules.splice(place - 1, 0, rule);
  return true;
}
