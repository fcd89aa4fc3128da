import type { Decision, GuardSettings } from '../../../guard/index.ts';
import { formatAddress, formatPrefix, type Diagnostic, type Prefix } from '../../../ip/index.ts';
import { prefixName, untilWords } from '../../../render/index.ts';
import { note, say, type Cli } from '../context.ts';
import { engineOf } from './engine-of.ts';
import { listRunning } from './list-guard.ts';
import { openConnections } from './open-connections.ts';
import { recordingMachine } from './recording-machine.ts';
import { stopsAt } from '../report.ts';
import type { Plan } from './planned-ruleset.ts';
import { waysOfVisitors } from './way-of-visitor.ts';

/** Connections that are named; of more the number is said. */
const NAMED = 10;
/** Prefixes whose connections are looked for: more are a list. */
const LOOKED_AT = 20;
/** Where more are blocked already, the machine's sets take long to read. */
const TRACED_BESIDE = 10_000;

/** Prints what blocking these would do: whose connections end, and the commands; nothing is changed. */
export async function showBlock(cli: Cli, settings: GuardSettings, decisions: readonly Decision[]): Promise<void> {
  const now = cli.machine.now().getTime();
  const recording = recordingMachine(cli.machine);
  const engine = engineOf(recording.machine, settings, []);
  const known = await knownOf(cli, settings, decisions);
  const isNew = (d: Decision): boolean => decisions.length > 1 && known?.these.has(formatPrefix(d.prefix)) === false;
  const faults = [...(await engine.load(decisions.filter(isNew), now))];
  for (const d of decisions) if (!isNew(d)) faults.push(...(await engine.block(d, now)));
  if (stopsAt(cli, faults)) return;
  for (const d of decisions.slice(0, LOOKED_AT)) {
    say(cli, `# ${prefixName(d.prefix)} would be shown the page ${untilWords(d, now)}`);
    await sayConnections(cli, settings, d.prefix, 'would be reset, and get the page when they come again');
  }
  if (decisions.length > LOOKED_AT) say(cli, `# and ${decisions.length - LOOKED_AT} more would be shown the page`);
  await sayWays(cli, { settings, decisions, known });
  say(cli, recording.script());
  ended(cli, known !== null);
}

/** Prints what unblocking these would do; nothing is changed. */
export async function showUnblock(cli: Cli, settings: GuardSettings, decisions: readonly Decision[]): Promise<void> {
  const recording = recordingMachine(cli.machine);
  const engine = engineOf(recording.machine, settings, []);
  const faults: Diagnostic[] = [];
  for (const { prefix } of decisions) faults.push(...(await engine.lift(prefix)));
  if (stopsAt(cli, faults)) return;
  for (const { prefix } of decisions) say(cli, `# ${prefixName(prefix)} would get the site with its next connection`);
  say(cli, recording.script());
  ended(cli, true);
}

/** What the guard that runs has decided already. */
interface Known {
  readonly these: ReadonlySet<string>;
  readonly count: number;
}

interface Looked extends Plan {
  /** Null when no guard runs. */
  readonly known: Known | null;
}

/** The ways of the first ones to each port of the site, as they are and as they would be. */
async function sayWays(cli: Cli, { settings, decisions, known }: Looked): Promise<void> {
  const looked = decisions.slice(0, LOOKED_AT);
  const ways = untraced(settings, known) ?? (await waysOfVisitors(cli, { settings, decisions: looked }));
  if (typeof ways === 'string') {
    say(cli, `# ${ways}`);
    return;
  }
  const once = known ? 'once it is blocked:' : 'once a guard runs and it is blocked:';
  const alike = new Map<string, string>();
  for (const { prefix, port, texts } of ways) {
    const address = formatAddress(prefix.address);
    if (!texts) {
      say(cli, `# the way of ${address} to port ${port} is not shown: this machine has none to it`);
      continue;
    }
    const shape = `${port} ${texts.before}${texts.after}`.replaceAll(address, '');
    const first = alike.get(shape);
    if (first !== undefined) {
      say(cli, `# the way of ${address} to port ${port}: as that of ${first}`);
      continue;
    }
    alike.set(shape, address);
    say(cli, asComment(`the way of ${address} to port ${port}, as it is:`, texts.before));
    say(cli, asComment(once, texts.after));
  }
  const more = decisions.length - looked.length;
  if (more > 0) say(cli, `# the ways of ${more} more are not traced`);
}

/** Why no way is traced; null where it can be. */
function untraced({ engine, ports }: GuardSettings, known: Known | null): string | null {
  if (engine === 'nginx' || engine === 'haproxy') {
    const page = `the page on port ${ports[0]!.page}`;
    return `the way of packets stays as it is: ${engine} itself sends the requests of these visitors to ${page}, by the address that it knows them by`;
  }
  if (!known || known.count <= TRACED_BESIDE) return null;
  return `the way is not traced: with ${known.count} decisions the kernel takes long to list its sets`;
}

const asComment = (heading: string, text: string): string =>
  [
    heading,
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
  ]
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');

async function sayConnections(cli: Cli, settings: GuardSettings, prefix: Prefix, fate: string): Promise<void> {
  const open = await openConnections(cli.machine, settings, prefix);
  if (open.length === 0) return;
  say(cli, `#   ${open.length} open ${open.length === 1 ? 'connection' : 'connections'} ${fate}:`);
  for (const { from, port } of open.slice(0, NAMED)) say(cli, `#   ${from} to port ${port}`);
  if (open.length > NAMED) say(cli, `#   and ${open.length - NAMED} more`);
}

/** Whom of these the guard that runs has decided about, and about how many in all; null when none runs. */
async function knownOf(cli: Cli, settings: GuardSettings, wanted: readonly Decision[]): Promise<Known | null> {
  const among = new Set(wanted.map((d) => formatPrefix(d.prefix)));
  const these = new Set<string>();
  let count = 0;
  const { isRunning } = await listRunning(cli.machine, settings, (part) => {
    count += part.length;
    for (const text of part.map((d) => formatPrefix(d.prefix))) if (among.has(text)) these.add(text);
    return Promise.resolve();
  });
  return isRunning ? { these, count } : null;
}

function ended(cli: Cli, isRunning: boolean): void {
  const when = isRunning ? '' : '; no guard runs: it would be kept, and carried out when one starts';
  note(cli, `dry run: nothing was changed${when}`);
}
