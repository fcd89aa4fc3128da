import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileDiff } from './file-diff.ts';

const OLD = 'a\nb\nc\nd\ne\nf\ng\nh\n';
const PAIRS: readonly (readonly [string, string])[] = [
  [OLD, OLD.replace('d\n', 'd\nnew\nnew too\n')],
  [OLD, OLD.replace('d\ne\n', '')],
  [OLD, OLD.replace('a\n', 'first\n')],
  [OLD, `${OLD}last`],
  [OLD.trimEnd(), `${OLD}last`],
  ['one', 'one\ntwo'],
  ['one\n', 'one\n\n'],
];

describe('the difference of two files', () => {
  it.each(PAIRS)('%j to %j is what git takes', (before, after) => {
    const folder = mkdtempSync(join(tmpdir(), 'waymark-diff-'));
    try {
      writeFileSync(join(folder, 'file'), before);
      const input = fileDiff('file', before, after);
      const said = spawnSync('git', ['apply', '-p0', '--whitespace=nowarn', '-'], {
        cwd: folder,
        input,
        encoding: 'utf8',
      });
      expect([said.status, said.stderr, readFileSync(join(folder, 'file'), 'utf8')]).toEqual([0, '', after]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('names no file as diff does', () => {
    expect(fileDiff('/x', null, 'a\n')).toBe('--- /dev/null\n+++ /x\n@@ -0,0 +1,1 @@\n+a\n');
    expect(fileDiff('/x', 'a\n', null)).toBe('--- /x\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
  });
});
