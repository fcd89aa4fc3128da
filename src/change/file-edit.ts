import { lineDifference, withDifference } from '../dialect/index.ts';
import type { Machine } from '../host/index.ts';
import { failure, hasErrors, success, type Diagnostic, type Result } from '../ip/index.ts';
import { failed } from './linux-routes.ts';
import type { Argv } from './route-system.ts';

/** A file before and after a change; null where there is none. */
export interface FileEdit {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The mode of a new file. */
  readonly mode: number;
  /** What is run when the file has changed, so that whoever reads it knows. */
  readonly tell: readonly Argv[];
}

/** What was written. */
export interface FilesPut {
  /** Files that have another text now. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes the files have what the change has on that side. Where somebody changed one in between, only the change's own lines
 * are taken out or put in. Codes: `changed-since` where these are not found, `command-failed`, those of `replaceFile`.
 */
export async function putFiles(
  machine: Machine,
  edits: readonly FileEdit[],
  side: 'before' | 'after',
): Promise<FilesPut> {
  const paths: string[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const edit of edits) {
    const put = await putFile(machine, edit, side);
    if (!put.ok) diagnostics.push({ severity: 'error', ...put });
    else if (put.value) paths.push(edit.path);
    if (!put.ok || !put.value) continue;
    for (const argv of edit.tell) {
      const said = await machine.run(argv);
      // taking back goes on: the file is what counts
      if (said.code !== 0) diagnostics.push({ ...failed(argv, said.stderr), severity: side === 'after' ? 'error' : 'warning' }); // prettier-ignore
    }
    if (hasErrors(diagnostics) && side === 'after') break;
  }
  return { paths, diagnostics };
}

/** Whether the file had to be changed. */
async function putFile(machine: Machine, edit: FileEdit, side: 'before' | 'after'): Promise<Result<boolean>> {
  const read = await readText(machine, edit.path);
  if (!read.ok) return read;
  const wanted = merged(edit, read.value, side);
  if (!wanted.ok) return wanted;
  if (wanted.value === read.value) return success(false);
  const done =
    wanted.value === null
      ? await machine.remove(edit.path)
      : await machine.replaceFile(edit.path, wanted.value, edit.mode);
  return done.ok ? success(true) : done;
}

function merged(edit: FileEdit, now: string | null, side: 'before' | 'after'): Result<string | null> {
  const [from, to] = side === 'after' ? [edit.before, edit.after] : [edit.after, edit.before];
  if (now === to || now === from) return success(to);
  const text = now === null || from === null || to === null ? null : withDifference(now, lineDifference(from, to));
  if (text !== null) return success(text);
  return failure(
    'changed-since',
    `${edit.path}: somebody else changed the lines of this route`,
    'look at the file, and change these lines by hand',
  );
}

/** A text file as it is, null where there is none. Code `fact-unreadable` where it is no UTF-8, beside those of `readBytes`. */
export async function readText(machine: Machine, path: string): Promise<Result<string | null>> {
  const bytes = await machine.readBytes(path);
  if (!bytes.ok) return bytes.code === 'file-missing' ? success(null) : bytes;
  try {
    return success(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value));
  } catch {
    return failure('fact-unreadable', `${path} is not UTF-8: it could not be kept as it is`);
  }
}
