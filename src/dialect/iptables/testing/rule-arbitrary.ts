import fc from 'fast-check';
import { ipv4, ipv6, prefixOf, type Family } from '../../../ip/index.ts';
import type { Field, FilterRule, MetaKey, Statement, Value } from '../../../model/index.ts';
import { isInBlock, isInRange, isOneOf, number, word } from '../values.ts';

const fact = { source: 'proposed change', line: 0, text: '' };

/** A header field as a value. */
export const field = (name: Field): Value => ({ kind: 'field', field: name });
/** What is known of a packet as a value. */
export const meta = (key: MetaKey): Value => ({ kind: 'meta', key });

const is = (left: Value, right: Value, negated = false): Statement => ({
  kind: 'match',
  left,
  op: negated ? '!=' : '==',
  right,
});

/** Each of the statements, or not. */
const some = (...parts: fc.Arbitrary<Statement>[]): fc.Arbitrary<Statement[]> =>
  fc.tuple(...parts.map((p) => fc.option(p))).map((found) => found.filter((s) => s !== null));

function block(family: Family, end: 'saddr' | 'daddr'): fc.Arbitrary<Statement> {
  const bits = fc.integer({ min: 0, max: 0xffffffff });
  const address = fc.tuple(bits, bits, bits, bits).map(([a, b, c, d]) => (family === 4 ? ipv4(a) : ipv6(a, b, c, d)));
  const length = fc.integer({ min: 1, max: family === 4 ? 32 : 128 });
  const left = field(`${family === 4 ? 'ip' : 'ip6'}.${end}`);
  return fc.tuple(address, length, fc.boolean()).map(([a, n, no]) => isInBlock(left, { prefix: prefixOf(a, n) }, no));
}

function dev(key: 'iifname' | 'oifname'): fc.Arbitrary<Statement> {
  const name = fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/);
  return fc
    .tuple(name, fc.boolean(), fc.boolean())
    .map(([n, no, start]) =>
      start ? isOneOf(meta(key), [{ kind: 'name-start', start: n }], no) : is(meta(key), word(n), no),
    );
}

function port(key: Field): fc.Arbitrary<Statement> {
  const range = fc.tuple(fc.nat(65535), fc.nat(65535)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  // All ports are no condition, and iptables leaves it out
  const partial = range.filter((r) => r.to - r.from < 65535);
  return fc.tuple(partial, fc.boolean()).map(([r, no]) => isInRange(field(key), r, no));
}

function transport(family: Family): fc.Arbitrary<Statement[]> {
  const protocol = (n: number): Statement => is(meta('l4proto'), number(n));
  const type = field(family === 4 ? 'icmp.type' : 'icmpv6.type');
  return fc.oneof(
    fc.constant<Statement[]>([]),
    fc.integer({ min: 1, max: 255 }).map((n) => [protocol(n)]),
    some(port('tcp.sport'), port('tcp.dport')).map((ports) => [protocol(6), ...ports]),
    some(port('udp.sport'), port('udp.dport')).map((ports) => [protocol(17), ...ports]),
    fc.nat(200).map((t) => [protocol(family === 4 ? 1 : 58), is(type, number(t))]),
  );
}

const STATES = ['invalid', 'new', 'related', 'established', 'untracked'];

const states: fc.Arbitrary<Statement> = fc
  .tuple(fc.subarray(STATES, { minLength: 1 }), fc.boolean())
  .map(([names, no]) => {
    const elements = names.map((text) => ({ kind: 'text', text }) as const);
    return isOneOf({ kind: 'ct', key: 'state' }, elements, no);
  });

const target = fc.constantFrom<Statement>(
  { kind: 'verdict', verdict: { kind: 'accept' } },
  { kind: 'verdict', verdict: { kind: 'drop' } },
  { kind: 'verdict', verdict: { kind: 'return' } },
  { kind: 'verdict', verdict: { kind: 'jump', chain: 'mine' } },
  { kind: 'verdict', verdict: { kind: 'goto', chain: 'mine' } },
  { kind: 'masquerade' },
);

/** Rules that iptables can say, to chain `mine` at most, with their statements in iptables' own order. */
export const ruleOf = (family: Family): fc.Arbitrary<FilterRule> =>
  fc
    .tuple(
      some(block(family, 'saddr'), block(family, 'daddr'), dev('iifname'), dev('oifname')),
      transport(family),
      some(states),
      target,
    )
    .map(([base, ports, state, last]) => ({ statements: [...base, ...ports, ...state, last], fact }));
