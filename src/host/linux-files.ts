import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { failure, success, type Result } from '../ip/index.ts';
import { readBlocks } from './linux-blocks.ts';
import { OUTPUT_LIMIT, type Machine } from './machine.ts';

type Files = Pick<
  Machine,
  'readFile' | 'readBytes' | 'readBlocks' | 'writeFile' | 'mkdir' | 'remove' | 'exists' | 'list' | 'readStdin'
>;

/** The real file system and standard input. */
export const linuxFiles: Files = {
  readFile: (path) => attempt(path, () => readText(path)),
  readBytes: (path) => attempt(path, () => readBounded(path)),
  readBlocks: (path, onBlock) => attempt(path === '-' ? 'standard input' : path, () => readBlocks(path, onBlock)),
  writeFile: (path, text, mode = 0o644) =>
    attempt(path, async () => {
      await writeFile(path, text, { mode });
      await chmod(path, mode); // the umask, or an older file's mode, must not decide
      return success(null);
    }),
  mkdir: (path) =>
    attempt(path, async () => {
      await mkdir(path, { recursive: true });
      return success(null);
    }),
  remove: (path) =>
    attempt(path, async () => {
      await rm(path, { recursive: true, force: true });
      return success(null);
    }),
  exists: async (path) => (await attempt(path, async () => success(await lstat(path)))).ok,
  list: (path) => attempt(path, async () => success((await readdir(path)).sort())),
  readStdin: () => attempt('standard input', () => readAll(process.stdin, 'standard input')),
};

async function readBounded(path: string): Promise<Result<Buffer>> {
  if ((await stat(path)).size > OUTPUT_LIMIT) return tooLarge(path);
  // not by size: pipes and devices have none
  return readAllBytes(createReadStream(path), path);
}

const asText = (bytes: Result<Buffer>): Result<string> => (bytes.ok ? success(bytes.value.toString('utf8')) : bytes);

const readText = async (path: string): Promise<Result<string>> => asText(await readBounded(path));

const readAll = async (stream: AsyncIterable<unknown>, name: string): Promise<Result<string>> =>
  asText(await readAllBytes(stream, name));

async function readAllBytes(stream: AsyncIterable<unknown>, name: string): Promise<Result<Buffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > OUTPUT_LIMIT) return tooLarge(name);
    chunks.push(chunk);
  }
  return success(Buffer.concat(chunks));
}

const tooLarge = <T>(path: string): Result<T> => failure('input-too-large', `${path} is larger than 64 MiB`);

/** What an action gives; what the file system says against it becomes a failure. */
export async function attempt<T>(path: string, action: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await action();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return failure('file-missing', `${path}: no such file or directory`);
    if (code === 'EACCES' || code === 'EPERM') return failure('privilege-missing', `${path}: permission denied`);
    return failure('fact-unreadable', `${path}: ${message}`);
  }
}
