import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { linuxMachine } from './index.ts';

describe('commands', () => {
  it('gives code, output and errors apart, with LC_ALL=C', async () => {
    const machine = linuxMachine();
    const r = await machine.run(['sh', '-c', 'echo "$LC_ALL $X"; echo wrong >&2; exit 3'], {
      env: { X: 'x', LC_ALL: 'de_DE' },
    });
    expect(r).toEqual({ code: 3, signal: null, stdout: 'C x\n', stderr: 'wrong\n', timedOut: false, cut: false });
    expect(machine.transcript).toEqual([{ argv: expect.any(Array), result: r }]);
  });
  it('passes arguments as they are, without a shell', async () => {
    const r = await linuxMachine().run(['printf', '%s|', 'a b', '$HOME', ';ls']);
    expect(r.stdout).toBe('a b|$HOME|;ls|');
  });
  it('passes standard input, and an empty one by default', async () => {
    expect((await linuxMachine().run(['cat'], { stdin: 'hello' })).stdout).toBe('hello');
    expect((await linuxMachine().run(['cat'])).stdout).toBe('');
  });
  it('survives a command that does not read its input', async () => {
    expect((await linuxMachine().run(['true'], { stdin: 'x'.repeat(1_000_000) })).code).toBe(0);
  });
  it('ends a command after its time, even when a grandchild keeps the pipe', async () => {
    const machine = linuxMachine();
    const before = machine.elapsedMs();
    const r = await machine.run(['sh', '-c', 'echo early; sleep 5 & sleep 5'], { timeoutMs: 200 });
    expect(r.timedOut).toBe(true);
    expect(r.signal).toBe('SIGKILL');
    expect(machine.elapsedMs() - before).toBeLessThan(3000);
  });
  it('says 127 for a command that is not there, 126 for one that cannot be run', async () => {
    expect(await linuxMachine().run(['waymark-no-such'])).toMatchObject({
      code: 127,
      stderr: 'waymark-no-such: not found\n',
    });
    expect((await linuxMachine().run(['/etc'])).code).toBe(126);
  });
  it('cuts endless output', async () => {
    const r = await linuxMachine().run(['yes', 'x'.repeat(100_000)]);
    expect(r.cut).toBe(true);
    expect(r.stdout.length).toBe(64 * 1024 * 1024);
  });
});

describe('long-lived programs', () => {
  it('gives what a program says line by line', async () => {
    const lines: string[] = [];
    const onLine = (line: string): void => void lines.push(line);
    const child = linuxMachine().spawn(['sh', '-c', 'printf "one\\ntw"; sleep 0.1; printf "o\\nrest"'], { onLine });
    await child.ended;
    await vi.waitFor(() => expect(lines).toEqual(['one', 'two']));
  });
  it('runs until it is stopped', async () => {
    const machine = linuxMachine();
    const child = machine.spawn(['sh', '-c', 'echo ready; exec sleep 30']);
    expect(child.pid).toBeGreaterThan(1);
    while (!child.output().includes('ready')) await machine.sleep(10);
    child.stop();
    expect(await child.ended).toEqual({ code: null, signal: 'SIGTERM' });
    child.stop();
  });
  it('has pid 0 when there is no such program', async () => {
    const child = linuxMachine().spawn(['waymark-no-such']);
    expect(child.pid).toBe(0);
    expect((await child.ended).code).toBe(127);
    expect(child.output()).toBe('waymark-no-such: not found\n');
  });
});

describe('files', () => {
  let dir = '';
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wm-host-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('writes with the mode asked for, also over an old file', async () => {
    const m = linuxMachine();
    const file = join(dir, 'sub', 'a');
    expect((await m.writeFile(file, 'x')).ok).toBe(false);
    expect(await m.mkdir(join(dir, 'sub'))).toEqual({ ok: true, value: null });
    await m.writeFile(file, 'one', 0o666);
    expect((await stat(file)).mode & 0o777).toBe(0o666);
    await m.writeFile(file, 'two', 0o600);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await m.readFile(file)).toEqual({ ok: true, value: 'two' });
    expect(await m.list(dir)).toEqual({ ok: true, value: ['sub'] });
    expect(await m.exists(file)).toBe(true);
    await m.remove(join(dir, 'sub'));
    expect(await m.exists(file)).toBe(false);
    expect(await m.remove(file)).toEqual({ ok: true, value: null });
  });
  it('says why a file cannot be read', async () => {
    const m = linuxMachine();
    expect(await m.readFile(join(dir, 'none'))).toMatchObject({ ok: false, code: 'file-missing' });
    expect(await m.readFile(dir)).toMatchObject({ ok: false, code: 'fact-unreadable' });
    expect(await m.list(join(dir, 'none'))).toMatchObject({ ok: false, code: 'file-missing' });
  });
});
