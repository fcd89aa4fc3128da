import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { linuxMachine } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'waymark-replace-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('a file that is replaced keeps its mode, a link to it stays one, and nothing lies beside it', async () => {
  writeFileSync(join(folder, 'real'), 'old\n');
  chmodSync(join(folder, 'real'), 0o640);
  symlinkSync('real', join(folder, 'link'));
  expect(await linuxMachine().replaceFile(join(folder, 'link'), 'new\n', 0o600)).toEqual({ ok: true, value: null });
  expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('new\n');
  expect(statSync(join(folder, 'real')).mode & 0o777).toBe(0o640);
  expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
  await linuxMachine().replaceFile(join(folder, 'deep/made'), 'x', 0o600);
  expect(statSync(join(folder, 'deep/made')).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['deep', 'link', 'real']);
  expect(await linuxMachine().replaceFile(join(folder, 'real/below'), 'x')).toMatchObject({ ok: false });
});
