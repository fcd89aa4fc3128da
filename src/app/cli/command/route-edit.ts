import { applyChange, type Applied, type Hands } from '../../../change/index.ts';
import { parseRouteWords, shellLine } from '../../../dialect/index.ts';
import { hasErrors, type Diagnostic } from '../../../ip/index.ts';
import type { Host, Route } from '../../../model/index.ts';
import { movedTraffic } from '../../../reach/index.ts';
import { fileDiff, movedLines } from '../../../render/index.ts';
import { EditAnswer, type EditParts } from '../change/edit-answer.ts';
import { dangersOf, linksAround, type Danger } from '../change/dangers.ts';
import { handsOf, watchdogOf } from '../change/hands.ts';
import { hostHere } from '../change/host-here.ts';
import { checked, keeperLines, keepingOf, keepingText, type Keeping } from '../change/keeping.ts';
import { openChange } from '../change/open-change.ts';
import { hostAfter, planOf, type RoutePlan, type Said, type Verb } from '../change/plan.ts';
import { sshSession } from '../change/ssh-session.ts';
import { EXIT, leave, note, type Cli } from '../context.ts';
import { needsRoot } from '../needs-root.ts';
import { stopsAt, usageFault } from '../report.ts';
import { personOf } from './block.ts';

/** Flags of the commands that change routes. */
export interface EditFlags {
  readonly confirm?: number;
  readonly dryRun?: boolean;
  readonly persist?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Seconds in which a change must be confirmed that touches the person's own way. */
const USUAL_CONFIRM = 60;

type Edit = (this: Cli, flags: EditFlags, ...words: string[]) => Promise<void>;

const edit = (verb: Verb, type?: 'unreachable' | 'prohibit' | 'blackhole'): Edit =>
  async function (flags, ...words) {
    await editRoute(this, verb, flags, type === undefined ? words : [type, ...words]);
  };

/** `waymark route add PREFIX via GATEWAY …`: exit 0 done, 2 nothing was done, 4 done and taken back. */
export const routeAdd = edit('add');
/** `waymark route del PREFIX …`. */
export const routeDel = edit('del');
/** `waymark route replace PREFIX via GATEWAY …`. */
export const routeReplace = edit('replace');
/** `waymark route unreachable PREFIX`, and `reject`. */
export const routeUnreachable = edit('add', 'unreachable');
/** `waymark route prohibit PREFIX`. */
export const routeProhibit = edit('add', 'prohibit');
/** `waymark route blackhole PREFIX`. */
export const routeBlackhole = edit('add', 'blackhole');

async function editRoute(cli: Cli, verb: Verb, flags: EditFlags, words: readonly string[]): Promise<void> {
  const route = wordsOf(verb, words);
  if (stopsAt(cli, route.diagnostics) || !route.value) return;
  if (!flags.dryRun && needsRoot(cli)) return;
  const hands = await handsOf(cli);
  const host = await hostHere(hands);
  if (stopsAt(cli, host.diagnostics) || !host.value) return;
  const said: Said = (word) => words.includes(word);
  const plan = planOf(host.value, hands.system, verb, route.value, said);
  if (stopsAt(cli, plan.ok ? await openChange(hands) : [{ severity: 'error', ...plan }]) || !plan.ok) return;
  const kept = flags.persist ? await keepingOf(hands, host.value, verb, plan.value) : null;
  if (kept && !kept.ok) {
    stopsAt(cli, [{ severity: 'error', ...kept }]);
    return;
  }
  const dangers = dangersOf(host.value, plan.value, await sshSession(cli.machine));
  const moved = tell(cli, host.value, plan.value, dangers);
  const asked = askedBy(verb, flags, words);
  await carryOut(cli, hands, { plan: plan.value, kept: kept?.value ?? null, dangers, moved, asked }, flags);
}

const askedBy = (verb: Verb, { persist }: EditFlags, words: readonly string[]): string =>
  [verb, ...words, ...(persist ? ['--persist'] : [])].join(' ');

/** What is to be done. */
interface Task {
  readonly plan: RoutePlan;
  readonly kept: Keeping | null;
  readonly dangers: readonly Danger[];
  /** What goes another way, in words. */
  readonly moved: readonly string[];
  readonly asked: string;
}

async function carryOut(cli: Cli, hands: Hands, task: Task, flags: EditFlags): Promise<void> {
  const { plan, kept, dangers } = task;
  const steps = hands.system.steps(plan.before, plan.after);
  for (const line of kept ? keeperLines(kept) : []) note(cli, `# ${line}`);
  const text = steps.map((s) => `${shellLine(s)}\n`).join('') + (kept ? keepingText(hands, kept) : '');
  const answer = new EditAnswer(cli, flags.json ?? false, partsOf(task, steps));
  if (flags.dryRun || steps.length + (kept?.edits.length ?? 0) === 0) {
    answer.print(text);
    note(cli, flags.dryRun ? 'dry run: nothing was changed' : 'it is so already: nothing was changed');
    answer.end(flags.dryRun ? 'dry-run' : 'so-already', null);
    return;
  }
  if (!(await mayGoOn(cli, flags, dangers))) {
    answer.end('not-wanted', null);
    return;
  }
  if (kept && stopsAt(cli, await checked(hands, kept))) return;
  const confirm = flags.confirm ?? (dangers.some((d) => d.isOwn) ? USUAL_CONFIRM : 0);
  answer.print(text);
  const applied = await make(cli, hands, task, confirm);
  report(cli, applied);
  answer.end(applied.kind, applied.change);
}

const partsOf = ({ asked, moved, dangers, kept }: Task, steps: readonly (readonly string[])[]): EditParts => ({
  asked,
  commands: steps.map(shellLine),
  keptBy: kept?.claim.by ?? null,
  files: (kept?.edits ?? []).map(({ path, before, after }) => ({ path, diff: fileDiff(path, before, after) })),
  moved: [...moved],
  dangers: dangers.map(({ why }) => why),
});

/** The route that the words name; `del` needs no next hop. */
function wordsOf(verb: Verb, words: readonly string[]): { value: Route | null; diagnostics: readonly Diagnostic[] } {
  if (words.length === 0)
    return {
      value: null,
      diagnostics: [usageFault('usage', 'name the route', 'for example 10.67.0.0/16 via 192.168.120.254')],
    };
  const isBare = verb === 'del' && !words.some((w) => ['via', 'dev', 'nexthop'].includes(w));
  const text = [...words, ...(isBare ? ['dev', 'lo'] : [])].join(' ');
  const read = parseRouteWords(text, { source: 'command line', line: 1, lineText: words.join(' ') });
  const isReject = ['unreachable', 'prohibit', 'blackhole', 'throw'].includes(words[0]!);
  return isBare && isReject ? parseRouteWords(words.join(' '), { source: 'command line', line: 1 }) : read;
}

/** What goes another way, before anything is asked; these lines are given back. */
function tell(cli: Cli, host: Host, plan: RoutePlan, dangers: readonly Danger[]): readonly string[] {
  const moved = movedLines(movedTraffic(host, hostAfter(host, plan), (plan.before[0] ?? plan.after[0])!.prefix));
  for (const line of moved) note(cli, `# ${line}`);
  if (moved.length === 0) note(cli, '# no traffic of this machine goes another way');
  for (const link of linksAround(host, plan)) note(cli, `# it is part of ${link}, whose hosts are neighbours`);
  for (const { why } of dangers) note(cli, `# danger: ${why}`);
  return moved;
}

/** Whether the person wants it; a refusal is reported. */
async function mayGoOn(cli: Cli, flags: EditFlags, dangers: readonly Danger[]): Promise<boolean> {
  if (flags.yes) return true;
  const said = await cli.machine.askPerson('Go on? [y/N] ');
  if (said === null && dangers.length === 0) return true;
  if (said !== null && /^y(es)?$/i.test(said.trim())) return true;
  if (said === null) {
    stopsAt(
      cli,
      dangers.map(({ why }) => usageFault('route-dangerous', why, '--yes where it is meant')),
    );
    return false;
  }
  note(cli, 'nothing was changed');
  leave(cli, EXIT.no);
  return false;
}

async function make(cli: Cli, hands: Hands, { plan, kept, asked }: Task, confirm: number): Promise<Applied> {
  const said = { at: cli.machine.now().getTime(), by: personOf(cli), asked, confirm: confirm > 0 ? confirm : null };
  const boot = await hands.system.boot(cli.machine);
  return applyChange(hands, { ...plan, ...said, boot, files: kept?.edits ?? [] }, watchdogOf(cli));
}

function report(cli: Cli, { kind, change, diagnostics }: Applied): void {
  stopsAt(cli, diagnostics);
  if (kind === 'untouched') note(cli, 'nothing was changed');
  if (kind === 'stuck' && change) note(cli, `it could not be taken back; try again with: waymark undo ${change.id}`);
  if (kind === 'back') {
    note(cli, hasErrors(diagnostics) ? 'taken back, as it was before' : 'too slow: taken back, as it was before');
    leave(cli, EXIT.rolledBack);
  }
  if (kind !== 'done' || !change) return;
  if (change.confirm === null) note(cli, `change ${change.id}; back again: waymark undo ${change.id}`);
  else note(cli, `change ${change.id} is taken back in ${change.confirm} s unless you say: waymark route confirm`);
  if (change.confirm !== null && change.files.length > 0)
    note(cli, 'files are written when you do: until then a reboot leaves all as it was');
}
