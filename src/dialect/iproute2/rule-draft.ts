import type { Family, MaskedMark, NumberRange, Prefix } from '../../ip/index.ts';
import { TABLE, type Rule, type RuleAction } from '../../model/index.ts';
import type { WordReader } from './words.ts';

/** A rule while its words are read. */
export interface RuleDraft {
  readonly mode: 'typed' | 'listed';
  family?: Family;
  priority: number;
  not: boolean;
  from?: Prefix;
  to?: Prefix;
  iif?: string;
  oif?: string;
  mark?: MaskedMark;
  tos?: number;
  protocol?: number;
  sport?: NumberRange;
  dport?: NumberRange;
  uid?: NumberRange;
  table?: number;
  suppressPrefixLength?: number;
  action?: RuleAction;
  /** Pieces of selectors that are not modelled, as written. */
  readonly unmodelled: string[];
}

/** The rule with everything that was left out filled in. Faults of the whole are noted. */
export function finishRule(reader: WordReader, draft: RuleDraft): Omit<Rule, 'fact'> {
  const { from, to, iif, oif, mark, tos, protocol, sport, dport, uid } = draft;
  const family = from?.address.family ?? to?.address.family ?? draft.family ?? 4;
  if (to && to.address.family !== family) reader.note('value-invalid', `'from' and 'to' are of two families`);
  if (draft.family !== undefined && draft.family !== family) {
    reader.note('value-invalid', `an IPv${family} address in a rule for IPv${draft.family}`);
  }
  return {
    family,
    priority: draft.priority,
    not: draft.not,
    ...(from && { from }),
    ...(to && { to }),
    ...(iif !== undefined && { iif }),
    ...(oif !== undefined && { oif }),
    ...(mark && { mark }),
    ...(tos !== undefined && { tos }),
    ...(protocol !== undefined && { protocol }),
    ...(sport && { sport }),
    ...(dport && { dport }),
    ...(uid && { uid }),
    ...(draft.unmodelled.length > 0 && { unmodelled: draft.unmodelled.join(' ') }),
    action: draft.action ?? tableAction(draft),
  };
}

function tableAction({ table = TABLE.main, suppressPrefixLength }: RuleDraft): RuleAction {
  return suppressPrefixLength === undefined ? { kind: 'table', table } : { kind: 'table', table, suppressPrefixLength };
}
