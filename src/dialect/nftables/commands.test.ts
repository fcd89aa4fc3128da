import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Chain, FilterRule, FilterTable } from '../../model/index.ts';
import { emptyRuleset } from '../../model/index.ts';
import { isIptablesNftTable, nftAddRuleCommands, parseNftJson, withoutIptablesDoubles } from './index.ts';
import { openRealNft } from './test-support/real-nft.ts';

const fact = { source: 'test', line: 0, text: '' };
const accept: Pick<FilterRule, 'statements' | 'fact'> = {
  fact: { source: 'proposed change', line: 0, text: 'accept what "leaves"' },
  statements: [
    { kind: 'match', left: { kind: 'meta', key: 'oifname' }, op: '==', right: { kind: 'text', text: 'eth0' } },
    { kind: 'verdict', verdict: { kind: 'accept' } },
  ],
};
const place = { family: 'inet' as const, table: 'filter', chain: 'forward', index: 0 };
const chain: Chain = {
  name: 'post',
  hook: { hook: 'postrouting', type: 'nat', priority: 100, policy: 'accept' },
  rules: [],
  fact,
};
const own: FilterTable = {
  family: 'inet',
  name: 'waymark',
  engine: 'nftables',
  chains: new Map([
    ['post', chain],
    ['extra', { name: 'extra', rules: [{ ...accept, fact }], fact }],
  ]),
  sets: new Map(),
};

describe('commands', () => {
  it('puts a rule first or behind the one before', () => {
    expect(nftAddRuleCommands(place, accept).apply[0]).toEqual([
      'nft',
      'insert',
      'rule',
      'inet',
      'filter',
      'forward',
      'oifname "eth0" accept comment "accept what leaves"',
    ]);
    expect(nftAddRuleCommands({ ...place, index: 3 }, accept).apply[0]).toEqual([
      'nft',
      'add',
      'rule',
      'inet',
      'filter',
      'forward',
      'index',
      '2',
      'oifname "eth0" accept comment "accept what leaves"',
    ]);
  });

  it('takes a rule out by its handle, and a table of our own whole', () => {
    expect(nftAddRuleCommands(place, accept).undo).toBe(
      `nft -a list chain inet filter forward | grep -F 'comment "accept what leaves"' | sed 's/.*# handle //' | ` +
        'while read -r handle; do nft delete rule inet filter forward handle "$handle"; done',
    );
    const commands = nftAddRuleCommands({ ...place, table: 'waymark', chain: 'post' }, accept, own);
    expect(commands.undo).toBe('nft delete table inet waymark');
    expect(commands.persist).toEqual({
      file: '/etc/nftables.conf',
      lines: [
        'add table inet waymark',
        'add chain inet waymark post { type nat hook postrouting priority 100; policy accept; }',
        'add chain inet waymark extra',
        'add rule inet waymark extra oifname "eth0" accept',
        'insert rule inet waymark post oifname "eth0" accept',
      ],
    });
  });

  describe('with the real nft', () => {
    const nft = openRealNft();
    afterAll(() => typeof nft !== 'string' && nft.close());
    if (typeof nft === 'string') console.warn(`skipped, commands are not run: ${nft}`);

    it.skipIf(typeof nft === 'string')('are taken, do what they say, persist the same and undo it', () => {
      if (typeof nft === 'string') return;
      nft.load(
        'table inet filter {\n chain forward { type filter hook forward priority 0; tcp dport 1 drop; tcp dport 2 drop; }\n}\n',
      );
      const before = nft.json();
      const rulesOf = (table: string, name: string): string[] =>
        parseNftJson(nft.json(), 'nft')
          .value.find((t) => t.name === table)!
          .chains.get(name)!
          .rules.map((r) => r.fact.text);
      const run = (commands: readonly (readonly string[])[]): void => {
        for (const command of commands) expect(nft.run(command)).toMatchObject({ status: 0, stderr: '' });
      };
      run(nftAddRuleCommands({ ...place, index: 1 }, accept).apply);
      run(nftAddRuleCommands({ ...place, index: 0 }, accept).apply);
      expect(rulesOf('filter', 'forward')).toEqual([
        'oifname "eth0" accept comment "accept what leaves"',
        'tcp dport 1 drop',
        'oifname "eth0" accept comment "accept what leaves"',
        'tcp dport 2 drop',
      ]);
      run([['sh', '-euc', nftAddRuleCommands(place, accept).undo]]);
      expect(nft.json()).toBe(before);

      const mine = nftAddRuleCommands({ ...place, table: 'waymark', chain: 'post' }, accept, own);
      run(mine.apply);
      expect(rulesOf('waymark', 'post')).toEqual(['oifname "eth0" accept']);
      expect(rulesOf('waymark', 'extra')).toEqual(['oifname "eth0" accept']);
      run([['sh', '-euc', mine.undo]]);
      expect(parseNftJson(nft.json(), 'nft').value.map((t) => t.name)).toEqual(['filter']);
      expect(nft.load(`${mine.persist.lines.join('\n')}\n`)).toBe('');
      expect(rulesOf('waymark', 'post')).toEqual(['oifname "eth0" accept']);
    });
  });
});

describe('tables of iptables-nft', () => {
  const golden = (name: string): readonly FilterTable[] =>
    parseNftJson(readFileSync(new URL(`golden/${name}.json`, import.meta.url), 'utf8'), 'nft').value;
  const made = golden('iptables-nft');
  const asSaved = made.map((t) => ({ ...t, engine: 'iptables' as const }));

  it('are known by name, chains, hooks and priorities', () => {
    expect(made.map((t) => isIptablesNftTable(t))).toEqual([true, true, true, true, true]);
    expect(golden('docker').map((t) => isIptablesNftTable(t))).toEqual([true, true]);
    expect(golden('firewalld').some((t) => isIptablesNftTable(t))).toBe(false);
    const moved = {
      ...chain,
      name: 'INPUT',
      hook: { hook: 'input' as const, type: 'filter' as const, priority: -5, policy: 'accept' as const },
    };
    expect(isIptablesNftTable({ ...own, family: 'ip', name: 'filter', chains: new Map([['INPUT', moved]]) })).toBe(
      false,
    );
    expect(
      isIptablesNftTable({
        ...own,
        family: 'ip',
        name: 'filter',
        chains: new Map([['INPUT', { ...moved, hook: { ...moved.hook, priority: 0 } }]]),
      }),
    ).toBe(true);
  });

  it('are dropped when iptables-save gave the same, and only then', () => {
    expect(withoutIptablesDoubles(made, asSaved)).toEqual([]);
    expect(withoutIptablesDoubles(made, emptyRuleset(true).tables)).toEqual(made);
    expect(withoutIptablesDoubles(golden('firewalld'), asSaved)).toEqual(golden('firewalld'));
    // iptables-legacy's table of the same name has other rules
    const legacy = asSaved.map((t) => ({
      ...t,
      chains: new Map([...t.chains].map(([name, c]) => [name, { ...c, rules: [] }])),
    }));
    expect(withoutIptablesDoubles(made, legacy)).toEqual(made);
  });
});
