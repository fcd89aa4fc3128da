import { bitsOf, formatAddress, formatPrefix, type NumberRange, type Prefix } from '../../ip/index.ts';
import type { Rule } from '../../model/index.ts';
import { formatHex, ipProtocolName, tableName } from './names.ts';

/** The rule as `ip rule show` prints it: `100: from 10.1.0.0/16 fwmark 0x1/0xff lookup 100`. */
export const formatRule = (rule: Rule): string => `${rule.priority}: ${ruleWords(rule).join(' ')}`;

/** The command that adds the rule, as arguments. The priority is always named: without, the kernel picks one in front of all others. */
export const ruleAddCommand = (rule: Rule): readonly string[] => command(rule, 'add');

/** The command that takes the rule away, as arguments. */
export const ruleDelCommand = (rule: Rule): readonly string[] => command(rule, 'del');

function command(rule: Rule, verb: 'add' | 'del'): readonly string[] {
  const family = rule.family === 6 ? ['-6'] : [];
  return ['ip', ...family, 'rule', verb, ...ruleWords(rule), 'priority', String(rule.priority)];
}

function ruleWords(rule: Rule): readonly string[] {
  const words = [...(rule.not ? ['not'] : []), 'from', rule.from ? shortPrefix(rule.from) : 'all'];
  if (rule.to) words.push('to', shortPrefix(rule.to));
  if (rule.tos !== undefined) words.push('tos', formatHex(rule.tos));
  if (rule.mark) words.push('fwmark', formatMark(rule.mark));
  if (rule.iif !== undefined) words.push('iif', rule.iif);
  if (rule.oif !== undefined) words.push('oif', rule.oif);
  if (rule.uid) words.push('uidrange', `${rule.uid.from}-${rule.uid.to}`);
  if (rule.protocol !== undefined) words.push('ipproto', ipProtocolName(rule.protocol));
  if (rule.sport) words.push('sport', formatRange(rule.sport));
  if (rule.dport) words.push('dport', formatRange(rule.dport));
  if (rule.unmodelled !== undefined) words.push(...rule.unmodelled.split(' '));
  return [...words, ...actionWords(rule)];
}

function actionWords({ action, unmodelled }: Rule): readonly string[] {
  switch (action.kind) {
    case 'table': {
      const suppress = action.suppressPrefixLength;
      return [
        'lookup',
        tableName(action.table),
        ...(suppress === undefined ? [] : ['suppress_prefixlength', String(suppress)]),
      ];
    }
    case 'goto':
      return ['goto', String(action.priority)];
    case 'nop':
      return unmodelled?.split(' ').includes('l3mdev') ? [] : ['nop'];
    default:
      return [action.kind];
  }
}

const shortPrefix = (prefix: Prefix): string =>
  prefix.length === bitsOf(prefix.address.family) ? formatAddress(prefix.address) : formatPrefix(prefix);

const formatMark = ({ value, mask }: { value: number; mask: number }): string =>
  mask === 0xffffffff ? formatHex(value) : `${formatHex(value)}/${formatHex(mask)}`;

const formatRange = ({ from, to }: NumberRange): string => (from === to ? String(from) : `${from}-${to}`);
