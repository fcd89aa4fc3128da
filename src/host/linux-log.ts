import { isAscii } from 'node:buffer';
import { constants } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure, success, type Result } from '../ip/index.ts';
import { attempt } from './linux-files.ts';
import { syncFolder } from './sync-folder.ts';
import type { DurableLog } from './machine.ts';

const CHUNK = 1024 * 1024;
/** Texts of this length stay out of the space for large objects, which is freed only seldom. */
const PIECE = 64 * 1024;
/** A line longer than this is no line of ours: it is given in pieces. */
const MAX_LINE = 1024 * 1024;

/** A real `DurableLog`. */
export const openLog = (path: string, onLine: (line: string) => void): Promise<Result<DurableLog>> =>
  attempt(path, async () => {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const length = await readLines(file, onLine);
    if (length < (await file.stat()).size) await cutAt(file, length);
    // the file's own name must last too
    await syncFolder(dirname(path));
    return success(new LinuxLog(path, file, length));
  });

/** Gives every line; how many bytes they have together. */
async function readLines(file: FileHandle, onLine: (line: string) => void): Promise<number> {
  const chunk = Buffer.alloc(CHUNK);
  let rest: Buffer = Buffer.alloc(0);
  let length = 0;
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at);
    if (bytesRead === 0) return length;
    at += bytesRead;
    const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let begin = 0;
    for (let end = endOfPiece(bytes, begin); end > begin; end = endOfPiece(bytes, begin)) {
      giveLines(bytes.subarray(begin, end), onLine);
      begin = end;
    }
    length += begin;
    rest = bytes.subarray(begin);
    if (rest.length > MAX_LINE) {
      onLine(rest.toString('utf8'));
      length += rest.length;
      rest = Buffer.alloc(0);
    }
  }
}

/** Where the last line that fits into a piece ends, or the one line that does not; `begin` when none ends. */
function endOfPiece(bytes: Buffer, begin: number): number {
  const last = bytes.subarray(0, begin + PIECE).lastIndexOf(10) + 1;
  return last > begin ? last : Math.max(begin, bytes.indexOf(10, begin) + 1);
}

/** Lines are cut from one text where they are the same in bytes and signs: to make a text costs more than to cut it. */
function giveLines(bytes: Buffer, onLine: (line: string) => void): void {
  const text = isAscii(bytes) ? bytes.toString('latin1') : bytes.toString();
  let begin = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', begin)) {
    onLine(text.slice(begin, end));
    begin = end + 1;
  }
}

async function cutAt(file: FileHandle, length: number): Promise<void> {
  await file.truncate(length);
  await file.datasync();
}

const nothing = (): void => undefined;

interface Waiting {
  readonly text: string;
  readonly onKept: () => void;
  readonly done: (result: Result<null>) => void;
}

/** Writes in turn; what comes while the disk is busy goes out together, with one sync. */
class LinuxLog implements DurableLog {
  readonly #path: string;
  #file: FileHandle;
  /** Bytes that are surely there. */
  #length: number;
  #waiting: Waiting[] = [];
  #busy: Promise<unknown> = Promise.resolve();
  /** Nobody knows what stands behind `#length`. */
  #isBroken = false;

  constructor(path: string, file: FileHandle, length: number) {
    this.#path = path;
    this.#file = file;
    this.#length = length;
  }

  append(text: string, onKept: () => void = nothing): Promise<Result<null>> {
    return new Promise((done) => {
      this.#waiting.push({ text, onKept, done });
      if (this.#waiting.length === 1) void this.#next(() => this.#flush());
    });
  }

  replace(lines: () => Iterable<string>): Promise<Result<null>> {
    return this.#next(() => attempt(this.#path, () => this.#replace(lines())));
  }

  async close(): Promise<void> {
    await this.#next(() => this.#file.close());
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#busy.then(work);
    this.#busy = mine.catch(() => undefined);
    return mine;
  }

  async #flush(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    const bytes = Buffer.from(group.map((w) => w.text).join(''));
    const result = await attempt(this.#path, () => this.#write(bytes));
    if (result.ok) for (const { onKept } of group) onKept();
    for (const { done } of group) done(result);
  }

  async #write(bytes: Buffer): Promise<Result<null>> {
    if (this.#isBroken) return failure('fact-unreadable', `${this.#path}: an earlier write failed; open it again`);
    try {
      for (let at = 0; at < bytes.length;)
        at += (await this.#file.write(bytes, at, bytes.length - at, this.#length + at)).bytesWritten;
      await this.#file.datasync();
    } catch (error) {
      // what is half there must not stand in front of the next line
      this.#isBroken = true;
      await cutAt(this.#file, this.#length);
      this.#isBroken = false;
      throw error;
    }
    this.#length += bytes.length;
    return success(null);
  }

  async #replace(lines: Iterable<string>): Promise<Result<null>> {
    const path = `${this.#path}.new`;
    const file = await open(path, 'w', 0o600);
    try {
      for (const text of inChunks(lines)) await file.appendFile(text);
      await file.sync();
      await rename(path, this.#path);
    } catch (error) {
      await file.close();
      throw error;
    }
    const old = this.#file;
    this.#file = file;
    this.#length = (await file.stat()).size;
    this.#isBroken = false;
    await old.close();
    await syncFolder(dirname(this.#path));
    return success(null);
  }
}

function* inChunks(lines: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const line of lines) {
    chunk.push(`${line}\n`);
    if (chunk.length < 10_000) continue;
    yield chunk.join('');
    chunk = [];
  }
  yield chunk.join('');
}
