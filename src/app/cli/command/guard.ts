import { DecisionStore, Guard, PageWatch, type GuardSettings } from '../../../guard/index.ts';
import type { Machine, Service } from '../../../host/index.ts';
import type { Diagnostic, Parsed } from '../../../ip/index.ts';
import { note, type Cli } from '../context.ts';
import { proxiesOf } from '../guard/allow-of-settings.ts';
import { AllowWatch } from '../guard/allow-watch.ts';
import { endDelivery, isPageHere, prepareDelivery, tellChange } from '../guard/delivery.ts';
import { openDesk, type Desk } from '../guard/appeal-desk.ts';
import { checkPageUser } from '../guard/check/check-page-user.ts';
import { behindProxyHere } from '../guard/behind-proxy-here.ts';
import { engineOf, isInProxy } from '../guard/engine-of.ts';
import { logTo } from '../guard/log-to.ts';
import { LogWatch } from '../guard/logs/log-watch.ts';
import { PagesHere } from '../guard/pages-here.ts';
import { pageSocket } from '../guard/page-socket.ts';
import { settingsFileOf, settingsOf, SETTINGS_FILE } from '../guard/settings-of-machine.ts';
import { needsRoot } from '../needs-root.ts';
import { stopsAt } from '../report.ts';

interface Flags {
  readonly settings?: string;
}

/** `waymark guard`: carries decisions out until it is stopped; then its rules are gone, and the decisions are kept. */
export async function guardRun(this: Cli, flags: Flags): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  if (stopsAt(this, settings.diagnostics) || needsRoot(this, 'the guard')) return;
  const allow = await AllowWatch.open(this, settings.value);
  if (stopsAt(this, allow.diagnostics)) return;
  if (stopsAt(this, await pageUserFaults(this, settings.value, flags.settings))) return;
  const opened = await DecisionStore.open(this.machine, settings.value.folder);
  if (stopsAt(this, opened.diagnostics) || !opened.value) return;
  const trusted = await proxiesOf(this.machine, settings.value);
  stopsAt(this, await behindProxyHere(this.machine, settings.value));
  const report = (diagnostic: Diagnostic): void => void stopsAt(this, [diagnostic]);
  const engine = engineOf(this.machine, settings.value, allow.value.prefixes, { trusted, report });
  const guard = new Guard({ machine: this.machine, store: opened.value, engine, tell: logTo(this) });
  await serveUntilStopped(this, guard, settings.value, {
    file: flags.settings ?? SETTINGS_FILE,
    allow: allow.value,
    watchLogs: () => LogWatch.start({ cli: this, guard, settings: settings.value, allow: allow.value }),
    openDesk: () => openDesk(this.machine, guard, settings.value, report, allow.value),
  });
}

/** What the page could not read, said before anything is done. */
async function pageUserFaults(
  { machine, self }: Cli,
  settings: GuardSettings,
  named: string | undefined,
): Promise<readonly Diagnostic[]> {
  if (!(await isPageHere(machine, settings))) return [];
  const file = await settingsFileOf(machine, named);
  return checkPageUser({ machine, self, settings, file, at: () => undefined, isRunning: false });
}

interface Serving {
  /** The settings file. */
  readonly file: string;
  readonly allow: AllowWatch;
  readonly watchLogs: () => Promise<Parsed<LogWatch | null>>;
  readonly openDesk: () => Promise<Parsed<Desk | null>>;
}

async function serveUntilStopped(
  cli: Cli,
  guard: Guard,
  settings: GuardSettings,
  { file, allow, ...starts }: Serving,
): Promise<void> {
  let logs: LogWatch | null = null;
  const services: Service[] = [];
  const pages = new PagesHere(cli, settings, file);
  const desk = await starts.openDesk();
  try {
    if (stopsAt(cli, desk.diagnostics) || !desk.value || !(await pages.start())) return;
    if (stopsAt(cli, await prepareDelivery(cli.machine, settings))) return;
    const started = [...(await listen(cli.machine, desk.value, settings, services)), ...(await guard.start())];
    if (stopsAt(cli, started)) return;
    const watched = await starts.watchLogs();
    if (stopsAt(cli, watched.diagnostics)) return;
    logs = watched.value;
    const count = guard.count;
    note(cli, `the guard runs: ${count} ${count === 1 ? 'decision' : 'decisions'}, ${placeOf(settings)}`);
    if (desk.value.waiting > 0) note(cli, `${desk.value.waiting} appeals wait for an answer: waymark appeals`);
    const watch = watchOf(cli, guard, settings);
    await watch?.look();
    await tellSystemd(cli.machine, count);
    const tending = setInterval(
      () => void Promise.all([guard.tend(), watch?.look(), logs?.tend(), allow.tend(guard)]),
      TEND_MS,
    );
    await pages.untilOver();
    clearInterval(tending);
  } finally {
    await logs?.close();
    // first the rules: nobody is led to a page that is gone
    stopsAt(cli, await guard.stop());
    await pages.stop();
    for (const service of services) await service.close();
    await desk.value?.close();
    stopsAt(cli, await endDelivery(cli.machine, settings));
  }
}

/** Where systemd started the guard it waits for this word: the kernel has all decisions (sd_notify(3)). */
async function tellSystemd(machine: Machine, count: number): Promise<void> {
  if ((machine.environment('NOTIFY_SOCKET') ?? '') === '') return;
  await machine.run(['systemd-notify', '--ready', `--status=started with ${count} decisions`]);
}

/** Looks after page servers that are not this guard's own. */
const watchOf = (cli: Cli, guard: Guard, settings: GuardSettings): PageWatch | null =>
  settings.delivery.servers.length === 0
    ? null
    : new PageWatch(cli.machine, guard, settings, (change) => tellChange(cli, change));

/** How often the guard looks at what has to be done. */
const TEND_MS = 1000;

const placeOf = (settings: GuardSettings): string =>
  isInProxy(settings) ? settings.engine : `ports ${settings.ports.map((p) => p.site).join(', ')}`;

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
  const { ask, servers, sorry } = settings.delivery;
  const from = [...servers.map((s) => s.address), ...sorry];
  const door = ask ? await machine.serveNet({ ...ask, from }, (line) => desk.answer(line, 'look')) : null;
  if (door?.ok) services.push(door.value);
  else if (door) faults.push({ severity: 'error', ...door });
  return faults;
}
