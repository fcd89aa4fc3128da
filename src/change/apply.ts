import { hasErrors, type Diagnostic } from '../ip/index.ts';
import type { NewChange, RouteChange } from './journal.ts';
import { bring, type Hands } from './take-back.ts';
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
 * is it done. What the table does not show afterwards is taken back. Codes: those of `Journal.begin`, `armWatchdog`, `bring`.
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
  const done = await bring(hands, change, change.after);
  // the watchdog may have been faster than a slow command
  const isLate = change.confirm !== null && (await hands.journal.end(change.id)) === 'back';
  if (!hasErrors(done.diagnostics) && !isLate) return { kind: 'done', change, diagnostics: [] };
  if (done.steps.length === 0 && !isLate) {
    await hands.journal.finish(change.id, 'back');
    return { kind: 'untouched', change, diagnostics: done.diagnostics };
  }
  const back = await bring(hands, change, change.before);
  if (hasErrors(back.diagnostics))
    return { kind: 'stuck', change, diagnostics: [...done.diagnostics, ...back.diagnostics] };
  await hands.journal.finish(change.id, 'back');
  return { kind: 'back', change, diagnostics: done.diagnostics };
}
