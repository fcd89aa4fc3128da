import { watch, type FSWatcher } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Followed, LogPlace } from './machine.ts';

const BLOCK = 1024 * 1024;

/** Where nothing wakes us (a file system over the network), so often the file is looked at, in milliseconds. */
const LOOK_MS = 1000;

/** See `Machine.follow`. */
export function follow(
  path: string,
  from: LogPlace | null,
  onBlock: (text: string, place: LogPlace) => void | Promise<void>,
): Followed {
  if (path === '-') return followInput(onBlock);
  const follower = new Follower(path, onBlock);
  const first = follower.begin(from);
  const wake = (): void => void first.then(() => follower.look());
  const watcher = watched(dirname(path), wake);
  const timer = setInterval(wake, LOOK_MS);
  wake();
  return {
    async close() {
      watcher?.close();
      clearInterval(timer);
      await first;
      await follower.close();
    },
  };
}

/** Standard input has neither place nor end from which it could go on. */
function followInput(onBlock: (text: string, place: LogPlace) => void | Promise<void>): Followed {
  let offset = 0;
  const read = async (): Promise<void> => {
    for await (const block of process.stdin as AsyncIterable<Buffer>) {
      offset += block.length;
      await onBlock(block.toString('latin1'), { file: '-', offset });
    }
  };
  // ended while it is read
  const reading = read().catch(() => undefined);
  return {
    async close() {
      process.stdin.destroy();
      await reading;
    },
  };
}

/** Wakes when anything in the folder changes: a file of that name may come and go. */
function watched(folder: string, wake: () => void): FSWatcher | null {
  try {
    return watch(folder, wake).on('error', () => undefined);
  } catch {
    return null; // the folder is not there yet: the timer looks
  }
}

class Follower {
  readonly #path: string;
  readonly #onBlock: (text: string, place: LogPlace) => void | Promise<void>;
  readonly #buffer = Buffer.allocUnsafe(BLOCK);
  #file: FileHandle | null = null;
  #place: LogPlace = { file: '', offset: 0 };
  #looking: Promise<void> = Promise.resolve();
  #isWanted = false;
  #isClosed = false;

  constructor(path: string, onBlock: (text: string, place: LogPlace) => void | Promise<void>) {
    this.#path = path;
    this.#onBlock = onBlock;
  }

  /** Goes on where it was; at the end when nobody says where. What was rotated away since then is read first. */
  async begin(from: LogPlace | null): Promise<void> {
    const path = from === null ? this.#path : await this.#pathOf(from.file);
    await this.#open(path);
    if (this.#file === null) return;
    const { size } = await this.#file.stat();
    const isSame = from !== null && from.file === this.#place.file && from.offset <= size;
    this.#place = { ...this.#place, offset: isSame ? from.offset : from === null ? size : 0 };
  }

  /** A file may have another name by now. */
  async #pathOf(file: string): Promise<string> {
    const folder = dirname(this.#path);
    const names = await readdir(folder).catch((): string[] => []);
    for (const name of names.filter((n) => n.startsWith(basename(this.#path))))
      if ((await nameOf(join(folder, name))) === file) return join(folder, name);
    return this.#path;
  }

  async #open(path: string): Promise<void> {
    await this.#file?.close();
    this.#file = await open(path, 'r').catch(() => null);
    if (this.#file) this.#place = { file: inode(await this.#file.stat()), offset: 0 };
  }

  /** Reads what is new. Asked while it reads, it looks once more. */
  look(): void {
    if (this.#isWanted || this.#isClosed) return;
    this.#isWanted = true;
    this.#looking = this.#looking.then(async () => {
      this.#isWanted = false;
      if (!this.#isClosed) await this.#read();
    });
  }

  async #read(): Promise<void> {
    if (this.#file === null) await this.#open(this.#path);
    for (;;) {
      // what was said last under the old name is read before the new one: first who has the name, then what there is
      const now = await nameOf(this.#path);
      await this.#readOn();
      if (now === null || now === this.#place.file || this.#isClosed) return;
      await this.#open(this.#path);
    }
  }

  async #readOn(): Promise<void> {
    const file = this.#file;
    if (file === null) return;
    // copy and truncate
    if ((await file.stat()).size < this.#place.offset) this.#place = { ...this.#place, offset: 0 };
    for (;;) {
      const { bytesRead } = await file.read(this.#buffer, 0, BLOCK, this.#place.offset);
      if (bytesRead === 0 || this.#isClosed) return;
      this.#place = { ...this.#place, offset: this.#place.offset + bytesRead };
      await this.#onBlock(this.#buffer.toString('latin1', 0, bytesRead), this.#place);
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#looking;
    await this.#file?.close();
  }
}

const inode = ({ dev, ino }: { readonly dev: number; readonly ino: number }): string => `${dev}:${ino}`;

const nameOf = async (path: string): Promise<string | null> => stat(path).then(inode, () => null);
