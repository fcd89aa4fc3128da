import {
  failure,
  success,
  type Diagnostic,
  type Family,
  type MaskedMark,
  type NumberRange,
  type Parsed,
  type Prefix,
  type Result,
} from '../../ip/index.ts';
import { TABLE, type Rule, type RuleAction } from '../../model/index.ts';
import { aboutRecord, numberOf, readJsonList, textOf, type JsonRecord } from './json-list.ts';
import { interfaceName, ipProtocol, tableNumberOrStandIn, tosNumber } from './names.ts';
import { formatRule } from './print-rule.ts';
import { maskedMark, selectorPrefix } from './rule-keys.ts';

/**
 * The rules of `ip -j [-d] [-N] rule show`, or of `ip -j -6 rule show` with family 6, in its order. A fact's text is the rule as
 * `ip rule` prints it. Keys that are not known go into `unmodelled`. Codes: `json-invalid`, `input-cut-off`; as warnings
 * `fact-unreadable` (left out) and `line-limited` (kept, uncertain).
 */
export function parseRules(text: string, source: string, family: Family): Parsed<readonly Rule[]> {
  const list = readJsonList(text, source);
  const diagnostics: Diagnostic[] = [...list.diagnostics];
  const value: Rule[] = [];
  for (const record of list.value) {
    const rule = ruleOf(record, source, family);
    if (!rule.ok) {
      diagnostics.push(aboutRecord(source, record, rule.code, rule.message));
      continue;
    }
    value.push(rule.value);
    const { unmodelled } = rule.value;
    if (unmodelled !== undefined) {
      diagnostics.push(
        aboutRecord(source, record, 'line-limited', `'${unmodelled}' is not modelled: this rule is uncertain`),
      );
    }
  }
  return { value, diagnostics };
}

/** Keys with a meaning here, or without a meaning for any packet. */
const KNOWN = new Set([
  'priority',
  'not',
  'src',
  'srclen',
  'dst',
  'dstlen',
  'tos',
  'fwmark',
  'fwmask',
  'iif',
  'oif',
  'ipproto',
  'sport',
  'sport_start',
  'sport_end',
  'dport',
  'dport_start',
  'dport_end',
  'uid_start',
  'uid_end',
  'table',
  'suppress_prefixlen',
  'goto',
  'nop',
  'action',
  'protocol',
  'flow_from',
  'flow_to',
  'iif_detached',
  'oif_detached',
  'unresolved',
]);

function ruleOf(record: JsonRecord, source: string, family: Family): Result<Rule> {
  const priority = numberOf(record, 'priority');
  if (priority === undefined) return failure('fact-unreadable', 'this entry has no priority');
  const selectors = selectorsOf(record);
  if (!selectors.ok) return selectors;
  const action = actionOf(record);
  if (!action.ok) return action;
  const unknown = Object.keys(record).filter((key) => !KNOWN.has(key));
  const unmodelled = unknown
    .map((key) => [key, textOf(record, key)].filter(Boolean).join(' '))
    .join(' ')
    .replace(/[\s\p{Cc}]+/gu, ' ');
  const rule: Omit<Rule, 'fact'> = {
    family,
    priority,
    not: 'not' in record,
    ...selectors.value,
    ...(unmodelled !== '' && { unmodelled }),
    action: action.value,
  };
  const fact = { source, line: 0, text: '' };
  return success({ ...rule, fact: { ...fact, text: formatRule({ ...rule, fact }) } });
}

type Selectors = Pick<Rule, 'from' | 'to' | 'iif' | 'oif' | 'mark' | 'tos' | 'protocol' | 'sport' | 'dport' | 'uid'>;

function selectorsOf(record: JsonRecord): Result<Selectors> {
  const from = prefixOf(record, 'src');
  const to = prefixOf(record, 'dst');
  const mark = markOf(record);
  const tos = optional(record, 'tos', tosNumber);
  const protocol = optional(record, 'ipproto', ipProtocol);
  const iif = optional(record, 'iif', interfaceName);
  const oif = optional(record, 'oif', interfaceName);
  for (const part of [from, to, mark, tos, protocol, iif, oif])
    if (!part.ok) return failure('fact-unreadable', part.message);
  if (!from.ok || !to.ok || !mark.ok || !tos.ok || !protocol.ok || !iif.ok || !oif.ok)
    throw new Error('bug: a part that was just seen to be good');
  const ranges = { sport: rangeOf(record, 'sport'), dport: rangeOf(record, 'dport'), uid: rangeOf(record, 'uid') };
  return success({
    ...(from.value && { from: from.value }),
    ...(to.value && { to: to.value }),
    ...(iif.value !== undefined && { iif: iif.value }),
    ...(oif.value !== undefined && { oif: oif.value }),
    ...(mark.value && { mark: mark.value }),
    ...(tos.value !== undefined && { tos: tos.value }),
    ...(protocol.value !== undefined && { protocol: protocol.value }),
    ...(ranges.sport && { sport: ranges.sport }),
    ...(ranges.dport && { dport: ranges.dport }),
    ...(ranges.uid && { uid: ranges.uid }),
  });
}

function optional<T>(record: JsonRecord, key: string, parse: (text: string) => Result<T>): Result<T | undefined> {
  const text = textOf(record, key);
  return text === undefined ? success(undefined) : parse(text);
}

function prefixOf(record: JsonRecord, key: 'src' | 'dst'): Result<Prefix | undefined> {
  const length = textOf(record, `${key}len`);
  return optional(record, key, (text) => selectorPrefix(length === undefined ? text : `${text}/${length}`));
}

function markOf(record: JsonRecord): Result<MaskedMark | undefined> {
  const mask = textOf(record, 'fwmask');
  return optional(record, 'fwmark', (text) => maskedMark(mask === undefined ? text : `${text}/${mask}`));
}

function rangeOf(record: JsonRecord, key: string): NumberRange | undefined {
  const one = numberOf(record, key);
  const from = one ?? numberOf(record, `${key}_start`);
  const to = one ?? numberOf(record, `${key}_end`);
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** With `-N` actions are route type numbers (RTN_BLACKHOLE and so on in linux/rtnetlink.h). */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['6', 'blackhole'],
  ['7', 'unreachable'],
  ['8', 'prohibit'],
]);

function actionOf(record: JsonRecord): Result<RuleAction> {
  const named = textOf(record, 'action');
  const action = named === undefined ? undefined : (ACTIONS.get(named) ?? named);
  if (action === 'unreachable' || action === 'prohibit' || action === 'blackhole') return success({ kind: action });
  const priority = numberOf(record, 'goto');
  if (priority !== undefined) return success({ kind: 'goto', priority });
  if ('nop' in record || 'l3mdev' in record) return success({ kind: 'nop' });
  if (action !== undefined || 'goto' in record) return failure('fact-unreadable', 'what this rule does is not known');
  const table = tableNumberOrStandIn(textOf(record, 'table') ?? String(TABLE.main));
  const suppressPrefixLength = numberOf(record, 'suppress_prefixlen');
  return success(
    suppressPrefixLength === undefined ? { kind: 'table', table } : { kind: 'table', table, suppressPrefixLength },
  );
}
