import type { Machine } from '../host/index.ts';
import { hasErrors, type Diagnostic } from '../ip/index.ts';
import type { Route } from '../model/index.ts';
import { putFiles } from './file-edit.ts';
import type { Journal, RouteChange } from './journal.ts';
import { failed } from './linux-routes.ts';
import { routesAt, routeText, sameRoutes } from './route-key.ts';
import type { Argv, RouteSystem } from './route-system.ts';

/** What changes are made with. */
export interface Hands {
  readonly machine: Machine;
  readonly system: RouteSystem;
  readonly journal: Journal;
}

/** What taking a change back came to. */
export interface TakenBack {
  /** The commands that were run; none when all was as before already. */
  readonly steps: readonly Argv[];
  /** Files that were changed. */
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Time that one command gets, in milliseconds. */
const STEP_LIMIT_MS = 10_000;

/**
 * Makes the change's place in the table have these routes, and believes the table, not the commands. Codes:
 * `command-failed`, `table-differs`.
 */
export async function bring(
  { machine, system }: Hands,
  change: Pick<RouteChange, 'before' | 'after'>,
  wanted: readonly Route[],
): Promise<TakenBack> {
  const place = placeOf(change);
  const has = await system.read(machine);
  if (hasErrors(has.diagnostics)) return { steps: [], paths: [], diagnostics: has.diagnostics };
  const steps = system.steps(routesAt(has.value, place), wanted);
  const said: Diagnostic[] = [];
  for (const argv of steps) {
    const { code, stderr, stdout } = await machine.run(argv, { timeoutMs: STEP_LIMIT_MS });
    if (code !== 0) said.push(failed(argv, stderr || stdout));
  }
  const now = await system.read(machine);
  if (hasErrors(now.diagnostics)) return { steps, paths: [], diagnostics: [...said, ...now.diagnostics] };
  const there = routesAt(now.value, place);
  if (sameRoutes(there, wanted)) return { steps, paths: [], diagnostics: [] };
  return { steps, paths: [], diagnostics: [...said, differs(there, wanted)] };
}

/** A route that has the place of the table which the change is about. */
export function placeOf({ before, after }: Pick<RouteChange, 'before' | 'after'>): Route {
  const place = before[0] ?? after[0];
  if (!place) throw new Error('bug: a change without a route');
  return place;
}

const named = (routes: readonly Route[]): string => routes.map(routeText).join('; ') || 'nothing';

const differs = (there: readonly Route[], wanted: readonly Route[]): Diagnostic => ({
  code: 'table-differs',
  severity: 'error',
  message: `the table has ${named(there)} where it should have ${named(wanted)}`,
});

/** The old state, table and files. Codes: those of `bring` and `putFiles`. */
export async function restore(hands: Hands, change: RouteChange): Promise<TakenBack> {
  const table = await bring(hands, change, change.before);
  const files = await putFiles(hands.machine, change.files, 'before');
  return { steps: table.steps, paths: files.paths, diagnostics: [...table.diagnostics, ...files.diagnostics] };
}

/**
 * Takes a change back: what its place had before is there again, and so have its files. Unless `always`, nothing is done
 * where somebody changed that place since. Codes: `changed-since`, and those of `bring` and `putFiles`.
 */
export async function takeBack(hands: Hands, change: RouteChange, always: boolean): Promise<TakenBack> {
  const { machine, system, journal } = hands;
  const has = await system.read(machine);
  if (hasErrors(has.diagnostics)) return { steps: [], paths: [], diagnostics: has.diagnostics };
  const there = routesAt(has.value, placeOf(change));
  const isOurs = [change.after, change.before].some((routes) => isLike(there, routes, change));
  if (!always && !isOurs) return { steps: [], paths: [], diagnostics: [changedSince(change, there)] };
  const done = await restore(hands, change);
  if (!hasErrors(done.diagnostics)) await journal.finish(change.id, 'back');
  return done;
}

/** Whether these are the change's routes; who made them is another when a manager has made them anew out of its file. */
function isLike(there: readonly Route[], wanted: readonly Route[], { files }: RouteChange): boolean {
  if (files.length === 0) return sameRoutes(there, wanted);
  const plain = (routes: readonly Route[]): readonly Route[] => routes.map((r) => ({ ...r, protocol: 'boot' }));
  return sameRoutes(plain(there), plain(wanted));
}

const changedSince = ({ id, after }: RouteChange, there: readonly Route[]): Diagnostic => ({
  code: 'changed-since',
  severity: 'error',
  message: `change ${id} left ${named(after)}, and now there is ${named(there)}`,
  hint: 'somebody else changed it; --yes takes it back all the same',
});

/** Attempts of the watchdog, and how long it waits between them, in milliseconds. */
const ATTEMPTS = 30;
const PAUSE_MS = 1000;

/**
 * The watchdog's work when the time is over: takes the change back unless it was confirmed, and tries again where that
 * does not work. Whoever ends the change first has ended it; where nothing can be written any more, back it goes.
 */
export async function takeBackUnconfirmed(hands: Hands, change: RouteChange): Promise<readonly Diagnostic[]> {
  const { machine, journal } = hands;
  const ended = await journal.finish(change.id, 'back');
  if (!ended.ok && (await journal.end(change.id)) === 'confirmed') return [];
  let faults: readonly Diagnostic[] = [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    faults = (await restore(hands, change)).diagnostics;
    if (!hasErrors(faults)) return [];
    await machine.sleep(PAUSE_MS);
  }
  return faults;
}
