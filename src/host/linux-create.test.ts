import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { linuxMachine } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waymark-create-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a file that is made', () => {
  it('has all of its text, is for its owner alone, and leaves nothing beside it', async () => {
    const path = join(folder, 'deep/down/1.json');
    expect(await linuxMachine().createFile(path, 'text\n')).toEqual({ ok: true, value: null });
    expect(await readFile(path, 'utf8')).toBe('text\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'deep/down'))).toEqual(['1.json']);
  });

  it('is made by one of many who try, and stays as it is', async () => {
    const path = join(folder, 'once');
    const all = await Promise.all(['a', 'b'].map((text) => linuxMachine().createFile(path, text)));
    const again = await linuxMachine().createFile(path, 'c');
    expect(all.filter((r) => r.ok)).toHaveLength(1);
    expect(again).toMatchObject({ ok: false, code: 'output-exists' });
    expect(await readFile(path, 'utf8')).toMatch(/^[ab]$/);
  });
});

describe('a program that is started apart', () => {
  it('is the head of a session of its own', async () => {
    const path = join(folder, 'session');
    const pid = await linuxMachine().startApart(['sh', '-c', `cut -d' ' -f1,6 /proc/$$/stat >${path}`]);
    await vi.waitFor(async () => expect(await readFile(path, 'utf8')).toBe(`${pid} ${pid}\n`));
  });

  it('has no pid where there is none of that name', async () => {
    expect(await linuxMachine().startApart(['waymark-no-such'])).toBe(0);
  });
});
