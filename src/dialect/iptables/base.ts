import type { Address, Family } from '../../ip/index.ts';
import type { Statement, Value } from '../../model/index.ts';
import { protocolNumber } from '../ipset/index.ts';
import { complain, unmodelledMatch, type RuleContext } from './context.ts';
import type { Option } from './options.ts';
import { isInBlock, isOneOf, never, number, readBlock, word } from './values.ts';

/** So many rules may one line with lists of addresses become. */
const MOST_RULES = 4096;

/** What `-s -d -i -o -p -f` say: one list of statements, or several where addresses stand in lists. */
export function readBase(options: readonly Option[], context: RuleContext): readonly (readonly Statement[])[] {
  let rules: readonly (readonly Statement[])[] = [[]];
  for (const option of [...options].sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))) {
    const choices = option.values.length > 1 ? null : choicesOf(option, context);
    if (choices === null || choices.length * rules.length > MOST_RULES) {
      const text = complain(choices === null ? 'invalid' : 'unmodelled', option, context);
      rules = rules.map((r) => [...r, unmodelledMatch(text)]);
    } else {
      rules = rules.flatMap((rule) => choices.map((choice) => [...rule, ...choice]));
    }
  }
  return rules;
}

/** As iptables-save writes them. */
const ORDER = 'sdiopf';

/** Whether the option is one of those `readBase` reads. */
export const isBaseMatch = (option: Option): boolean => option.name.length === 1 && ORDER.includes(option.name);

/** For each of the option's alternatives its statements; null when it is not valid. */
function choicesOf(option: Option, { family }: RuleContext): readonly (readonly Statement[])[] | null {
  const text = option.values[0]?.text ?? '';
  switch (option.name) {
    case 's':
    case 'd':
      return addressChoices(option, text, family);
    case 'i':
    case 'o':
      return only(interfaceMatch(option, text));
    case 'p':
      return only(protocolMatch(option, text));
    default:
      return [
        [
          {
            kind: 'match',
            left: { kind: 'field', field: 'ip.fragment' },
            op: option.negated ? '==' : '!=',
            right: number(0),
          },
        ],
      ];
  }
}

const only = (statements: readonly Statement[] | null): readonly (readonly Statement[])[] | null =>
  statements && [statements];

function addressChoices(option: Option, text: string, family: Family): readonly (readonly Statement[])[] | null {
  const end = option.name === 's' ? 'saddr' : 'daddr';
  const left: Value = { kind: 'field', field: `${family === 4 ? 'ip' : 'ip6'}.${end}` };
  const items = text.split(',');
  // iptables: `!` not allowed with multiple addresses
  if (option.negated && items.length > 1) return null;
  const choices: (readonly Statement[])[] = [];
  for (const item of items) {
    const block = readBlock(item, family);
    if (!block) return null;
    const everything = 'prefix' in block ? block.prefix.length === 0 : isZero(block.mask);
    if (everything) choices.push(option.negated ? [never()] : []);
    else choices.push([isInBlock(left, block, option.negated)]);
  }
  return choices;
}

const isZero = (mask: Address): boolean => mask.w0 === 0 && mask.w1 === 0 && mask.w2 === 0 && mask.w3 === 0;

/** `eth+` stands for all names that start so. */
function interfaceMatch({ name, negated }: Option, text: string): readonly Statement[] | null {
  const left: Value = { kind: 'meta', key: name === 'i' ? 'iifname' : 'oifname' };
  if (text === '' || text.length > 15 || /[\s/!]/.test(text)) return null;
  if (text === '+') return negated ? [never()] : [];
  if (text.endsWith('+')) return [isOneOf(left, [{ kind: 'name-start', start: text.slice(0, -1) }], negated)];
  return [{ kind: 'match', left, op: negated ? '!=' : '==', right: word(text) }];
}

function protocolMatch({ negated }: Option, text: string): readonly Statement[] | null {
  const protocol = text.toLowerCase() === 'all' ? 0 : protocolNumber(text);
  if (protocol === null || (protocol === 0 && negated)) return null;
  if (protocol === 0) return [];
  return [
    { kind: 'match', left: { kind: 'meta', key: 'l4proto' }, op: negated ? '!=' : '==', right: number(protocol) },
  ];
}
