import type { Diagnostic } from '../../ip/index.ts';
import type { Machine } from '../../host/index.ts';
import type { AppealSettings } from '../settings-appeals.ts';
import type { Appeal } from './appeal.ts';
import { appealMail } from './appeal-mail.ts';

/** Notices that may wait; one more is left out, as the appeal itself is kept. */
const MOST_WAITING = 100;

/** How long to wait before a notice is tried again, in milliseconds. */
const PAUSES = [1000, 30_000];

const TIME_LIMIT_MS = 15_000;

/** Tells the operator of appeals, by mail and webhook, one after the other. What fails is said, and never stops the guard. */
export class AppealNotices {
  readonly #machine: Machine;
  readonly #ways: readonly ((appeal: Appeal) => Promise<string | null>)[];
  readonly #report: (diagnostic: Diagnostic) => void;
  #waiting = 0;
  #busy: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(machine: Machine, settings: AppealSettings['appeals'], report: (diagnostic: Diagnostic) => void) {
    const { mail, webhook } = settings;
    this.#machine = machine;
    this.#report = report;
    this.#ways = [
      ...(mail ? [(appeal: Appeal) => sendMail(machine, mail, appeal)] : []),
      ...(webhook === null ? [] : [(appeal: Appeal) => callWebhook(machine, webhook, appeal)]),
    ];
  }

  /** Puts a notice in the queue. */
  tell(appeal: Appeal): void {
    if (this.#ways.length === 0 || this.#isOver) return;
    if (this.#waiting >= MOST_WAITING) {
      this.#complain(appeal, 'too many wait already');
      return;
    }
    this.#waiting++;
    this.#busy = this.#busy.then(async () => {
      for (const way of this.#ways) await this.#try(way, appeal);
      this.#waiting--;
    });
  }

  /** Sends no more; the one on its way may end. */
  stop(): void {
    this.#isOver = true;
  }

  async #try(way: (appeal: Appeal) => Promise<string | null>, appeal: Appeal): Promise<void> {
    for (const pause of [...PAUSES, null]) {
      if (this.#isOver) return;
      const fault = await way(appeal);
      if (fault === null) return;
      if (pause === null) this.#complain(appeal, fault);
      else await this.#machine.sleep(pause);
    }
  }

  #complain(appeal: Appeal, why: string): void {
    const message = `nobody could be told of appeal ${appeal.id}: ${why}`;
    this.#report({ code: 'command-failed', severity: 'warning', message, hint: 'waymark appeals lists it' });
  }
}

async function sendMail(
  machine: Machine,
  mail: NonNullable<AppealSettings['appeals']['mail']>,
  appeal: Appeal,
): Promise<string | null> {
  // -i: a line with a single dot is no end (sendmail(8))
  const argv = [mail.sendmail, '-i', '-f', mail.from, '--', ...mail.to];
  const said = await machine.run(argv, { stdin: appealMail(appeal, mail), timeoutMs: TIME_LIMIT_MS });
  return said.code === 0 ? null : `${mail.sendmail}: ${said.stderr.trim().split('\n')[0] || `code ${said.code ?? ''}`}`;
}

async function callWebhook(machine: Machine, url: string, appeal: Appeal): Promise<string | null> {
  const said = await machine.post(url, JSON.stringify({ appeal }), TIME_LIMIT_MS);
  if (!said.ok) return said.message;
  return said.value >= 200 && said.value < 300 ? null : `${url} answered ${said.value}`;
}
