import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIAGNOSTIC_CODES } from '../../src/ip/index.ts';
import { OUTCOMES } from '../../src/trace/index.ts';
import { sourceFiles } from '../support/source-files.ts';

const root = resolve(import.meta.dirname, '../..');
const src = join(root, 'src');
const modules = readdirSync(src, { withFileTypes: true })
  .filter((d) => d.isDirectory())
  .map((d) => d.name);

/** The first column of the table in a document, without its head. */
function tableKeys(file: string): string[] {
  const rows = readFileSync(join(root, file), 'utf8')
    .split('\n')
    .filter((l) => l.startsWith('| `'));
  return rows.map((r) => /^\| `([^`]+)`/.exec(r)![1]!);
}

describe('the house', () => {
  it('has every module with a README of at most 40 lines and an index that only re-exports', () => {
    expect(modules.length).toBeGreaterThan(5);
    for (const name of modules) {
      const readme = join(src, name, 'README.md');
      expect(existsSync(readme), `${name}/README.md`).toBe(true);
      expect(readFileSync(readme, 'utf8').trimEnd().split('\n').length, readme).toBeLessThanOrEqual(40);
    }
    for (const name of modules.filter((m) => existsSync(join(src, m, 'index.ts')))) {
      const lines = readFileSync(join(src, name, 'index.ts'), 'utf8')
        .replaceAll(/\{[^}]*\}/g, '{}')
        .split('\n');
      const others = lines.filter(
        (l) => l !== '' && !/^(export (type )?(\*|\{\})( as \w+)? from '[^']+';|\/\/.*|\/?\*.*)$/.test(l.trim()),
      );
      expect(others, `${name}/index.ts`).toEqual([]);
    }
  });

  it('names files in kebab-case, and none utils', () => {
    const names = sourceFiles(src).map((f) => basename(f));
    expect(names.filter((n) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(n))).toEqual([]);
    expect(names.filter((n) => /util|helper|misc|common/.test(n))).toEqual([]);
  });

  it('starts processes and reads files only in host', () => {
    const wrong = sourceFiles(src)
      .filter(
        (f) =>
          !f.endsWith('.test.ts') && !/\/(testing|test-support)\//.test(f) && !/^(host|app)\//.test(relative(src, f)),
      )
      .filter((f) => /from 'node:(fs|child_process|net|http|dgram|os|process)/.test(readFileSync(f, 'utf8')));
    expect(wrong.map((f) => relative(src, f))).toEqual([]);
  });

  it('documents every diagnostic', () => {
    expect(tableKeys('docs/diagnostics.md').sort()).toEqual([...DIAGNOSTIC_CODES].sort());
  });

  it('documents every outcome', () => {
    expect(tableKeys('docs/outcomes.md').sort()).toEqual([...OUTCOMES].sort());
  });

  it('names no registry in its lock file', () => {
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"/);
  });
});
