import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { failure, success, type Result } from '../ip/index.ts';

const BLOCK = 1024 * 1024;

/** See `Machine.readBlocks`. */
export async function readBlocks(path: string, onBlock: (text: string) => void | Promise<void>): Promise<Result<null>> {
  const input = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: BLOCK });
  const blocks = (input as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const first = await blocks.next();
  if (first.done) return success(null);
  const whole = joined(first.value, blocks);
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    for await (const block of whole) await onBlock(block.toString('latin1'));
    return success(null);
  }
  return unpack(path, whole, onBlock);
}

async function* joined(first: Buffer, others: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next: IteratorResult<Buffer> = { done: false, value: first }; !next.done; next = await others.next())
    yield next.value;
}

async function unpack(
  path: string,
  packed: AsyncIterable<Buffer>,
  onBlock: (text: string) => void | Promise<void>,
): Promise<Result<null>> {
  try {
    await pipeline(packed, createGunzip({ chunkSize: BLOCK }), async (unpacked: AsyncIterable<Buffer>) => {
      for await (const block of unpacked) await onBlock(block.toString('latin1'));
    });
    return success(null);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith('Z_')) throw error;
    return failure('input-unrecognised', `${path}: what is packed in it is broken: ${message}`, 'name a whole file');
  }
}
