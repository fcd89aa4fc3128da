import { ipv6 } from '../../../ip/index.ts';
import type { Element, FibFlag, Statement, Value } from '../../../model/index.ts';
import { complain, perOption, matchOption, type OptionReader, type Spec } from '../context.ts';
import { isOneOf, number } from '../values.ts';

const ADDRESS_TYPES: ReadonlySet<string> = new Set([
  'unspec', 'unicast', 'local', 'broadcast', 'anycast', 'multicast', 'blackhole', 'unreachable', 'prohibit', 'throw', 'nat',
  'xresolve',
]); // prettier-ignore

const typeReader =
  (end: 'saddr' | 'daddr'): OptionReader<Statement> =>
  ({ values, negated }, { family }, part) => {
    const types = values.length === 1 ? values[0]!.text.toLowerCase().split(',') : [''];
    if (types.some((t) => !ADDRESS_TYPES.has(t))) return 'invalid';
    const flags: FibFlag[] = [end];
    if (part.options.some((o) => o.name === 'limit-iface-in')) flags.push('iif');
    if (part.options.some((o) => o.name === 'limit-iface-out')) flags.push('oif');
    if (family === 6 && types.some((t) => BY_BITS.has(t)))
      return types.length === 1 ? [byBits(types[0]!, end, negated)] : 'unmodelled';
    const elements = types.map((text) => ({ kind: 'text', text }) as const);
    return [isOneOf({ kind: 'fib', result: 'type', flags }, elements, negated)];
  };

/** Types that IPv6 reads off the address itself, so that local addresses are unicast too (match_type6 in xt_addrtype.c). */
const BY_BITS: ReadonlySet<string> = new Set(['unicast', 'multicast', 'unspec']);

const MULTICAST: Element = { kind: 'prefix', prefix: { address: ipv6(0xff000000, 0, 0, 0), length: 8 } };
const UNSPECIFIED: Element = { kind: 'address', address: ipv6(0, 0, 0, 0) };

function byBits(type: string, end: 'saddr' | 'daddr', negated: boolean): Statement {
  const field: Value = { kind: 'field', field: `ip6.${end}` };
  if (type === 'multicast') return isOneOf(field, [MULTICAST], negated);
  if (type === 'unspec') return isOneOf(field, [UNSPECIFIED], negated);
  return isOneOf(field, [MULTICAST, UNSPECIFIED], !negated);
}

/** Belongs to the other options of its match. */
const partOfAnother: OptionReader<Statement> = ({ values, negated }) => (values.length > 0 || negated ? 'invalid' : []);

const RPFILTER: ReadonlySet<string> = new Set(['loose', 'validmark', 'accept-local', 'invert']);

/** `-m rpfilter`: a route back to the sender exists, strictly by the interface the packet came in on. */
const rpfilter: Spec<Statement> = {
  options: RPFILTER,
  read: (part, context) => {
    const wrong = part.options.find((o) => !RPFILTER.has(o.name) || o.values.length > 0 || o.negated);
    if (wrong) return [matchOption(`rpfilter ${complain('invalid', wrong, context)}`)];
    const local = part.options.find((o) => o.name === 'accept-local');
    if (local) return [matchOption(`rpfilter ${complain('unmodelled', local, context)}`)];
    const has = (name: string): boolean => part.options.some((o) => o.name === name);
    const flags: FibFlag[] = [
      'saddr',
      ...(has('loose') ? [] : (['iif'] as const)),
      ...(has('validmark') ? (['mark'] as const) : []),
    ];
    const left: Value = { kind: 'fib', result: 'present', flags };
    return [{ kind: 'match', left, op: '==', right: number(has('invert') ? 0 : 1) }];
  },
};

/** Matches that ask the routing tables. */
export const FIB_MATCHES: Readonly<Record<string, Spec<Statement>>> = {
  addrtype: perOption(
    {
      'src-type': typeReader('saddr'),
      'dst-type': typeReader('daddr'),
      'limit-iface-in': partOfAnother,
      'limit-iface-out': partOfAnother,
    },
    matchOption,
  ),
  rpfilter,
};
