import { bitsOf, formatAddress, formatPrefix, hostPrefix, type Family, type Prefix } from '../../ip/index.ts';
import type { Chain, FilterRule, RulePlace, Statement, Value } from '../../model/index.ts';

/**
 * A rule as iptables' arguments, from its matches to its target and without its place: `['-s', '10.8.0.0/24', '-o',
 * 'eth0', '-j', 'MASQUERADE']`. Knows source and destination prefixes and addresses, interfaces, protocols, TCP and UDP
 * ports, connection states, accept, drop, masquerade, and jumps. Null when the rule says anything else, or mixes the
 * families. What `parseIptablesSave` reads from these arguments has the same statements.
 */
export function iptablesArguments(rule: FilterRule): string[] | null {
  const families = new Set<Family>();
  const printed: string[] = [];
  for (const [i, statement] of rule.statements.entries()) {
    const last = i === rule.statements.length - 1;
    const words = targetWords(statement) ? (last ? targetWords(statement) : null) : matchWords(statement, families);
    if (!words) return null;
    printed.push(...words);
  }
  return families.size > 1 ? null : printed;
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

function matchWords(statement: Statement, families: Set<Family>): readonly string[] | null {
  const test = singleTest(statement);
  if (!test) return null;
  const { left, negated } = test;
  const words = wordsFor(left, test, families);
  return words && (negated ? bang(words) : words);
}

/** `! -s …`, `-m conntrack ! --ctstate …`: the mark stands before the option. */
function bang(words: readonly string[]): readonly string[] {
  const option = words.length - 2;
  return [...words.slice(0, option), '!', ...words.slice(option)];
}

/** One value compared with a prefix, with words or a range, or with a number. */
interface Test {
  readonly left: Value;
  readonly negated: boolean;
  readonly prefix?: Prefix;
  readonly texts?: readonly string[];
  readonly numbers?: { readonly from: number; readonly to: number };
}

function singleTest(statement: Statement): Test | null {
  if (statement.kind === 'match') {
    const { left, op, right } = statement;
    if (op !== '==' && op !== '!=') return null;
    const negated = op === '!=';
    if (right.kind === 'address') return { left, negated, prefix: hostPrefix(right.address) };
    if (right.kind === 'text') return { left, negated, texts: [right.text] };
    return right.kind === 'number' ? { left, negated, numbers: { from: right.number, to: right.number } } : null;
  }
  if (statement.kind !== 'member' || statement.of.kind !== 'inline') return null;
  const { left, negated } = statement;
  const keys = statement.of.entries.map((e) => e.key);
  const texts = keys.flatMap((k) => (k.kind === 'text' ? [k.text] : []));
  if (keys.length > 0 && texts.length === keys.length) return { left, negated, texts };
  const key = keys.length === 1 ? keys[0]! : null;
  if (key?.kind === 'prefix') return { left, negated, prefix: key.prefix };
  if (key?.kind === 'name-start') return { left, negated, texts: [`${key.start}+`] };
  return key?.kind === 'number-range' ? { left, negated, numbers: key } : null;
}

function wordsFor(left: Value, test: Test, families: Set<Family>): readonly string[] | null {
  if (left.kind === 'field' && test.prefix) return addressWords(left.field, test.prefix, families);
  if (left.kind === 'field' && test.numbers) return portWords(left.field, test.numbers);
  if (left.kind === 'ct') return left.key === 'state' && test.texts ? stateWords(test.texts) : null;
  if (left.kind !== 'meta') return null;
  if (left.key === 'l4proto') return test.numbers?.from === test.numbers?.to ? protocolWords(test.numbers?.from) : null;
  const option = left.key === 'iifname' ? '-i' : left.key === 'oifname' ? '-o' : null;
  const name = test.texts?.length === 1 ? test.texts[0]! : '';
  return option && /^[^\s/!+]{1,15}$|^[^\s/!+]{1,14}\+$/.test(name) && !name.startsWith('-') ? [option, name] : null;
}

function addressWords(field: string, prefix: Prefix, families: Set<Family>): readonly string[] | null {
  const { family } = prefix.address;
  const [ip, end] = field.split('.');
  if (ip !== (family === 4 ? 'ip' : 'ip6') || (end !== 'saddr' && end !== 'daddr')) return null;
  families.add(family);
  const whole = prefix.length === bitsOf(family);
  return [end === 'saddr' ? '-s' : '-d', whole ? formatAddress(prefix.address) : formatPrefix(prefix)];
}

/** `--dport` needs its `-p` in front: a port of TCP is asked for by `-m tcp`, which iptables loads by itself. */
function portWords(
  field: string,
  { from, to }: { readonly from: number; readonly to: number },
): readonly string[] | null {
  const [protocol, port] = field.split('.');
  if ((protocol !== 'tcp' && protocol !== 'udp') || (port !== 'sport' && port !== 'dport')) return null;
  if (from < 0 || to > 65535 || from > to) return null;
  return ['-m', protocol, `--${port}`, from === to ? String(from) : `${from}:${to}`];
}

const STATES: ReadonlySet<string> = new Set(['new', 'established', 'related', 'invalid', 'untracked']);

const stateWords = (states: readonly string[]): readonly string[] | null =>
  states.every((s) => STATES.has(s)) ? ['-m', 'conntrack', '--ctstate', states.join(',').toUpperCase()] : null;

const NAMES: ReadonlyMap<number, string> = new Map([
  [1, 'icmp'], [6, 'tcp'], [17, 'udp'], [58, 'ipv6-icmp'],
]); // prettier-ignore

const protocolWords = (protocol: number | undefined): readonly string[] | null =>
  protocol !== undefined && protocol > 0 && protocol < 256 ? ['-p', NAMES.get(protocol) ?? String(protocol)] : null;
