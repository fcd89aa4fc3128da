import { open } from 'node:fs/promises';

/** Writes a file for its owner alone, which is on the disk when it is done. Fails as `open` of node:fs does. */
export async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
