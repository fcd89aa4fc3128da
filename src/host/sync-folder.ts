import { open } from 'node:fs/promises';

/** Makes the names in a folder last, as fsync(2) says that a new file needs. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
