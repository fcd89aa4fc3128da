import type { Hands, RouteChange } from '../../../change/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { usageFault } from '../report.ts';

/** The change that still waits to be confirmed, if there is one. */
export async function waitingChange({ machine, system, journal }: Hands): Promise<RouteChange | undefined> {
  const boot = await system.boot(machine);
  return (await journal.all()).findLast((c) => c.confirm !== null && c.end === null && c.boot === boot);
}

/** Why no other change may be made now. Code `change-open`. */
export async function openChange(hands: Hands): Promise<readonly Diagnostic[]> {
  const change = await waitingChange(hands);
  if (!change) return [];
  const message = `change ${change.id} (${change.asked}) waits to be confirmed`;
  return [usageFault('change-open', message, 'waymark route confirm, or waymark undo')];
}
