import {
  bitsOf,
  formatAddress,
  formatPrefix,
  hostPrefix,
  type Family,
  type NumberRange,
  type Prefix,
} from '../../ip/index.ts';
import type { Chain, Element, Field, FilterRule, RulePlace, Statement, Value } from '../../model/index.ts';

/**
 * A rule as iptables' arguments, from its matches to its target and without its place: `['-s', '10.8.0.0/24', '-o',
 * 'eth0', '-j', 'MASQUERADE']`. Knows source and destination prefixes and addresses, interfaces, protocols, TCP and UDP
 * ports, ICMP types, connection states, accept, drop, return, masquerade, and jumps. Null when the rule says anything
 * else, or what iptables refuses (both families, an option twice). `parseIptablesSave` reads the same statements from
 * these arguments, in iptables' own order, and the protocol before a port where the rule did not name it.
 */
export function iptablesArguments(rule: FilterRule): string[] | null {
  const last = rule.statements.at(-1);
  const target = last ? targetWords(last) : null;
  const matches = target ? rule.statements.slice(0, -1) : rule.statements;
  const printed: (readonly string[])[] = [];
  const state: Printing = { families: new Set(), options: new Set(), protocol: null };
  for (const statement of matches) {
    const words = matchWords(statement, state);
    if (!words) return null;
    printed.push(words);
  }
  if (state.families.size > 1) return null;
  return [...printed, target ?? []].flat();
}

/** What the words so far have used up. */
interface Printing {
  readonly families: Set<Family>;
  readonly options: Set<string>;
  protocol: number | null;
}

/** Commands that put a rule in and take it out again, each as an argument array. */
export interface RuleCommands {
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * The commands for a rule at a place: `-A` where it goes behind the chain's last rule, else `-I` with its number. Null
 * when iptables can't say the rule, or the place is no iptables table. `chain` is the chain as it is before.
 */
export function iptablesCommands(place: RulePlace, rule: FilterRule, chain: Chain | undefined): RuleCommands | null {
  const words = iptablesArguments(rule);
  if (!words || (place.family !== 'ip' && place.family !== 'ip6')) return null;
  const tool = place.family === 'ip' ? 'iptables' : 'ip6tables';
  const start = place.table === 'filter' ? [tool] : [tool, '-t', place.table];
  const size = chain?.rules.length ?? 0;
  const number = chain ? ruleNumber(chain, place.index) : 1;
  const at = place.index >= size ? ['-A', place.chain] : ['-I', place.chain, ...(number === 1 ? [] : [String(number)])];
  return { add: [...start, ...at, ...words], remove: [...start, '-D', place.chain, ...words] };
}

/** The number, from 1, that iptables gives to the rule at the index: rules with the very same fact are one rule to it. */
export function ruleNumber(chain: Chain, index: number): number {
  const here = chain.rules[index]?.fact;
  const before = new Set(chain.rules.slice(0, index).map((r) => r.fact));
  return before.size + (here && before.has(here) ? 0 : 1);
}

/** A rule as a line of iptables-save: its own line where it was read from one, else made from what it says; null when it can't be. */
export function formatIptablesRule(rule: FilterRule, chain: string): string | null {
  const raw = rule.fact.text.replace(/^\[\d+:\d+\]\s*/, '');
  if (/^-A\s/.test(raw)) return raw;
  const words = iptablesArguments(rule);
  return words && ['-A', chain, ...words].join(' ');
}

function targetWords(statement: Statement): readonly string[] | null {
  if (statement.kind === 'masquerade') return (statement.port ?? statement.portRange) ? null : ['-j', 'MASQUERADE'];
  if (statement.kind !== 'verdict') return null;
  const { verdict } = statement;
  if ('chain' in verdict) return [verdict.kind === 'jump' ? '-j' : '-g', verdict.chain];
  return verdict.kind === 'continue' ? null : ['-j', verdict.kind.toUpperCase()];
}

function matchWords(statement: Statement, state: Printing): readonly string[] | null {
  const test = singleTest(statement);
  const words = test && wordsFor(test, state);
  if (!test || !words) return null;
  // The option and its value stand last; everything before them loads what they need
  const [option, value] = words.slice(-2) as [string, string];
  if (option !== '--ctstate' && state.options.has(option)) return null;
  state.options.add(option);
  return [...words.slice(0, -2), ...(test.negated ? ['!'] : []), option, value];
}

/** One value compared with a prefix, with words, with the start of a word, or with a range of numbers. */
interface Test {
  readonly left: Value;
  readonly negated: boolean;
  readonly prefix?: Prefix;
  readonly texts?: readonly string[];
  readonly start?: string;
  readonly numbers?: NumberRange;
}

function singleTest(statement: Statement): Test | null {
  if (statement.kind === 'match') {
    const { left, op, right } = statement;
    const negated = op === '!=';
    if (op !== '==' && !negated) return null;
    if (right.kind === 'address') return { left, negated, prefix: hostPrefix(right.address) };
    if (right.kind === 'text') return { left, negated, texts: [right.text] };
    return right.kind === 'number' ? { left, negated, numbers: { from: right.number, to: right.number } } : null;
  }
  if (statement.kind !== 'member' || statement.of.kind !== 'inline') return null;
  const { left, negated } = statement;
  const keys = statement.of.entries.map((e) => e.key);
  const texts = keys.flatMap((k) => (k.kind === 'text' ? [k.text] : []));
  if (keys.length > 0 && texts.length === keys.length) return { left, negated, texts };
  const part = keys.length === 1 ? testOf(keys[0]!) : null;
  return part && { left, negated, ...part };
}

function testOf(key: Element): Pick<Test, 'prefix' | 'start' | 'numbers'> | null {
  switch (key.kind) {
    case 'prefix':
      return { prefix: key.prefix };
    case 'address':
      return { prefix: hostPrefix(key.address) };
    case 'name-start':
      return { start: key.start };
    case 'number':
      return { numbers: { from: key.number, to: key.number } };
    case 'number-range':
      return { numbers: { from: key.from, to: key.to } };
    default:
      return null;
  }
}

function wordsFor(test: Test, state: Printing): readonly string[] | null {
  const { left } = test;
  if (left.kind === 'field')
    return test.prefix ? addressWords(left.field, test, state) : fieldWords(left.field, test, state);
  if (left.kind === 'ct') return left.key === 'state' && test.texts ? stateWords(test.texts) : null;
  if (left.kind !== 'meta') return null;
  if (left.key === 'l4proto') return protocolWords(test, state);
  if (left.key !== 'iifname' && left.key !== 'oifname') return null;
  const name = interfaceName(test);
  return name === null ? null : [left.key === 'iifname' ? '-i' : '-o', name];
}

/** A name that iptables can say: no longer than Linux allows, and with `+` only for what starts so. */
function interfaceName({ texts, start }: Test): string | null {
  const name = start ?? (texts?.length === 1 ? texts[0]! : '');
  const longest = start === undefined ? 15 : 14;
  if (!/^[^\s/!+,"'\\-][^\s/!+,"'\\]*$/.test(name) || name.length > longest) return null;
  return start === undefined ? name : `${name}+`;
}

function addressWords(field: Field, { prefix, negated }: Test, state: Printing): readonly string[] | null {
  const { family } = prefix!.address;
  const [ip, end] = field.split('.');
  if (ip !== (family === 4 ? 'ip' : 'ip6') || (end !== 'saddr' && end !== 'daddr')) return null;
  // No packet is outside of everything: the kernel refuses `! -s 0.0.0.0/0`
  if (negated && prefix!.length === 0) return null;
  state.families.add(family);
  const whole = prefix!.length === bitsOf(family);
  return [end === 'saddr' ? '-s' : '-d', whole ? formatAddress(prefix!.address) : formatPrefix(prefix!)];
}

/** The option of a field that a protocol has, the protocol's number, and the highest value. */
const FIELDS: ReadonlyMap<Field, readonly [option: string, protocol: number, most: number]> = new Map([
  ['tcp.sport', ['--sport', 6, 65535]],
  ['tcp.dport', ['--dport', 6, 65535]],
  ['udp.sport', ['--sport', 17, 65535]],
  ['udp.dport', ['--dport', 17, 65535]],
  ['icmp.type', ['--icmp-type', 1, 254]],
  ['icmpv6.type', ['--icmpv6-type', 58, 255]],
]);

/** `--dport` and its like, with the `-p` they need in front of them. */
function fieldWords(field: Field, { numbers }: Test, state: Printing): readonly string[] | null {
  const known = FIELDS.get(field);
  if (!known || !numbers) return null;
  const [option, protocol, most] = known;
  const { from, to } = numbers;
  const range = from === to ? String(from) : `${from}:${to}`;
  if (from < 0 || to > most || from > to || (from !== to && most < 65535)) return null;
  if (state.protocol === protocol) return [option, range];
  if (state.options.has('-p')) return null;
  state.protocol = protocol;
  state.options.add('-p');
  return ['-p', NAMES.get(protocol)!, option, range];
}

const STATES: ReadonlySet<string> = new Set(['new', 'established', 'related', 'invalid', 'untracked']);

const stateWords = (states: readonly string[]): readonly string[] | null =>
  states.every((s) => STATES.has(s)) ? ['-m', 'conntrack', '--ctstate', states.join(',').toUpperCase()] : null;

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [58, 'ipv6-icmp'],
]);

function protocolWords({ numbers, negated }: Test, state: Printing): readonly string[] | null {
  if (!numbers || numbers.from !== numbers.to || numbers.from < 1 || numbers.from > 255) return null;
  if (!negated) state.protocol = numbers.from;
  return ['-p', NAMES.get(numbers.from) ?? String(numbers.from)];
}
