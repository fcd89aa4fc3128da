import { putFiles } from '../../../change/index.ts';
import { handsOf } from '../change/hands.ts';
import { waitingChange } from '../change/open-change.ts';
import { EXIT, leave, note, type Cli } from '../context.ts';
import { stopsAt, usageFault } from '../report.ts';

/** `waymark route confirm`: the change that waits is kept. Exit 0 kept, 2 none waits, 4 it was taken back already. */
export async function routeConfirm(this: Cli): Promise<void> {
  const hands = await handsOf(this);
  const change = await waitingChange(hands);
  if (!change) {
    const last = (await hands.journal.all()).at(-1);
    const isBack = last?.confirm !== null && last?.end === 'back';
    if (isBack) note(this, `change ${last.id} (${last.asked}) was not confirmed in time: it is taken back`);
    else
      stopsAt(this, [
        usageFault('change-unknown', 'no change waits to be confirmed', 'waymark undo --list names the last ones'),
      ]);
    if (isBack) leave(this, EXIT.rolledBack);
    return;
  }
  const put = await putFiles(hands.machine, change.files, 'after');
  if (stopsAt(this, put.diagnostics)) {
    stopsAt(this, (await putFiles(hands.machine, change.files, 'before')).diagnostics);
    note(this, `not confirmed: change ${change.id} is taken back when its time is over`);
    return;
  }
  const kept = await hands.journal.finish(change.id, 'confirmed');
  // who takes it back was faster, and may have looked at the files before they were written
  if (!kept.ok) stopsAt(this, (await putFiles(hands.machine, change.files, 'before')).diagnostics);
  for (const path of kept.ok ? put.paths : []) note(this, `# written: ${path}`);
  if (kept.ok) {
    note(this, `change ${change.id} (${change.asked}) is kept; back again: waymark undo ${change.id}`);
    return;
  }
  if (kept.code !== 'output-exists') {
    stopsAt(this, [{ severity: 'error', ...kept }]);
    return;
  }
  note(this, `change ${change.id} (${change.asked}) was just taken back`);
  leave(this, EXIT.rolledBack);
}
