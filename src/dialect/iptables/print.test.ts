import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv4, ipv6, prefixOf, type Family } from '../../ip/index.ts';
import type { Chain, FilterRule, Statement } from '../../model/index.ts';
import { formatIptablesRule, iptablesArguments, iptablesCommands, parseIptablesSave, ruleNumber } from './index.ts';
import { field, meta, ruleOf } from './testing/rule-arbitrary.ts';
import { isInBlock, isInRange, isOneOf, number, word } from './values.ts';

const fact = { source: 'proposed change', line: 0, text: '' };
const rule = (...statements: Statement[]): FilterRule => ({ statements, fact });
const parse = (words: readonly string[], family: Family): readonly Statement[] => {
  const { value, diagnostics } = parseIptablesSave(
    `*nat\n:mine - [0:0]\n-A PREROUTING ${words.join(' ')}`,
    'x',
    family,
  );
  expect(diagnostics).toEqual([]);
  const made = value[0]!.chains.get('PREROUTING')!.rules;
  expect(made).toHaveLength(1);
  return made[0]!.statements;
};

const masquerade = rule(
  isInBlock(field('ip.saddr'), { prefix: prefixOf(ipv4(0x0a080000), 24) }, false),
  { kind: 'match', left: meta('oifname'), op: '==', right: word('eth0') },
  { kind: 'masquerade' },
);
const answers = rule(
  isOneOf(
    { kind: 'ct', key: 'state' },
    [
      { kind: 'text', text: 'established' },
      { kind: 'text', text: 'related' },
    ],
    false,
  ),
  { kind: 'verdict', verdict: { kind: 'accept' } },
);
const place = { family: 'ip', table: 'filter', chain: 'FORWARD', index: 0 } as const;
const chain = (...rules: FilterRule[]): Chain => ({ name: 'FORWARD', rules, fact });

describe('iptablesArguments', () => {
  it.each([4, 6] as const)('parses back to the same statements (family %d)', (family) => {
    fc.assert(
      fc.property(ruleOf(family), (made) => {
        const words = iptablesArguments(made);
        expect(words).not.toBeNull();
        expect(parse(words!, family)).toEqual(made.statements);
      }),
      { numRuns: 500 },
    );
  });

  it('prints what people write', () => {
    expect(iptablesArguments(masquerade)!.join(' ')).toBe('-s 10.8.0.0/24 -o eth0 -j MASQUERADE');
    expect(iptablesArguments(answers)!.join(' ')).toBe('-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT');
  });

  it('puts the protocol in front of a port that came without it', () => {
    const port = isInRange(field('tcp.dport'), { from: 22, to: 22 }, true);
    expect(iptablesArguments(rule(port))!.join(' ')).toBe('-p tcp ! --dport 22');
  });

  it.each<[string, FilterRule]>([
    ['a mark', rule({ kind: 'match', left: meta('mark'), op: '==', right: number(1) })],
    ['an unmodelled match', rule({ kind: 'unmodelled-match', text: '-m u32' })],
    ['a target before the end', rule({ kind: 'masquerade' }, { kind: 'ignored', text: 'log' })],
    [
      'both families',
      rule(
        ...[ipv4(1), ipv6(1, 2, 3, 4)].map((a, i) =>
          isInBlock(field(i ? 'ip6.daddr' : 'ip.saddr'), { prefix: prefixOf(a, 32) }, false),
        ),
      ),
    ],
    [
      'an option twice',
      rule(...[1, 2].map((n) => isInBlock(field('ip.saddr'), { prefix: prefixOf(ipv4(n), 32) }, false))),
    ],
    [
      'a port of another protocol',
      rule(
        { kind: 'match', left: meta('l4proto'), op: '==', right: number(17) },
        isInRange(field('tcp.dport'), { from: 1, to: 1 }, false),
      ),
    ],
    ['a name with a plus', rule({ kind: 'match', left: meta('iifname'), op: '==', right: word('eth+') })],
    ['a name with a space', rule({ kind: 'match', left: meta('iifname'), op: '==', right: word('a b') })],
    ['a comparison', rule({ kind: 'match', left: field('tcp.dport'), op: '<', right: number(5) })],
    ['outside of everything', rule(isInBlock(field('ip.saddr'), { prefix: prefixOf(ipv4(0), 0) }, true))],
    ['a port to masquerade to', rule({ kind: 'masquerade', port: number(5) })],
  ])('says nothing for %s', (_name, made) => {
    expect(iptablesArguments(made)).toBeNull();
  });
});

describe('iptablesCommands', () => {
  it('appends, inserts, and takes out again', () => {
    const nat = { ...place, table: 'nat', chain: 'POSTROUTING' };
    expect(iptablesCommands(nat, masquerade, undefined)).toEqual({
      add: 'iptables -t nat -A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE'.split(' '),
      remove: 'iptables -t nat -D POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE'.split(' '),
    });
    const two = chain(rule(), { ...rule(), fact: { ...fact } });
    const at = (index: number): string =>
      iptablesCommands({ ...place, index }, answers, two)!
        .add.slice(0, 4)
        .join(' ');
    expect(at(0)).toBe('iptables -I FORWARD -m');
    expect(at(1)).toBe('iptables -I FORWARD 2');
    expect(at(2)).toBe('iptables -A FORWARD -m');
    expect(iptablesCommands({ ...place, family: 'ip6' }, answers, two)!.remove[0]).toBe('ip6tables');
    expect(iptablesCommands({ ...place, family: 'inet' }, answers, two)).toBeNull();
  });

  it('counts the halves of one rule once', () => {
    const text = ['-i a -j DROP', '-m conntrack --ctstate NEW,DNAT -j ACCEPT', '-i b -j DROP'].map(
      (l) => `-A FORWARD ${l}`,
    );
    const { rules } = parseIptablesSave(text.join('\n'), 'x', 4).value[0]!.chains.get('FORWARD')!;
    expect(rules.map((_, i) => ruleNumber(chain(...rules), i))).toEqual([1, 2, 2, 3]);
    expect(ruleNumber(chain(...rules), rules.length)).toBe(4);
  });
});

describe('formatIptablesRule', () => {
  it('gives a rule that was read as it stood, without its counters', () => {
    const { value } = parseIptablesSave('*filter\n[1:2] -A INPUT -m u32 --u32 "0=1" -j DROP', 'x', 4);
    const read = value[0]!.chains.get('INPUT')!.rules[0]!;
    expect(formatIptablesRule(read, 'INPUT')).toBe('-A INPUT -m u32 --u32 "0=1" -j DROP');
  });

  it('makes the line of a rule that was not read', () => {
    expect(formatIptablesRule(masquerade, 'POSTROUTING')).toBe('-A POSTROUTING -s 10.8.0.0/24 -o eth0 -j MASQUERADE');
    expect(formatIptablesRule(rule({ kind: 'notrack' }), 'OUTPUT')).toBeNull();
  });
});
