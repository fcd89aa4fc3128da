import type { GuardSettings } from '../../../guard/index.ts';
import type { Child } from '../../../host/index.ts';
import { EXIT, leave, note, type Cli } from '../context.ts';
import { printable } from '../../../render/index.ts';
import { stopsAt, usageFault } from '../report.ts';
import { isPageHere } from './delivery.ts';
import { logLine } from './log-to.ts';
import { untilStopped } from './until-stopped.ts';

/** The page server of this machine, in a process of its own; none where all page servers are elsewhere. */
export class PagesHere {
  readonly #cli: Cli;
  readonly #settings: GuardSettings;
  readonly #file: string;
  #child: Child | null = null;

  constructor(cli: Cli, settings: GuardSettings, file: string) {
    this.#cli = cli;
    this.#settings = settings;
    this.#file = file;
  }

  /** False when it does not start, which is said. */
  async start(): Promise<boolean> {
    if (!(await isPageHere(this.#cli.machine, this.#settings))) return true;
    this.#child = await startPageProcess(this.#cli, this.#settings, this.#file);
    return this.#child !== null;
  }

  /**
   * Waits until somebody stops the guard. A page server that ends by itself ends the guard too, so that visitors see the
   * site again; unless they shall not: then it is started anew.
   */
  async untilOver(): Promise<void> {
    for (;;) {
      const child = this.#child;
      const ended = await untilStopped(child?.ended ?? new Promise(() => undefined));
      if (ended === 'stopped') return;
      const message = `the page server ended: ${child!.output().trim()}`;
      if (this.#settings.delivery.gone === 'open') {
        stopsAt(this.#cli, [usageFault('command-failed', message)]);
        leave(this.#cli, EXIT.no);
        return;
      }
      note(this.#cli, `${message}; it is started again`);
      if (!(await this.start())) return;
    }
  }

  async stop(): Promise<void> {
    this.#child?.stop();
    await this.#child?.ended;
  }
}

const START_MS = 10_000;

/** The page in a process of its own that has no rights; null when it does not start, which is said. */
async function startPageProcess(cli: Cli, { user }: GuardSettings, file: string): Promise<Child | null> {
  const group = (await cli.machine.run(['id', '-g', user])).stdout.trim();
  const rights = ['--reuid', user, '--regid', group, '--init-groups', '--no-new-privs', '--pdeathsig', 'TERM'];
  const known = (await cli.machine.exists(file)) ? ['--settings', file] : [];
  const child = cli.machine.spawn(['setpriv', ...rights, '--', ...cli.self, 'guard', 'page', ...known], {
    env: { NOTIFY_SOCKET: '', JOURNAL_STREAM: '' },
    onLine: (line) => {
      // before that it is the reason why it does not start
      if (isReady) logLine(cli, { priority: 4, text: `page ${printable(line)}` });
    },
  });
  let isReady = false;
  let isOver = false;
  void child.ended.then(() => (isOver = true));
  const deadline = cli.machine.elapsedMs() + START_MS;
  while (!child.output().includes('ready') && !isOver && cli.machine.elapsedMs() < deadline)
    await cli.machine.sleep(20);
  isReady = child.output().includes('ready');
  if (isReady) return child;
  child.stop('SIGKILL');
  await child.ended;
  stopsAt(cli, [usageFault('command-failed', `the page server does not start: ${child.output().trim()}`)]);
  return null;
}
