import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from '../support/source-files.ts';

/** What each module may import, and why not more (DESIGN: data flows one way). */
const MAY_IMPORT: Record<string, { modules: readonly string[]; because: string }> = {
  ip: { modules: [], because: 'addresses know nothing of networks' },
  model: { modules: ['ip'], because: 'the model is data, whoever reads or writes it' },
  dialect: { modules: ['ip', 'model'], because: 'a language knows its words, not who reads them' },
  facts: { modules: ['ip', 'model', 'dialect', 'host'], because: 'facts become a network without being judged' },
  trace: { modules: ['ip', 'model'], because: 'a trace sees the neutral network, never a text or a machine' },
  reach: { modules: ['ip', 'model', 'trace'], because: 'it counts traces' },
  diagnose: {
    modules: ['ip', 'model', 'trace', 'reach'],
    because: 'a cause is read off traces, sentences are made in render',
  },
  render: {
    modules: ['ip', 'model', 'dialect', 'facts', 'trace', 'reach', 'diagnose', 'guard'],
    because: 'it shows what others found',
  },
  host: { modules: ['ip'], because: 'the machine knows nothing of what it is used for' },
  change: {
    modules: ['ip', 'model', 'dialect', 'host'],
    because: 'a change is planned from the model and done by the machine',
  },
  guard: { modules: ['ip', 'dialect', 'host'], because: 'blocking needs no network' },
  lab: { modules: ['ip', 'model', 'dialect', 'host', 'trace'], because: 'the lab is built from the model' },
  app: { modules: ['*'], because: 'wiring' },
};

interface Edge {
  readonly file: string;
  readonly target: string;
}

const root = resolve(import.meta.dirname, '../..');
const src = join(root, 'src');

function edges(): Edge[] {
  return sourceFiles(src).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const found = [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((m) => m[1]!);
    return found.map((to) => ({ file: relative(src, file), target: relative(src, resolve(dirname(file), to)) }));
  });
}

const moduleOf = (path: string): string => path.split('/')[0]!;

describe('imports', () => {
  const all = edges();
  const isTest = (f: string): boolean => f.endsWith('.test.ts') || /\/(testing|test-support)\//.test(f);

  it('sees the imports that are there', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  it('go one way between modules', () => {
    const wrong = all
      .filter((e) => !isTest(e.file))
      .filter(({ file, target }) => {
        const [from, to] = [moduleOf(file), moduleOf(target)];
        const rule = MAY_IMPORT[from];
        return (
          from !== to && !target.startsWith('..') && rule && !rule.modules.includes('*') && !rule.modules.includes(to)
        );
      })
      .map(({ file, target }) => `${file} imports ${target}: ${MAY_IMPORT[moduleOf(file)]!.because}`);
    expect(wrong).toEqual([]);
  });

  it('enter another module by its index only', () => {
    const wrong = all
      .filter((e) => !isTest(e.file))
      .filter(({ file, target }) => moduleOf(file) !== moduleOf(target) && !target.startsWith('..'))
      .filter(({ target }) => !/^[a-z]+\/index\.ts$/.test(target) && !/^dialect\/[a-z0-9-]+\/index\.ts$/.test(target));
    expect(wrong).toEqual([]);
  });

  it('carry their ending', () => {
    expect(all.filter((e) => !/\.(ts|json)$/.test(e.target))).toEqual([]);
  });

  it('make no cycle between files', () => {
    expect(cycles(all.filter((e) => !isTest(e.file)))).toEqual([]);
  });
});

/** Files that reach themselves, each cycle once. */
function cycles(all: readonly Edge[]): string[] {
  const next = groupByFile(all);
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      return;
    }
    state.set(file, 'open');
    for (const e of next.get(file) ?? []) visit(e.target, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

function groupByFile(all: readonly Edge[]): Map<string, Edge[]> {
  const map = new Map<string, Edge[]>();
  for (const e of all) map.set(e.file, [...(map.get(e.file) ?? []), e]);
  return map;
}
