import { assumption, type Family, type MaskedMark, type NumberRange, type Prefix, type Fact } from '../ip/index.ts';
import { TABLE } from './route.ts';

/** What a policy rule does when it matches. */
export type RuleAction =
  | { readonly kind: 'table'; readonly table: number; readonly suppressPrefixLength?: number }
  | { readonly kind: 'goto'; readonly priority: number }
  | { readonly kind: 'nop' | 'unreachable' | 'prohibit' | 'blackhole' };

/** One policy rule (ip-rule(8)). Absent selectors match everything. */
export interface Rule {
  readonly family: Family;
  readonly priority: number;
  /** Turns the selectors' answer around. */
  readonly not: boolean;
  readonly from?: Prefix;
  readonly to?: Prefix;
  /** `lo` matches traffic of this machine's own. */
  readonly iif?: string;
  readonly oif?: string;
  readonly mark?: MaskedMark;
  readonly tos?: number;
  readonly protocol?: number;
  readonly sport?: NumberRange;
  readonly dport?: NumberRange;
  readonly uid?: NumberRange;
  /** A selector that is not modelled, as written: the rule is then uncertain. */
  readonly unmodelled?: string;
  readonly action: RuleAction;
  readonly fact: Fact;
}

/** The rules a kernel starts with: local, main, and for IPv4 default. */
export function defaultRules(family: Family): readonly Rule[] {
  const rule = (priority: number, table: number, name: string): Rule => ({
    family,
    priority,
    not: false,
    action: { kind: 'table', table },
    fact: assumption(`${priority}: from all lookup ${name}`),
  });
  const rules = [rule(0, TABLE.local, 'local'), rule(32766, TABLE.main, 'main')];
  return family === 4 ? [...rules, rule(32767, TABLE.default, 'default')] : rules;
}
