import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followLog } from '../../src/app/cli/guard/logs/log-source.ts';
import type { LogOrigin } from '../../src/guard/index.ts';
import { linuxMachine, type Followed, type LogPlace } from '../../src/host/index.ts';
import { whyNoLab } from '../support/lab-available.ts';

const JOURNALD = '/lib/systemd/systemd-journald';
const reason =
  whyNoLab(['unshare', 'journalctl', 'systemd-cat']) ?? (existsSync(JOURNALD) ? null : 'no systemd-journald');

let folder: string;
let lines: string[];
let faults: string[];
let place: LogPlace | null;
let followed: Followed | null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-sources-'));
  [lines, faults, place, followed] = [[], [], null, null];
});
afterEach(async () => {
  await followed?.close();
  rmSync(folder, { recursive: true });
});

function follow(origin: LogOrigin, from: LogPlace | null = null): void {
  followed = followLog(linuxMachine(), origin, from, {
    take(text, behind) {
      lines.push(...text.split('\n').slice(0, -1));
      place = behind;
      return Promise.resolve();
    },
    cut: () => Promise.resolve(),
    fault: (words) => void faults.push(words),
  });
}
const sees = (wanted: readonly string[]): Promise<void> =>
  expect.poll(() => lines.map((line) => line.replace(/^.*?: /, '')), { timeout: 8000, interval: 20 }).toEqual(wanted);

/** A journald of its own, in a mount namespace; its journal lies in the folder. */
class Journald {
  readonly #child: ChildProcess;
  constructor(at: string) {
    const inside = [
      'mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal && mount -t tmpfs tmpfs /var/log',
      `mount --bind ${at} /run/log/journal`,
      `[ -s /etc/machine-id ] || { echo 0123456789abcdef0123456789abcdef > /run/id; mount --bind /run/id /etc/machine-id; }`,
      `${JOURNALD} 2>/dev/null & trap 'kill $!' EXIT`,
      'while [ ! -S /run/systemd/journal/stdout ]; do sleep 0.05; done; sleep 0.3; echo ready',
      'while read -r line; do echo "$line" | systemd-cat -t sshd; done',
    ];
    this.#child = spawn('unshare', ['-m', '--propagation', 'private', 'sh', '-c', inside.join('\n')]);
  }
  async ready(): Promise<void> {
    await new Promise((done) => this.#child.stdout!.once('data', done));
  }
  say(text: string): void {
    this.#child.stdin!.write(`${text}\n`);
  }
  async end(): Promise<void> {
    this.#child.stdin!.end();
    if (this.#child.exitCode === null) await new Promise((done) => this.#child.once('close', done));
  }
}

describe.skipIf(reason !== null)("systemd's journal", () => {
  it('is read from its end, and goes on behind the last entry: each once', { timeout: 60_000 }, async () => {
    const at = join(folder, 'journal');
    mkdirSync(at);
    const journald = new Journald(at);
    await journald.ready();
    const journal: LogOrigin = { kind: 'journal', words: ['SYSLOG_IDENTIFIER=sshd'], folder: at };
    journald.say('before');
    await new Promise((done) => setTimeout(done, 700));
    follow(journal);
    await new Promise((done) => setTimeout(done, 700));
    for (const word of ['a', 'b']) journald.say(word);
    await sees(['a', 'b']);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z \S+ sshd\[\d+\]: a$/);
    await followed!.close();
    const missed = Array.from({ length: 40 }, (_, i) => `missed ${i}`);
    for (const word of missed) journald.say(word);
    await new Promise((done) => setTimeout(done, 1500));
    lines = [];
    follow(journal, place);
    await sees(missed);
    journald.say('last');
    await sees([...missed, 'last']);
    await followed!.close();
    lines = [];
    // a place that no journal has: from the end on, and said
    follow(journal, { file: 'nonsense', offset: 0 });
    await expect.poll(() => faults.join(), { timeout: 5000 }).toContain('seek to cursor');
    await new Promise((done) => setTimeout(done, 1700));
    journald.say('new');
    await sees(['new']);
    await journald.end();
  });
});

describe.skipIf(whyNoLab(['perl', 'logger']) !== null)('a socket for syslog', () => {
  it('takes datagrams, one a line, from whom it is meant for', { timeout: 30_000 }, async () => {
    const socket = join(folder, 'log.sock');
    follow({ kind: 'socket', socket, group: 'adm' });
    await expect.poll(() => existsSync(socket) && statSync(socket).mode & 0o777, { timeout: 5000 }).toBe(0o660);
    spawnSync('logger', ['-u', socket, '-t', 'sshd', '--rfc3164', 'Failed password\nNov 21 10:00:00 x sshd[1]: other']);
    await sees(['Failed password Nov 21 10:00:00 x sshd[1]: other']);
    expect(lines[0]).toMatch(/^<\d+>\w{3} [ \d]\d [\d:]{8} \S+ sshd/);
    await followed!.close();
    expect(existsSync(socket)).toBe(false);
  });
  it('is not made where something else is', { timeout: 30_000 }, async () => {
    const socket = join(folder, 'file');
    writeFileSync(socket, 'mine');
    follow({ kind: 'socket', socket, group: null });
    await expect.poll(() => faults.join(), { timeout: 5000 }).toContain('is there already, and is no socket');
  });
});

describe('a log with its backlog', () => {
  it('begins with the oldest rotated file, then goes on with the log; only once', async () => {
    const file = join(folder, 'access.log');
    writeFileSync(`${file}.2.gz`, gzipSync('x: 1\nx: 2\n'));
    writeFileSync(`${file}.1`, 'x: 3\n');
    writeFileSync(file, 'x: 4\n');
    const origin: LogOrigin = { kind: 'file', file, backlog: true };
    follow(origin);
    await sees(['1', '2', '3', '4']);
    await followed!.close();
    appendFileSync(file, 'x: 5\n');
    lines = [];
    follow(origin, place);
    await sees(['5']);
  });
});
