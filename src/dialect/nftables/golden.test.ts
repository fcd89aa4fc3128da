import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../ip/index.ts';
import { formatAddress, formatPrefix } from '../../ip/index.ts';
import type { FilterTable } from '../../model/index.ts';
import { parseNftJson } from './parse.ts';
import { openRealNft } from './test-support/real-nft.ts';

const golden = (name: string): string => new URL(`golden/${name}`, import.meta.url).pathname;
const load = (name: string): string => readFileSync(golden(name), 'utf8');

/** Statements in short: addresses and prefixes as text, no quotes. */
function short(value: unknown): string {
  const text = JSON.stringify(value, (_key, v: unknown) => {
    if (typeof v !== 'object' || v === null) return v;
    if ('w3' in v) return formatAddress(v as never);
    if ('length' in v && 'address' in v) return formatPrefix(v as never);
    return v;
  });
  return text.replaceAll('"', '');
}

function show(tables: readonly FilterTable[], diagnostics: readonly Diagnostic[]): string {
  const lines = tables.flatMap((table) => [
    `table ${table.family} ${table.name}`,
    ...[...table.sets.values()].flatMap((set) => [
      `  ${set.fact.text}${set.dynamic ? ' DYNAMIC' : ''}`,
      ...set.entries.map((e) => `      ${short(e)}`),
    ]),
    ...[...table.chains.values()].flatMap((chain) => [
      `  ${chain.fact.text}${chain.hook ? '' : ' (no hook)'}`,
      ...chain.rules.flatMap((rule) => [`    ${rule.fact.text}`, ...rule.statements.map((s) => `      ${short(s)}`)]),
    ]),
  ]);
  return [...lines, ...diagnostics.map((d) => `${d.severity} ${d.code}: ${d.message}`), ''].join('\n');
}

describe('captured rulesets', () => {
  it.each(['constructs', 'firewalld', 'docker', 'iptables-nft'])('%s', async (name) => {
    const { value, diagnostics } = parseNftJson(load(`${name}.json`), 'nft -j list ruleset');
    await expect(show(value, diagnostics)).toMatchFileSnapshot(golden(`${name}.txt`));
  });

  it('models the firewalld and Docker rulesets whole', () => {
    for (const name of ['firewalld', 'docker']) {
      const { diagnostics } = parseNftJson(load(`${name}.json`), 'nft');
      expect(diagnostics.filter((d) => d.code !== 'line-limited')).toEqual([]);
    }
  });

  it('has as many rules and set elements as nft listed', () => {
    for (const name of ['constructs', 'firewalld', 'docker', 'iptables-nft']) {
      const items = (
        JSON.parse(load(`${name}.json`)) as { nftables: Record<string, { elem?: unknown[]; name: string }>[] }
      ).nftables;
      const { value } = parseNftJson(load(`${name}.json`), 'nft');
      const rules = value.flatMap((t) => [...t.chains.values()].flatMap((c) => c.rules));
      expect(rules.length).toBe(items.filter((i) => i['rule']).length);
      const elements = items.map((i) => i['set'] ?? i['map']).filter((s) => s && s.name !== 'im');
      const read = value.flatMap((t) => [...t.sets.values()]).filter((s) => s.name !== 'im');
      expect(read.map((s) => s.entries.length)).toEqual(elements.map((s) => s!.elem?.length ?? 0));
    }
  });
});

describe('the real nft', () => {
  const nft = openRealNft();
  afterAll(() => typeof nft !== 'string' && nft.close());
  if (typeof nft === 'string') console.warn(`skipped, the captured rulesets are not loaded again: ${nft}`);

  it.skipIf(typeof nft === 'string').each(['constructs', 'firewalld', 'docker'])(
    'still gives what was captured: %s',
    (name) => {
      if (typeof nft === 'string') return;
      expect(nft.load(load(`${name}.nft`)).replace(/^Warning.*\n?/gm, '')).toBe('');
      const texts = (json: string): string[] =>
        parseNftJson(json, 'nft').value.flatMap((t) =>
          [...t.chains.values()].flatMap((c) => c.rules.map((r) => canonical(r.fact.text))),
        );
      expect(texts(nft.json())).toEqual(texts(load(`${name}.json`)));
    },
  );
});

/** nft lists hash sets in an order that differs from one load to the next. */
const canonical = (text: string): string =>
  text.replace(/\{ ([^{}]*) \}/g, (_all, inner: string) => `{ ${inner.split(', ').sort().join(', ')} }`);
