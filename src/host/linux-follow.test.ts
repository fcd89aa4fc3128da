import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linuxMachine } from './linux-machine.ts';
import type { Followed, LogPlace } from './machine.ts';

let folder: string;
let log: string;
let text: string;
let place: LogPlace | null;
let followed: Followed | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waymark-follow-'));
  log = join(folder, 'access.log');
  text = '';
  place = null;
  followed = null;
});
afterEach(async () => {
  await followed?.close();
  rmSync(folder, { recursive: true });
});

function start(from: LogPlace | null): void {
  followed = linuxMachine().follow(log, from, (block, behind) => {
    text += block;
    place = behind;
  });
}
const add = (line: string): void => appendFileSync(log, line);
const sees = (all: string): Promise<void> => expect.poll(() => text, { timeout: 5000, interval: 5 }).toBe(all);
/** So that it stands at the end before anything is written. */
const settle = (): Promise<void> => new Promise((done) => setTimeout(done, 200));

describe('following a log', () => {
  it('begins at its end, and reads each byte once, whatever becomes of the file', async () => {
    add('old\n');
    start(null);
    await settle();
    add('a\n');
    await sees('a\n');
    renameSync(log, `${log}.1`);
    appendFileSync(`${log}.1`, 'b\n');
    writeFileSync(log, 'c\n');
    await sees('a\nb\nc\n');
    copyFileSync(log, `${log}.2`);
    truncateSync(log);
    await settle();
    add('d\n');
    await sees('a\nb\nc\nd\n');
    unlinkSync(log);
    await settle();
    writeFileSync(log, 'e\n');
    await sees('a\nb\nc\nd\ne\n');
  });
  it('waits for a file that is not there yet', async () => {
    start(null);
    await settle();
    add('a\n');
    await sees('a\n');
  });
  it('goes on where it was, also in a file that has another name by now', async () => {
    add('old\n');
    start(null);
    await settle();
    add('a\n');
    await sees('a\n');
    await followed!.close();
    add('b\n');
    renameSync(log, `${log}.1`);
    add('c\n');
    start(place);
    await sees('a\nb\nc\n');
    await followed!.close();
    start(place);
    await settle();
    expect(text).toBe('a\nb\nc\n');
  });
});
