import type { Fact } from '../../ip/index.ts';
import type { ElementsRef, Entry, FilterTable, NamedSet, Ruleset, Verdict } from '../../model/index.ts';
import { indexEntries, type ElementIndex } from './element-index.ts';
import type { Prefilter, Wants } from './prefilter.ts';
import type { Reader, Test } from './run.ts';
import type { RejectKind } from '../../model/index.ts';

/** A chain whose rules are compiled; they are filled in after all chains exist, since chains name each other. */
export interface CompiledChain {
  readonly name: string;
  rules: readonly CompiledRule[];
  prefilter: Prefilter;
}

/** Where a rule sends the packet. */
export type Decision =
  | { readonly kind: 'accept' | 'drop' | 'return' }
  | { readonly kind: 'reject'; readonly with: RejectKind }
  | { readonly kind: 'jump' | 'goto'; readonly chain: CompiledChain };

/** What a statement leads to: the rule goes on, the rule ends here, or the rule has decided. */
export type Effect = 'on' | 'end' | Decision;

/** One statement. */
export type Operation = (run: Parameters<Reader>[0]) => Effect;

/** One rule: it is met when its wants fit, all tests must pass, then the operations are worked through. */
export interface CompiledRule {
  readonly wants: Wants;
  readonly tests: readonly Test[];
  readonly operations: readonly Operation[];
  readonly fact: Fact;
}

/** Where a statement stands while a ruleset is compiled. */
export interface Scope {
  readonly table: FilterTable;
  readonly chains: ReadonlyMap<string, CompiledChain>;
  readonly ruleset: Ruleset;
  /** Lookups of named sets, made once. */
  readonly indexes: Map<NamedSet, ElementIndex>;
}

/** The members of a set, and the lookup in them. */
export interface Members {
  readonly find: ElementIndex;
  readonly entries: readonly Entry[];
  /** The set may hold more than was seen. */
  readonly dynamic: boolean;
  readonly name: string;
}

/** Resolves a set; null when there is none of that name. */
export function membersOf(ref: ElementsRef, scope: Scope): Members | null {
  if (ref.kind === 'inline') {
    return { find: indexEntries(ref.entries), entries: ref.entries, dynamic: false, name: '' };
  }
  const set = (ref.kind === 'named' ? scope.table.sets : scope.ruleset.ipsets).get(ref.name);
  if (!set) return null;
  let find = scope.indexes.get(set);
  if (!find) scope.indexes.set(set, (find = indexEntries(set.entries)));
  return { find, entries: set.entries, dynamic: set.dynamic, name: set.name };
}

/** The decision that a verdict stands for; null for a jump to a chain that is not there. */
export function decisionOf(verdict: Verdict, scope: Scope): Effect | null {
  switch (verdict.kind) {
    case 'continue':
      return 'on';
    case 'jump':
    case 'goto': {
      const chain = scope.chains.get(verdict.chain);
      return chain ? { kind: verdict.kind, chain } : null;
    }
    default:
      return { kind: verdict.kind };
  }
}
