import { DecisionStore, Guard, type GuardSettings } from '../../../guard/index.ts';
import type { Child, Machine, Service } from '../../../host/index.ts';
import type { Diagnostic } from '../../../ip/index.ts';
import { EXIT, leave, note, type Cli } from '../context.ts';
import { allowedHere } from '../guard/allow-of-machine.ts';
import { openDesk, type Desk } from '../guard/appeal-desk.ts';
import { checkPageUser } from '../guard/check/check-page-user.ts';
import { engineOf } from '../guard/engine-of.ts';
import { logTo } from '../guard/log-to.ts';
import { pageSocket } from '../guard/page-socket.ts';
import { settingsFileOf, settingsOf, SETTINGS_FILE } from '../guard/settings-of-machine.ts';
import { untilStopped } from '../guard/until-stopped.ts';
import { stopsAt, usageFault } from '../report.ts';

interface Flags {
  readonly settings?: string;
}

/** `waymark guard`: carries decisions out until it is stopped; then its rules are gone, and the decisions are kept. */
export async function guardRun(this: Cli, flags: Flags): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  if (stopsAt(this, settings.diagnostics) || isNotRoot(this)) return;
  const allow = await allowedHere(this.machine, settings.value);
  if (stopsAt(this, allow.diagnostics)) return;
  if (stopsAt(this, await pageUserFaults(this, settings.value, flags.settings))) return;
  const opened = await DecisionStore.open(this.machine, settings.value.folder);
  if (stopsAt(this, opened.diagnostics) || !opened.value) return;
  const allowed = allow.value.map((entry) => entry.prefix);
  const engine = engineOf(this.machine, settings.value, allowed);
  const guard = new Guard({ machine: this.machine, store: opened.value, engine, tell: logTo(this) });
  try {
    await serveUntilStopped(this, guard, settings.value, flags.settings ?? SETTINGS_FILE);
  } finally {
    stopsAt(this, await guard.stop());
  }
}

/** What the page could not read, said before anything is done. */
async function pageUserFaults(
  { machine, self }: Cli,
  settings: GuardSettings,
  named: string | undefined,
): Promise<readonly Diagnostic[]> {
  const file = await settingsFileOf(machine, named);
  return checkPageUser({ machine, self, settings, file, at: () => undefined, isRunning: false });
}

const isNotRoot = (cli: Cli): boolean =>
  !cli.machine.isRoot && stopsAt(cli, [usageFault('privilege-missing', 'the guard needs root', 'run it with sudo')]);

async function serveUntilStopped(cli: Cli, guard: Guard, settings: GuardSettings, file: string): Promise<void> {
  const services: Service[] = [];
  const desk = await openDesk(cli.machine, guard, settings, (diagnostic) => void stopsAt(cli, [diagnostic]));
  const page = stopsAt(cli, desk.diagnostics) ? null : await startPageProcess(cli, settings, file);
  try {
    if (!page || !desk.value) return;
    const started = [...(await listen(cli.machine, desk.value, settings, services)), ...(await guard.start())];
    if (stopsAt(cli, started)) return;
    const count = guard.count;
    note(cli, `the guard runs: ${count} ${count === 1 ? 'decision' : 'decisions'}, ports ${portsOf(settings)}`);
    if (desk.value.waiting > 0) note(cli, `${desk.value.waiting} appeals wait for an answer: waymark appeals`);
    await tellSystemd(cli.machine, count);
    const tending = setInterval(() => void guard.tend(), TEND_MS);
    const ended = await untilStopped(page.ended);
    clearInterval(tending);
    if (ended === 'stopped') return;
    stopsAt(cli, [usageFault('command-failed', `the page server ended: ${page.output().trim()}`)]);
    leave(cli, EXIT.no);
  } finally {
    page?.stop();
    for (const service of services) await service.close();
    await desk.value?.close();
  }
}

/** Where systemd started the guard it waits for this word: the kernel has all decisions (sd_notify(3)). */
async function tellSystemd(machine: Machine, count: number): Promise<void> {
  if ((machine.environment('NOTIFY_SOCKET') ?? '') === '') return;
  await machine.run(['systemd-notify', '--ready', `--status=started with ${count} decisions`]);
}

/** How often the guard looks at what has to be done. */
const TEND_MS = 1000;

const portsOf = ({ ports }: GuardSettings): string => ports.map((p) => p.site).join(', ');

/** The socket of commands, for root; and the one of the page, which may only ask about addresses, and hand over appeals. */
async function listen(
  machine: Machine,
  desk: Desk,
  settings: GuardSettings,
  services: Service[],
): Promise<readonly Diagnostic[]> {
  await machine.mkdir(settings.socket.replace(/\/[^/]*$/, ''));
  const faults: Diagnostic[] = [];
  for (const [path, mode, answer] of [
    [settings.socket, 0o600, (line: string) => desk.answer(line, 'all')],
    [pageSocket(settings), 0o666, (line: string) => desk.answer(line, 'look')],
  ] as const) {
    const service = await machine.serve(path, mode, answer);
    if (service.ok) services.push(service.value);
    else faults.push({ severity: 'error', ...service });
  }
  return faults;
}

const START_MS = 10_000;

/** The page in a process of its own that has no rights; null when it does not start, which is said. */
async function startPageProcess(cli: Cli, { user }: GuardSettings, file: string): Promise<Child | null> {
  const group = (await cli.machine.run(['id', '-g', user])).stdout.trim();
  const rights = ['--reuid', user, '--regid', group, '--init-groups', '--no-new-privs', '--pdeathsig', 'TERM'];
  const known = (await cli.machine.exists(file)) ? ['--settings', file] : [];
  const child = cli.machine.spawn(['setpriv', ...rights, '--', ...cli.self, 'guard', 'page', ...known], {
    env: { NOTIFY_SOCKET: '' },
  });
  let isOver = false;
  void child.ended.then(() => (isOver = true));
  const deadline = cli.machine.elapsedMs() + START_MS;
  while (!child.output().includes('ready') && !isOver && cli.machine.elapsedMs() < deadline)
    await cli.machine.sleep(20);
  if (child.output().includes('ready')) return child;
  child.stop('SIGKILL');
  await child.ended;
  stopsAt(cli, [usageFault('command-failed', `the page server does not start: ${child.output().trim()}`)]);
  return null;
}
