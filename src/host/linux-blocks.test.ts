import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { linuxMachine } from './linux-machine.ts';

const folder = mkdtempSync(join(tmpdir(), 'waymark-blocks-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: Uint8Array): Promise<{ code: string; text: string }> {
  const path = join(folder, 'log');
  writeFileSync(path, content);
  let text = '';
  const done = await linuxMachine().readBlocks(path, (block) => void (text += block));
  return { code: done.ok ? '' : done.code, text };
}

describe('reading in blocks', () => {
  const bytes = Buffer.from('a\n\xff\xe9b\n'.repeat(400_000), 'latin1');
  it('gives every byte as a character, packed or not', async () => {
    expect(await read(bytes)).toEqual({ code: '', text: bytes.toString('latin1') });
    expect(await read(gzipSync(bytes))).toEqual({ code: '', text: bytes.toString('latin1') });
    expect(await read(Buffer.alloc(0))).toEqual({ code: '', text: '' });
  });
  it('says that a packed file is broken, or is not there', async () => {
    const packed = gzipSync(bytes);
    expect((await read(packed.subarray(0, packed.length - 9))).code).toBe('input-unrecognised');
    expect(await linuxMachine().readBlocks(join(folder, 'none'), () => undefined)).toMatchObject({
      code: 'file-missing',
    });
  });
});
