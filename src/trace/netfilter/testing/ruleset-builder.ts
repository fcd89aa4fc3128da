import { parseAddress, parsePrefix, type Address, type Fact, type Prefix } from '../../../ip/index.ts';
import type {
  Chain,
  Field,
  FilterRule,
  FilterTable,
  HookName,
  NamedSet,
  Ruleset,
  Statement,
  Verdict,
} from '../../../model/index.ts';

/** For tests: an address that must be one. */
export function address(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`bug: ${text}`);
  return parsed.value;
}

/** For tests: a prefix that must be one. */
export function prefix(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(`bug: ${text}`);
  return parsed.value;
}

/** For tests: a fact with this text. */
export const fact = (text: string): Fact => ({ source: 'test', line: 1, text });

let count = 0;

/** For tests: a rule; its fact's text is `rule N` unless given. */
export const rule = (statements: readonly Statement[], text = `rule ${++count}`): FilterRule => ({
  statements,
  fact: fact(text),
});

/** For tests: `field == number` or `field == address`. */
export const is = (field: Field, value: number | string): Statement => ({
  kind: 'match',
  left: { kind: 'field', field },
  op: '==',
  right: typeof value === 'number' ? { kind: 'number', number: value } : { kind: 'address', address: address(value) },
});

/** For tests: `ct state` is one of the words. */
export const state = (words: string): Statement => ({
  kind: 'match',
  left: { kind: 'ct', key: 'state' },
  op: '==',
  right: { kind: 'text', text: words },
});

/** For tests: a verdict. */
export const verdict = (kind: 'accept' | 'drop' | 'return'): Statement => ({ kind: 'verdict', verdict: { kind } });

/** For tests: a jump or goto. */
export const to = (kind: 'jump' | 'goto', chain: string): Statement => ({
  kind: 'verdict',
  verdict: { kind, chain } satisfies Verdict,
});

/** For tests: a chain that is jumped to. */
export const chain = (name: string, rules: readonly FilterRule[]): Chain => ({
  name,
  rules,
  fact: fact(`chain ${name}`),
});

type Hook = NonNullable<Chain['hook']>;

/** For tests: a base chain named for its hook and priority. */
export function base(
  hook: HookName,
  priority: number,
  rules: readonly FilterRule[],
  more: Partial<Hook> & { name?: string } = {},
): Chain {
  const { name = `${hook}${priority}`, ...hooked } = more;
  return { ...chain(name, rules), hook: { hook, type: 'filter', priority, policy: 'accept', ...hooked } };
}

/** For tests: a table of family inet unless said otherwise. */
export function table(
  chains: readonly Chain[],
  more: Partial<Omit<FilterTable, 'chains' | 'sets'>> & { sets?: readonly NamedSet[] } = {},
): FilterTable {
  const { sets = [], ...rest } = more;
  return {
    family: 'inet',
    name: 't',
    engine: 'nftables',
    ...rest,
    chains: new Map(chains.map((c) => [c.name, c])),
    sets: new Map(sets.map((s) => [s.name, s])),
  };
}

/** For tests: a known ruleset. */
export const ruleset = (...tables: readonly FilterTable[]): Ruleset => ({ tables, ipsets: new Map(), known: true });
