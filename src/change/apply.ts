import { hasErrors, type Diagnostic } from '../ip/index.ts';
import { putFiles } from './file-edit.ts';
import type { NewChange, RouteChange } from './journal.ts';
import { bring, restore, type Hands, type TakenBack } from './take-back.ts';
import { armWatchdog, type WatchdogOptions } from './watchdog.ts';

/**
 * What applying a change came to. `untouched`: nothing was done; `back`: it was done and taken back; `stuck`: it was begun,
 * and could not be taken back.
 */
export interface Applied {
  readonly kind: 'done' | 'untouched' | 'back' | 'stuck';
  readonly change: RouteChange | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Makes a change: first it is written down with the way back, then somebody watches, if it must be confirmed, and only then
 * is it done. What the table does not show afterwards is taken back. Files are written last, and where the change must be
 * confirmed only then: until that, a reboot leaves the old state. Codes: those of `Journal.begin`, `armWatchdog`, `bring`,
 * `putFiles`.
 */
export async function applyChange(hands: Hands, planned: NewChange, options: WatchdogOptions): Promise<Applied> {
  const begun = await hands.journal.begin(planned);
  if (!begun.ok) return { kind: 'untouched', change: null, diagnostics: [{ severity: 'error', ...begun }] };
  const change = begun.value;
  const armed = change.confirm === null ? [] : await armWatchdog(hands, change, options);
  if (hasErrors(armed)) {
    await hands.journal.finish(change.id, 'back');
    return { kind: 'untouched', change, diagnostics: armed };
  }
  const done = await make(hands, change);
  // the watchdog may have been faster than a slow command
  const isLate = change.confirm !== null && (await hands.journal.end(change.id)) === 'back';
  if (!hasErrors(done.diagnostics) && !isLate) return { kind: 'done', change, diagnostics: [] };
  if (done.steps.length + done.paths.length === 0 && !isLate) {
    await hands.journal.finish(change.id, 'back');
    return { kind: 'untouched', change, diagnostics: done.diagnostics };
  }
  const back = await restore(hands, change);
  if (hasErrors(back.diagnostics))
    return { kind: 'stuck', change, diagnostics: [...done.diagnostics, ...back.diagnostics] };
  await hands.journal.finish(change.id, 'back');
  return { kind: 'back', change, diagnostics: done.diagnostics };
}

async function make(hands: Hands, change: RouteChange): Promise<TakenBack> {
  const done = await bring(hands, change, change.after);
  if (hasErrors(done.diagnostics) || change.confirm !== null) return done;
  const { paths, diagnostics } = await putFiles(hands.machine, change.files, 'after');
  return { steps: done.steps, paths, diagnostics };
}
