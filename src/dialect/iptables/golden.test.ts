import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Family } from '../../ip/index.ts';
import { parseIpsetSave } from '../ipset/index.ts';
import { parseIptablesSave } from './index.ts';
import { describeTable } from './testing/describe-table.ts';

const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
const sets = parseIpsetSave(
  readFileSync(new URL('../ipset/golden/sets.save', import.meta.url), 'utf8'),
  'ipset save',
).value;

function read(name: string, family: Family): { readonly text: string; readonly tables: string[] } {
  const { value, diagnostics } = parseIptablesSave(golden(name), name, family, sets);
  const tables = value.map(describeTable);
  const faults = diagnostics.map((d) => `${d.severity} ${d.code} ${d.span?.line}:${d.span?.column}: ${d.message}\n`);
  return { text: [...tables, ...faults].join(''), tables };
}

/** Without what differs between the flavours: the tables' order and so the lines' numbers. */
const unnumbered = (tables: readonly string[]): string[] => tables.map((t) => t.replace(/^ +\d+: /gm, '')).sort();

describe('rulesets saved by the real tools', () => {
  const cases = [
    ['docker', 4],
    ['firewalld', 4],
    ['all', 4],
    ['all6', 6],
  ] as const;
  it.each(cases)('reads %s of family %d', async (name, family) => {
    const file = new URL(`golden/${name}-nft.txt`, import.meta.url).pathname;
    await expect(read(`${name}-nft.save`, family).text).toMatchFileSnapshot(file);
  });

  it.each(cases)('reads %s of family %d the same from both flavours', (name, family) => {
    const nft = unnumbered(read(`${name}-nft.save`, family).tables);
    const legacy = unnumbered(read(`${name}-legacy.save`, family).tables);
    // Each flavour shows only those tables that were used
    const shared = (tables: string[], others: string[]): string[] => {
      const names = new Set(others.map((t) => t.split('\n')[0]));
      return tables.filter((t) => names.has(t.split('\n')[0]));
    };
    expect(shared(nft, legacy).length).toBeGreaterThan(0);
    expect(shared(nft, legacy)).toEqual(shared(legacy, nft));
  });

  it('says nothing about a Docker or firewalld ruleset but what it does not model', () => {
    for (const name of ['docker-nft.save', 'firewalld-nft.save']) {
      expect(parseIptablesSave(golden(name), name, 4, sets).diagnostics).toEqual([]);
    }
  });

  it('keeps every line of every rule as a fact', () => {
    const text = golden('all-nft.save');
    const lines = text.split('\n');
    const facts = parseIptablesSave(text, 'iptables-save', 4, sets).value.flatMap((t) =>
      [...t.chains.values()].flatMap((c) => c.rules.map((r) => r.fact)),
    );
    for (const fact of facts) expect(fact.text).toBe(lines[fact.line - 1]);
    const ruleLines = lines.filter((l) => l.startsWith('-A')).length;
    expect(new Set(facts.map((f) => f.line)).size).toBe(ruleLines);
  });
});
