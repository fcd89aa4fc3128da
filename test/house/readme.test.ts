import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** All Markdown of the repository, apart from what is installed. */
const documents = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((f) => f.endsWith('.md') && !/(^|\/)(node_modules|coverage|dist)\//.test(f))
  .sort();

describe('documents', () => {
  it('README shows what the office example prints', () => {
    const shown = /```text\n([\s\S]*?)```/.exec(read('README.md'))![1]!;
    const printed = read('examples/office/explain.txt').split('\n').slice(2).join('\n');
    expect(shown.trimEnd()).toBe(printed.trimEnd());
  });

  it.each(documents)('%s names files that exist', (file) => {
    const text = read(file);
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((m) => join(dirname(file), m[1]!));
    const named = [...text.matchAll(/`((?:docs|examples|scripts|test|bench|schema|src)\/[A-Za-z0-9_./-]+)`/g)].map(
      (m) => m[1]!,
    );
    const missing = [...links, ...named].filter((path) => !existsSync(join(root, path)));
    expect(missing).toEqual([]);
  });
});
