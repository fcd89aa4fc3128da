import { chmod, chown, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { success, type Result } from '../ip/index.ts';
import { attempt } from './linux-files.ts';
import { syncFolder } from './sync-folder.ts';
import { writeSynced } from './write-synced.ts';

/** See `Machine.replaceFile`: a hidden draft beside it, which no program that reads all of a folder takes for a file, is renamed over it. */
export const replaceFile = (path: string, text: string, mode = 0o644): Promise<Result<null>> =>
  attempt(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const place = await realpath(path).catch(() => path);
    const old = await stat(place).catch(() => null);
    const draft = join(dirname(place), `.${basename(place)}.waymark-${process.pid}`);
    try {
      await writeSynced(draft, text);
      if (old) await chown(draft, old.uid, old.gid);
      await chmod(draft, old ? old.mode & 0o7777 : mode);
      await rename(draft, place);
    } finally {
      await rm(draft, { force: true }).catch(() => undefined);
    }
    await syncFolder(dirname(place));
    return success(null);
  });
