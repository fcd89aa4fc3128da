import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CAUSE_CODES, FIX_KINDS } from '../../src/diagnose/index.ts';
import { readScenarios } from './read-scenario.ts';

const folder = resolve(import.meta.dirname, '../../docs/causes');
const pages = readdirSync(folder).map((f) => f.replace(/\.md$/, ''));
const said = (key: string): string[] =>
  readScenarios().flatMap((s) => s.asked.flatMap((a) => a.expected.get(key) ?? []));

describe('causes', () => {
  it('have a page each, and every page is of a cause', () => {
    expect(pages.sort()).toEqual([...CAUSE_CODES].sort());
  });

  it.each(pages)('%s says what it is, how it looks, what else it might be, what helps, and shows it', (page) => {
    const text = readFileSync(join(folder, `${page}.md`), 'utf8');
    const lines = text.trimEnd().split('\n');
    expect(lines[0]).toBe(`# ${page}`);
    expect(lines.filter((l) => l.startsWith('## '))).toEqual([
      '## How it looks',
      '## Telling it apart',
      '## Cures',
      '## Seen',
    ]);
    expect(lines.length).toBeLessThanOrEqual(60);
    expect(text.slice(text.indexOf('## Seen'))).toMatch(/^```\n[a-z-]+# .+\n[^`]+\n```$/m);
    const links = [...text.matchAll(/\]\(([^)]+)\.md\)/g)].map((m) => m[1]!);
    expect(links.filter((l) => !pages.includes(l))).toEqual([]);
  });

  it('stand each in the table', () => {
    const table = readFileSync(join(folder, '../causes.md'), 'utf8');
    const named = new Set([...table.matchAll(/`([a-z0-9-]+)`/g)].map((m) => m[1]!));
    expect(CAUSE_CODES.filter((c) => !named.has(c))).toEqual([]);
  });

  it('are each expected of a scenario', () => {
    const named = new Set(said('causes').map((c) => c.split(' at ')[0]!));
    expect(CAUSE_CODES.filter((c) => !named.has(c))).toEqual([]);
  });
});

describe('kinds of fix', () => {
  it('are each expected of a scenario, where one can be', () => {
    const named = new Set([...said('first'), ...said('offers')].flatMap((f) => f.split(' at ')[0]!.split(' + ')));
    const cannot = ['combined', 'remove-route'];
    expect(FIX_KINDS.filter((k) => !named.has(k) && !cannot.includes(k))).toEqual([]);
  });
});
