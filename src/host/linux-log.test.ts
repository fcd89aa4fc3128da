import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { linuxMachine, type DurableLog } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'waymark-log-'));
afterAll(() => rmSync(folder, { recursive: true }));
let number = 0;
const newPath = (): string => join(folder, `log${number++}`);
const opened: DurableLog[] = [];
afterEach(async () => {
  for (const log of opened.splice(0)) await log.close();
});

async function open(path: string): Promise<{ log: DurableLog; lines: string[] }> {
  const lines: string[] = [];
  const log = await linuxMachine().openLog(path, (line) => lines.push(line));
  if (!log.ok) throw new Error(log.message);
  opened.push(log.value);
  return { log: log.value, lines };
}

describe('a durable log', () => {
  it('gives back what was added, for its owner only', async () => {
    const path = newPath();
    const { log, lines } = await open(path);
    expect(lines).toEqual([]);
    expect((await Promise.all(['a\n', 'b\nc\n', 'ü\n'].map((t) => log.append(t)))).every((r) => r.ok)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await open(path)).lines).toEqual(['a', 'b', 'c', 'ü']);
  });
  it('cuts off a last line that was not ended', async () => {
    const path = newPath();
    writeFileSync(path, 'whole\nhal');
    const { log, lines } = await open(path);
    expect(lines).toEqual(['whole']);
    await log.append('next\n');
    expect(readFileSync(path, 'utf8')).toBe('whole\nnext\n');
  });
  it('puts other lines in place of all, and goes on behind them', async () => {
    const path = newPath();
    const { log } = await open(path);
    await log.append('a\nb\n');
    const replaced = log.replace(() => ['c']);
    await log.append('d\n');
    expect(await replaced).toEqual({ ok: true, value: null });
    expect(readFileSync(path, 'utf8')).toBe('c\nd\n');
  });
  it('says what is there before it asks for other lines, in the order in which it was given', async () => {
    const path = newPath();
    const { log } = await open(path);
    const there: string[] = [];
    const add = (line: string) => log.append(`${line}\n`, () => there.push(line));
    const early = Array.from({ length: 50 }, (_, i) => add(`early ${i}`));
    const replaced = log.replace(() => [...there]);
    const late = Array.from({ length: 50 }, (_, i) => add(`late ${i}`));
    await Promise.all([...early, replaced, ...late]);
    expect(readFileSync(path, 'utf8')).toBe(there.map((line) => `${line}\n`).join(''));
    expect(there).toEqual(['early', 'late'].flatMap((when) => Array.from({ length: 50 }, (_, i) => `${when} ${i}`)));
  });
  it('reads lines of any length, across the blocks it reads', async () => {
    const path = newPath();
    const long = Array.from({ length: 5 }, (_, i) => String(i).repeat(700_000));
    writeFileSync(path, `${long.join('\n')}\n`);
    expect((await open(path)).lines).toEqual(long);
  });
  it('says why it can not be opened', async () => {
    const opened = await linuxMachine().openLog(join(folder, 'none/log'), () => undefined);
    expect(opened).toMatchObject({ ok: false, code: 'file-missing' });
  });
});

/** A process that adds numbered lines, and says each number once it was acknowledged. */
const WRITER = `
import { linuxMachine } from '${join(import.meta.dirname, 'index.ts')}';
let last = -1;
const opened = await linuxMachine().openLog(process.argv[1], (line) => (last = Number(line.split(' ')[0])));
for (let i = last + 1; ; i++) {
  const done = await opened.value.append(i + ' ' + 'x'.repeat(i % 300) + '\\n');
  if (done.ok) process.stdout.write(i + '\\n');
}
`;

it('loses nothing that was acknowledged when it is killed', { timeout: 60_000 }, async () => {
  const path = newPath();
  let acknowledged = -1;
  for (let round = 0; round < 12; round++) {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', WRITER, path]);
    let said = '';
    child.stdout.on('data', (d: Buffer) => (said += d.toString()));
    while (said.length < 20 + round * 37) await new Promise((done) => setTimeout(done, 5));
    child.kill('SIGKILL');
    await new Promise((done) => child.once('close', done));
    const whole = said
      .replace(/[^\n]*$/, '')
      .trim()
      .split('\n')
      .map(Number);
    acknowledged = Math.max(acknowledged, ...whole);
    const { lines } = await open(path);
    expect(lines.map((l) => Number(l.split(' ')[0]))).toEqual(lines.map((_, i) => i));
    expect(lines.length).toBeGreaterThan(acknowledged);
    if (round % 3 === 0) appendFileSync(path, '99');
  }
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('skipped: needs root to make a small file system');
it.skipIf(!isRoot && process.env.CI === undefined)('says that the disk is full, and keeps what it had', async () => {
  const small = join(folder, 'small');
  mkdirSync(small);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small]);
  try {
    const { log } = await open(join(small, 'log'));
    const line = `${'x'.repeat(999)}\n`;
    let kept = 0;
    while ((await log.append(line)).ok) kept++;
    expect(kept).toBeGreaterThan(40);
    expect(await log.append(line)).toMatchObject({ ok: false });
    expect(readFileSync(join(small, 'log'), 'utf8')).toBe(line.repeat(kept));
    expect((await log.replace(() => [])).ok).toBe(true);
    expect((await log.append('fits\n')).ok).toBe(true);
    await log.close();
    opened.length = 0;
    expect((await open(join(small, 'log'))).lines).toEqual(['fits']);
  } finally {
    execFileSync('umount', ['-l', small]);
  }
});
