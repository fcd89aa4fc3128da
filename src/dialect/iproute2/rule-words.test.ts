import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, ipv6, prefixOf, type Family, type NumberRange, type Prefix } from '../../ip/index.ts';
import type { Rule, RuleAction } from '../../model/index.ts';
import { formatRule, parseRuleListing, parseRuleWords, ruleAddCommand, ruleDelCommand } from './index.ts';

const place = { source: 'net.yaml', line: 3 };
const read = (words: string): Rule => {
  const { value, diagnostics } = parseRuleWords(words, place);
  if (!value) throw new Error(JSON.stringify(diagnostics));
  return value;
};
const bare = (r: Rule): unknown => ({ ...r, fact: null });
const word = fc.integer({ min: 0, max: 0xffffffff });
const range = (max: number): fc.Arbitrary<NumberRange> =>
  fc
    .tuple(fc.integer({ min: 0, max }), fc.integer({ min: 0, max }))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const prefix = (family: Family): fc.Arbitrary<Prefix> =>
  fc
    .tuple(word, word, word, word, fc.integer({ min: 0, max: family === 4 ? 32 : 128 }))
    .map(([a, b, c, d, n]) => prefixOf(family === 4 ? ipv4(a) : ipv6(a, b, c, d), n));
const action: fc.Arbitrary<RuleAction> = fc.oneof(
  fc.record(
    { kind: fc.constant('table' as const), table: word, suppressPrefixLength: fc.integer({ min: 0, max: 32 }) },
    { requiredKeys: ['kind', 'table'] },
  ),
  fc.record({ kind: fc.constant('goto' as const), priority: word }),
  fc.constantFrom({ kind: 'nop' }, { kind: 'unreachable' }, { kind: 'prohibit' }, { kind: 'blackhole' }),
);
const dev = fc.constantFrom('lo', 'eth0', 'tun0', 'not', 'to');
const rule = (family: Family): fc.Arbitrary<Rule> =>
  fc.record(
    {
      family: fc.constant(family),
      priority: word,
      not: fc.boolean(),
      from: prefix(family),
      to: prefix(family),
      iif: dev,
      oif: dev,
      mark: fc.record({ value: word, mask: word }),
      tos: fc.integer({ min: 0, max: 255 }),
      protocol: fc.integer({ min: 0, max: 255 }),
      sport: range(65535),
      dport: range(65535),
      uid: range(0xffffffff),
      unmodelled: fc.constantFrom('tun_id 5', 'suppress_ifgroup 3'),
      action,
      fact: fc.constant({ source: 'x', line: 1, text: '' }),
    },
    { requiredKeys: ['family', 'priority', 'not', 'action', 'fact'] },
  );

describe('formatRule', () => {
  it.each<Family>([4, 6])('is read back as the same rule, IPv%i', (family) => {
    fc.assert(
      fc.property(rule(family), (r) => {
        expect(parseRuleListing(formatRule(r), 'x', family).value.map(bare)).toEqual([bare(r)]);
      }),
      { numRuns: 1000 },
    );
  });

  it('adds, as a command, the same rule', () => {
    fc.assert(
      fc.property(fc.oneof(rule(4), rule(6)), (r) => {
        expect(bare(read(ruleAddCommand(r).join(' ')))).toEqual(bare(r));
      }),
      { numRuns: 500 },
    );
  });

  it('always names the priority', () => {
    expect(ruleAddCommand(read('from 10.1.0.0/16 fwmark 1/255 lookup 100 pref 7')).join(' ')).toBe(
      'ip rule add from 10.1.0.0/16 fwmark 0x1/0xff lookup 100 priority 7',
    );
    expect(ruleDelCommand(read('ip -6 rule add iif lo prohibit')).join(' ')).toBe(
      'ip -6 rule del from all iif lo prohibit priority 32765',
    );
  });
});

describe('parseRuleWords', () => {
  it('fills in what ip rule add fills in', () => {
    expect(read('from 10.1.0.0/16')).toMatchObject({
      family: 4,
      priority: 32765,
      action: { kind: 'table', table: 254 },
    });
    expect(parseRuleWords('fwmark 1 table 100', place, 90).value).toMatchObject({
      priority: 90,
      mark: { value: 1, mask: 0xffffffff },
    });
    expect(read('ip ru add to fd00::1 lookup main')).toMatchObject({ family: 6 });
  });

  it.each<[string, unknown[][]]>([
    ['from 10.1.0.0/16 lokup 100', [['key-unknown', 18, 5]]],
    [
      'from 10.1.0/16 fwmark x iif',
      [
        ['address-short', 6, 9],
        ['mark-invalid', 23, 1],
        ['value-invalid', 25, 3],
      ],
    ],
    ['dport 70000 lookup 5', [['port-invalid', 7, 5]]],
    ['dport 20-10 lookup 5', [['port-invalid', 7, 5]]],
    [
      'ipproto nope lookup vpn',
      [
        ['value-invalid', 9, 4],
        ['name-unknown', 21, 3],
      ],
    ],
    ['from 10.0.0.0/8 to fd00::/8', [['value-invalid', 1, 27]]],
    ['99999999999: from all', [['key-unknown', 1, 12]]],
    ['ip rule del from all', [['line-not-modelled', 9, 3]]],
  ])('%s', (words, expected) => {
    const { value, diagnostics } = parseRuleWords(words, place);
    expect(value).toBeNull();
    expect(diagnostics.map((d) => [d.code, d.span!.column, d.span!.length])).toEqual(expected);
  });

  it('keeps a listed rule with a selector that it does not know, as uncertain', () => {
    const read = parseRuleListing('5:\tfrom all flavour sweet lookup main', 'x', 4);
    expect(read.value.map((r) => [r.unmodelled, r.fact.text])).toEqual([
      ['flavour sweet', '5: from all flavour sweet lookup main'],
    ]);
    expect(read.diagnostics.map((d) => [d.code, d.severity])).toEqual([['line-limited', 'warning']]);
  });
});
