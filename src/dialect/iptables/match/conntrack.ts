import type { CtKey, Element, Statement, Value } from '../../../model/index.ts';
import { protocolNumber } from '../../ipset/index.ts';
import { perOption, matchOption, type Clause, type OptionReader, type Spec } from '../context.ts';
import type { Option } from '../options.ts';
import { isInBlock, isInRange, isOneOf, number, readBlock, readPorts, word } from '../values.ts';

const ct = (key: CtKey): Value => ({ kind: 'ct', key });
const words = (names: readonly string[]): readonly Element[] => names.map((text) => ({ kind: 'text', text }));

const STATES: ReadonlySet<string> = new Set(['new', 'established', 'related', 'invalid', 'untracked']);
/** States of iptables that are status bits (net/netfilter/xt_conntrack.c). */
const NAT_STATES: ReadonlySet<string> = new Set(['snat', 'dnat']);

/** Without a connection the state alone decides: `--ctstate` true is enough, and nothing else is ever true (conntrack_mt). */
const orNoConnection = (second: Statement): Clause => ({
  kind: 'either',
  first: isOneOf(ct('state'), words(['invalid', 'untracked']), false),
  second,
});

const readStates: OptionReader<Clause> = ({ values, negated }) => {
  const names = values.length === 1 ? values[0]!.text.toLowerCase().split(',') : [''];
  if (names.some((n) => !STATES.has(n) && !NAT_STATES.has(n))) return 'invalid';
  const states = names.filter((n) => STATES.has(n));
  const nat = names.filter((n) => NAT_STATES.has(n));
  const inState = isOneOf(ct('state'), words(states), negated);
  const translated = isOneOf(ct('status'), words(nat), negated);
  if (nat.length === 0) return [inState];
  if (negated) return [...(states.length === 0 ? [] : [inState]), orNoConnection(translated)];
  if (states.length === 0) return [translated];
  return [{ kind: 'either', first: inState, second: translated }];
};

const STATUS: ReadonlyMap<string, string | null> = new Map([
  ['EXPECTED', 'expected'], ['SEEN_REPLY', 'seen-reply'], ['ASSURED', 'assured'], ['CONFIRMED', 'confirmed'],
  // NONE is no bit: alone it never matches
  ['NONE', null],
]); // prettier-ignore

const readStatus: OptionReader<Statement> = ({ values, negated }) => {
  const read = values[0]?.text
    .toUpperCase()
    .split(',')
    .map((name) => STATUS.get(name)) ?? [undefined];
  if (read.includes(undefined) || values.length !== 1) return 'invalid';
  return [isOneOf(ct('status'), words(read.filter((n) => typeof n === 'string')), negated)];
};

const readDirection: OptionReader<Statement> = ({ values, negated }) => {
  const name = values[0]?.text.toLowerCase();
  if (name !== 'original' && name !== 'reply') return 'invalid';
  return [{ kind: 'match', left: ct('direction'), op: negated ? '!=' : '==', right: word(name) }];
};

const readProtocol: OptionReader<Statement> = ({ values, negated }) => {
  const protocol = values.length === 1 ? protocolNumber(values[0]!.text) : null;
  if (protocol === null) return 'invalid';
  return [{ kind: 'match', left: ct('protocol'), op: negated ? '!=' : '==', right: number(protocol) }];
};

const addressReader =
  (key: CtKey): OptionReader<Statement> =>
  ({ values, negated }, { family }) => {
    const block = values.length === 1 ? readBlock(values[0]!.text, family) : null;
    return block ? [isInBlock(ct(key), block, negated)] : 'invalid';
  };

const portReader =
  (key: CtKey): OptionReader<Statement> =>
  ({ values, negated }) => {
    const range = values.length === 1 ? readPorts(values[0]!.text) : null;
    return range ? [isInRange(ct(key), range, negated)] : 'invalid';
  };

const allowsNoConnection = ({ name, negated, values }: Option): boolean =>
  name === 'ctstate' && (negated || /invalid|untracked/i.test(values[0]?.text ?? ''));

/** What asks for more than the state. */
const ofConnection =
  (read: OptionReader<Statement>): OptionReader<Clause> =>
  (option, context, part) => {
    const found = read(option, context, part);
    return typeof found === 'string' || !part.options.some(allowsNoConnection) ? found : found.map(orNoConnection);
  };

/** `-m conntrack` and `-m state`. */
export const CONNTRACK_MATCHES: Readonly<Record<string, Spec<Clause>>> = {
  state: perOption<Clause>({ state: readStates }, matchOption),
  conntrack: perOption<Clause>(
    {
      ctstate: readStates,
      ctstatus: ofConnection(readStatus),
      ctdir: ofConnection(readDirection),
      ctproto: ofConnection(readProtocol),
      ctorigsrc: ofConnection(addressReader('original.saddr')),
      ctorigdst: ofConnection(addressReader('original.daddr')),
      ctreplsrc: ofConnection(addressReader('reply.saddr')),
      ctrepldst: ofConnection(addressReader('reply.daddr')),
      ctorigsrcport: ofConnection(portReader('original.sport')),
      ctorigdstport: ofConnection(portReader('original.dport')),
      ctreplsrcport: ofConnection(portReader('reply.sport')),
      ctrepldstport: ofConnection(portReader('reply.dport')),
      ctexpire: () => 'unmodelled',
    },
    matchOption,
  ),
};
