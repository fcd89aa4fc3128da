import { build, type BuildOptions } from 'esbuild';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stage } from './stage.ts';

/** What became of all rounds. */
export interface Rounds {
  /** Faults that were injected, by kind. */
  readonly injected: ReadonlyMap<string, number>;
  /** Times that the new state was there afterwards. */
  readonly kept: number;
  /** What should not be; none when all is well. */
  readonly faults: readonly string[];
}

/** Changes of every kind: the last words name a route that the stage has, or lacks. */
const EDITS: readonly (readonly string[])[] = [
  ['add', '10.67.0.0/16', 'via', '192.168.120.254'],
  ['replace', '10.50.0.0/16', 'via', '192.168.120.9'],
  ['del', '10.50.0.0/16'],
  // one of two at a place: the other must stand in front of it again
  ['del', '10.70.0.0/16', 'via', '192.168.120.2'],
  ['add', '2001:db8:67::/48', 'via', 'fd00:120::1'],
  ['del', 'unreachable', '2001:db8:60::/48'],
  ['replace', 'default', 'via', '192.168.120.9'],
  ['blackhole', '10.99.0.0/16', 'table', '100'],
  // and in a file
  ['add', '10.67.0.0/16', 'via', '192.168.120.254', '--persist'],
  ['del', '10.50.0.0/16', '--persist'],
];

/** Seconds that the watchdog waits, and how long its work may take after that, in milliseconds. */
const CONFIRM = 1;
const PATIENCE_MS = 20_000;
/** Calls of one command; there are fewer, and a fault at a call that never comes is none. */
const CALLS = 60;

type Case = (stage: Stage, edit: readonly string[], says: Says) => Promise<void>;
/** Tells what was injected, what was kept, and what is wrong. */
interface Says {
  injected(kind: string): void;
  kept(): void;
  wrong(what: string): void;
}

/** All cases for one edit, by name. */
function casesFor(): ReadonlyMap<string, Case> {
  const cases = new Map<string, Case>();
  for (let n = 1; n <= CALLS; n++) {
    for (const kind of ['kill-before', 'kill-after'] as const) {
      cases.set(`${kind} ${n}`, (s, e, t) => unconfirmed(s, e, t, `${kind} ${n}`));
      cases.set(`${kind} ${n}, nothing to confirm`, (s, e, t) => unwatched(s, e, t, `${kind} ${n}`));
    }
    for (const kind of ['kill-before', 'kill-after'] as const) {
      if (n <= 6) cases.set(`confirm, ${kind} ${n}`, (s, e, t) => whileConfirming(s, e, t, `${kind} ${n}`));
      if (n <= 24) cases.set(`undo, ${kind} ${n}`, (s, e, t) => whileUndoing(s, e, t, `${kind} ${n}`));
    }
    if (n % 4 === 0)
      for (const kind of ['jump-forward', 'jump-back'] as const)
        cases.set(`${kind} ${n}`, (s, e, t) => unconfirmed(s, e, t, `${kind} ${n}`));
  }
  cases.set('session killed', sessionKilled);
  cases.set('full disk before', (s, e, t) => noJournal(s, e, t, 'full disk', () => s.fill()));
  cases.set('read-only before', (s, e, t) => noJournal(s, e, t, 'read-only', () => s.freeze()));
  cases.set('full disk after', (s, e, t) => lostJournal(s, e, t, 'full disk', () => s.fill()));
  cases.set('read-only after', (s, e, t) => lostJournal(s, e, t, 'read-only', () => s.freeze()));
  return cases;
}

const words = (edit: readonly string[], confirm: number): readonly string[] => [
  'route',
  ...edit,
  '--yes',
  '--confirm',
  String(confirm),
];

/** Whether the fault came at all. */
const came = (fault: string, { signal, stderr }: { signal: string | null; stderr: string }): boolean =>
  fault.startsWith('kill') ? signal === 'SIGKILL' : Number(/calls (\d+)/.exec(stderr)?.[1] ?? 0) >= Number(fault.split(' ')[1]); // prettier-ignore

/** Nobody confirms: it must be as before. */
async function unconfirmed(stage: Stage, edit: readonly string[], says: Says, fault: string): Promise<void> {
  const before = stage.state();
  const ended = await stage.act(words(edit, CONFIRM), fault);
  if (came(fault, ended)) says.injected(fault.split(' ')[0]!);
  await isBack(stage, before, says, CONFIRM);
}

/** Waymark says so only when it has seen it in the table. */
const isDone = (stderr: string): boolean => stderr.includes('is taken back in');

/** The session goes with all that is in it, once it is done. */
async function sessionKilled(stage: Stage, edit: readonly string[], says: Says): Promise<void> {
  const before = stage.state();
  const { stderr } = await stage.act(words(edit, CONFIRM * 4));
  says.injected('session killed');
  if (!isDone(stderr)) says.wrong(`it was not done: ${stderr}`);
  await isBack(stage, before, says, CONFIRM * 4);
}

/** Waits for the end of what was begun, and looks a while longer. */
async function isBack(stage: Stage, before: string, says: Says, seconds: number, isSpoilt = false): Promise<void> {
  const file = (kind: string): string => join(stage.folder, 'changes', `1.${kind}`);
  const begin = Date.now();
  if (existsSync(file('json'))) await sleep(seconds * 1000);
  // who watches says when it is done, where it can still be written
  const isWatched = (): boolean => existsSync(file('armed')) && !existsSync(file('end')) && !isSpoilt;
  while ((isWatched() || stage.state() !== before) && Date.now() - begin < PATIENCE_MS) await sleep(50);
  await sleep(existsSync(file('armed')) ? 400 : 50);
  if (stage.state() !== before) says.wrong(`it is not as before:\n${difference(before, stage.state())}`);
}

/** No watchdog: the old state or the new one, and undo leads to the old. */
async function unwatched(stage: Stage, edit: readonly string[], says: Says, fault: string): Promise<void> {
  const before = stage.state();
  const ended = await stage.act(words(edit, 0), fault);
  if (came(fault, ended)) says.injected(fault.split(' ')[0]!);
  await sleep(50);
  const after = stage.state();
  if (after !== before) {
    says.kept();
    const again = await stage.act(['undo']);
    if (again.code !== 0) says.wrong(`undo: ${again.stderr}`);
  }
  if (stage.state() !== before) says.wrong(`undo left:\n${difference(before, stage.state())}`);
}

/** Killed while it confirms: confirmed and new, or as before. */
async function whileConfirming(stage: Stage, edit: readonly string[], says: Says, fault: string): Promise<void> {
  const before = stage.state();
  await stage.act(words(edit, CONFIRM * 3));
  const after = stage.state();
  // a busy machine may take longer than the watchdog waits
  if (after === before) return;
  const ended = await stage.act(['route', 'confirm'], fault);
  if (came(fault, ended)) says.injected('confirm killed');
  await sleep(CONFIRM * 3000 + 1500);
  const end = join(stage.folder, 'changes', '1.end');
  const begin = Date.now();
  while (!existsSync(end) && Date.now() - begin < PATIENCE_MS) await sleep(50);
  await sleep(500);
  const isKept = existsSync(end) && readFileSync(end, 'utf8').trim() === 'confirmed';
  if (isKept) says.kept();
  if (stage.state() !== (isKept ? after : before))
    says.wrong(`${isKept ? 'confirmed' : 'not confirmed'}, but:\n${difference(before, stage.state())}`);
}

/** Killed while it takes back: a second time leads to the old state. */
async function whileUndoing(stage: Stage, edit: readonly string[], says: Says, fault: string): Promise<void> {
  const before = stage.state();
  await stage.act(words(edit, 0));
  const ended = await stage.act(['undo'], fault);
  if (came(fault, ended)) says.injected('undo killed');
  await sleep(50);
  const again = await stage.act(['undo', '1', '--yes']);
  if (again.code !== 0) says.wrong(`undo: ${again.stderr}`);
  if (stage.state() !== before) says.wrong(`undo left:\n${difference(before, stage.state())}`);
}

/** Nothing can be written: nothing is done. */
async function noJournal(
  stage: Stage,
  edit: readonly string[],
  says: Says,
  name: string,
  spoil: () => void,
): Promise<void> {
  const before = stage.state();
  spoil();
  const ended = await stage.act(words(edit, CONFIRM));
  says.injected(name);
  if (ended.code === 0) says.wrong('it went on without a journal');
  if (stage.state() !== before) says.wrong('it was done without a journal');
}

/** Nothing can be written any more once it is done: back it goes, and a confirmation fails. */
async function lostJournal(
  stage: Stage,
  edit: readonly string[],
  says: Says,
  name: string,
  spoil: () => void,
): Promise<void> {
  const before = stage.state();
  const done = await stage.act(words(edit, CONFIRM * 4));
  if (!isDone(done.stderr)) says.wrong(`it was not done: ${done.stderr}`);
  spoil();
  says.injected(name);
  const ended = await stage.act(['route', 'confirm']);
  if (ended.code === 0) says.wrong('it was confirmed without a journal');
  await isBack(stage, before, says, CONFIRM * 4, true);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function difference(a: string, b: string): string {
  const [was, is] = [a.split('\n'), b.split('\n')];
  return [...was.filter((l) => !is.includes(l)).map((l) => `- ${l}`), ...is.filter((l) => !was.includes(l)).map((l) => `+ ${l}`)].join('\n'); // prettier-ignore
}

/** Injects every `every`th fault, `side` at a time. */
export async function faultRounds(every: number, side: number): Promise<Rounds> {
  const folder = mkdtempSync(join(tmpdir(), 'waymark-faults-'));
  const program = join(folder, 'actor.mjs');
  const injected = new Map<string, number>();
  const faults: string[] = [];
  let kept = 0;
  try {
    await build({ entryPoints: [join(import.meta.dirname, 'actor.ts')], outfile: program, ...BUNDLE });
    const all = [...casesFor()].flatMap(([name, run]) => EDITS.map((edit) => ({ name, run, edit })));
    // of each kind some, whatever the step
    const chosen = all.filter((_, i) => (i * 7919) % all.length < all.length / every);
    const work = async (): Promise<void> => {
      for (let next = chosen.shift(); next; next = chosen.shift()) {
        const { name, run, edit } = next;
        const stage = new Stage(program);
        const wrong = (what: string): void => void faults.push(`${edit.join(' ')}, ${name}: ${what}`);
        try {
          await stage.settle();
          await run(stage, edit, {
            injected: (kind) => void injected.set(kind, (injected.get(kind) ?? 0) + 1),
            kept: () => (kept += 1),
            wrong,
          });
        } finally {
          stage.close();
        }
      }
    };
    await Promise.all(Array.from({ length: side }, work));
    return { injected, kept, faults };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const BUNDLE: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  external: ['@resvg/resvg-js'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
};
