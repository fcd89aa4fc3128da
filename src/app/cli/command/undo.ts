import { takeBack, takeBackUnconfirmed, type Hands, type RouteChange } from '../../../change/index.ts';
import { shellLine } from '../../../dialect/index.ts';
import { EXIT, leave, note, say, type Cli } from '../context.ts';
import { handsOf } from '../change/hands.ts';
import { needsRoot } from '../needs-root.ts';
import { stopsAt, usageFault } from '../report.ts';

/** Flags of `waymark undo`. */
export interface UndoFlags {
  readonly list?: boolean;
  readonly yes?: boolean;
  readonly unconfirmed?: boolean;
  readonly after?: number;
}

/** Changes that `--list` shows. */
const SHOWN = 20;

/** `waymark undo [N]`: takes the last change back, or the one of that number. Exit 0 it is back, 2 it is not. */
export async function undo(this: Cli, flags: UndoFlags, number?: number): Promise<void> {
  const hands = await handsOf(this);
  const all = await hands.journal.all();
  if (flags.list) {
    say(
      this,
      all
        .slice(-SHOWN)
        .map((c) => `${lineOf(c)}\n`)
        .join(''),
    );
    return;
  }
  const change = number === undefined ? all.findLast((c) => c.end !== 'back') : all.find((c) => c.id === number);
  if (!change) {
    const message = number === undefined ? 'there is no change to take back' : `there is no change ${number}`;
    stopsAt(this, [usageFault('change-unknown', message, 'waymark undo --list names the last ones')]);
    return;
  }
  if (flags.unconfirmed) await watch(this, hands, change, flags.after ?? 0);
  else await back(this, hands, change, flags.yes ?? false);
}

const STATE = { confirmed: 'confirmed', back: 'taken back', made: 'made' } as const;

const lineOf = (c: RouteChange): string =>
  `${c.id}  ${new Date(c.at).toISOString().slice(0, 19)}  ${c.by}  ${STATE[c.end ?? 'made']}  ${c.asked}`;

async function back(cli: Cli, hands: Hands, change: RouteChange, always: boolean): Promise<void> {
  if (needsRoot(cli)) return;
  if (change.files.length === 0 && change.boot !== (await hands.system.boot(cli.machine))) {
    const message = `change ${change.id} was made before this machine was started anew, and went with that`;
    stopsAt(cli, [usageFault('change-unknown', message)]);
    return;
  }
  const { steps, paths, diagnostics } = await takeBack(hands, change, always);
  say(cli, steps.map((s) => `${shellLine(s)}\n`).join(''));
  for (const path of paths) note(cli, `# ${path} is as before`);
  if (stopsAt(cli, diagnostics)) return;
  note(
    cli,
    `change ${change.id} (${change.asked}) is taken back${steps.length + paths.length === 0 ? ': it was so already' : ''}`,
  );
}

/** The watchdog: waits, and takes the change back unless it was confirmed. */
async function watch(cli: Cli, hands: Hands, change: RouteChange, after: number): Promise<void> {
  if (after > 0) await hands.journal.armed(change.id);
  await cli.machine.sleep(after * 1000);
  if (stopsAt(cli, await takeBackUnconfirmed(hands, change))) leave(cli, EXIT.badInput);
}
