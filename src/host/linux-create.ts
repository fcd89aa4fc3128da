import { link, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure, success, type Result } from '../ip/index.ts';
import { attempt } from './linux-files.ts';
import { syncFolder } from './sync-folder.ts';
import { writeSynced } from './write-synced.ts';

let drafts = 0;

/** See `Machine.createFile`: the text goes into a file beside it, which then gets the name; link(2) takes no name twice. */
export const createFile = (path: string, text: string): Promise<Result<null>> =>
  attempt(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}-${++drafts}`;
    try {
      await writeSynced(draft, text);
      await link(draft, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST')
        return failure('output-exists', `${path} is there already`);
      throw error;
    } finally {
      await rm(draft, { force: true }).catch(() => undefined);
    }
    await syncFolder(dirname(path));
    return success(null);
  });
