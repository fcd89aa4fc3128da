import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DecisionBook, listLines, requestLine } from '../../src/guard/index.ts';
import { linuxMachine, type Service } from '../../src/host/index.ts';
import { hostPrefix, ipv4 } from '../../src/ip/index.ts';
import { builtInto } from './guard-process.ts';

const MANY = 1_000_000;
/** What the client may have of memory for values, in megabytes; the whole answer has several hundred. */
const HEAP_MB = 48;
const MB = 1 << 20;

const folder = mkdtempSync(join(tmpdir(), 'waymark-list-'));
const socket = join(folder, 'guard.sock');
const settings = join(folder, 'guard.yaml');
const program = builtInto(folder);
const book = new DecisionBook();
let service: Service;

beforeAll(async () => {
  writeFileSync(settings, `socket: ${socket}\nfolder: ${folder}/state\n`);
  for (let i = 0; i < MANY; i++)
    book.block({
      ...{ prefix: hostPrefix(ipv4(0x0b000000 + i)), reason: 'Too many failed logins', reference: 'K7P-4QD' },
      ...{ since: 1, until: null, by: 'root', evidence: [], rest: 'through' as const },
    });
  const made = await linuxMachine().serve(socket, 0o600, () => Promise.resolve(listLines(book.all(2))));
  if (!made.ok) throw new Error(made.message);
  service = made.value;
}, 60_000);
afterAll(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

/** Lists all into a file, by a program that may have little memory. */
async function list(to: string, ...words: string[]): Promise<number | null> {
  const [node, ...rest] = [...program, 'blocked', ...words, '--settings', settings];
  const child = spawn(node, [`--max-old-space-size=${HEAP_MB}`, ...rest], {
    stdio: ['ignore', openSync(to, 'w'), 'inherit'],
  });
  return new Promise((done) => child.once('close', done));
}

describe(`a list of ${MANY} decisions`, () => {
  it('is printed by a program with little memory, as JSON', { timeout: 120_000 }, async () => {
    const file = join(folder, 'all.json');
    expect(await list(file, '--json')).toBe(0);
    expect(statSync(file).size).toBeGreaterThan(3 * HEAP_MB * MB);
    const counted = spawnSync('grep', ['-c', '"prefix"', file], { encoding: 'utf8' }).stdout.trim();
    expect(counted).toBe(String(MANY));
    const whole = spawnSync(process.execPath, ['-e', `console.log(JSON.parse(require('fs').readFileSync('${file}', 'utf8')).length)`], { encoding: 'utf8' }); // prettier-ignore
    expect(whole.stdout).toBe(`${MANY}\n`);
  });
  it('is printed line by line', { timeout: 120_000 }, async () => {
    const file = join(folder, 'all.txt');
    expect(await list(file)).toBe(0);
    let lines = 0;
    let last = '';
    for await (const line of createInterface({ input: createReadStream(file) })) {
      lines++;
      last = line;
    }
    expect(lines).toBe(MANY);
    expect(last).toBe('11.15.66.63    K7P-4QD  until it is lifted  Too many failed logins');
  });
  it('costs the guard little, however slowly it is read', { timeout: 60_000 }, async () => {
    const before = process.memoryUsage();
    const reader = connect(socket, () => reader.write(`${requestLine({ do: 'list' })}\n`));
    reader.pause();
    await new Promise((done) => setTimeout(done, 2000));
    const after = process.memoryUsage();
    reader.destroy();
    expect(after.rss - before.rss).toBeLessThan(64 * MB);
    expect(after.external - before.external).toBeLessThan(16 * MB);
  });
  it('ends where the reader goes away', { timeout: 60_000 }, async () => {
    const child = spawn('sh', ['-c', '"$@" | head -n 1', 'sh', ...program, 'blocked', '--settings', settings]);
    let said = '';
    child.stdout.on('data', (d: Buffer) => (said += d.toString()));
    expect(await new Promise((done) => child.once('close', done))).toBe(0);
    expect(said).toMatch(/^11\.0\.0\.0 +K7P-4QD {2}until it is lifted {2}Too many failed logins\n$/);
  });
});
