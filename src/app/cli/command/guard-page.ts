import {
  APPEAL_PATH,
  appealRequestLine,
  LONGEST_FORM,
  readAppealForm,
  readOutcome,
  readReply,
  renderPage,
  requestLine,
  type AppealOutcome,
  type Decision,
  type GuardSettings,
  type PageLook,
} from '../../../guard/index.ts';
import { startPage, type Machine, type PageAnswer, type PageRequest } from '../../../host/index.ts';
import { note, say, type Cli } from '../context.ts';
import { pageLook } from '../guard/page-look.ts';
import { pageSocket } from '../guard/page-socket.ts';
import { settingsOf } from '../guard/settings-of-machine.ts';
import { untilStopped } from '../guard/until-stopped.ts';
import { stopsAt } from '../report.ts';

/** `waymark guard page`: the page server, as the guard starts it, without any rights. */
export async function guardPage(this: Cli, flags: { readonly settings?: string }): Promise<void> {
  const settings = await settingsOf(this.machine, flags.settings);
  const look = await pageLook(this.machine, settings.value);
  if (stopsAt(this, [...settings.diagnostics, ...look.diagnostics])) return;
  const site: Site = { settings: settings.value, look: look.value };
  const { ports, certificates } = settings.value;
  const started = await startPage({
    ports: ports.map(({ page, tls }) => ({ port: page, tls })),
    certificates,
    answer: (request) => answerTo(this.machine, site, request),
    bodyLimit: (request) => (isAppeal(site, request) ? LONGEST_FORM : 0),
    report: (diagnostic) => note(this, `${diagnostic.code}: ${diagnostic.message}`),
  });
  if (!started.ok) {
    stopsAt(this, [{ severity: 'error', ...started }]);
    return;
  }
  say(this, 'ready');
  await untilStopped(new Promise(() => undefined));
  await started.value.close();
}

/** Whoever is here was led here; without a decision (it ended a moment ago, or the guard is busy) the page says less. */
const NO_DECISION = { reason: 'The operator of this site has blocked this address.', reference: '-', until: null };

/** What is the same for all visitors. */
interface Site {
  readonly settings: GuardSettings;
  readonly look: PageLook;
}

async function answerTo(machine: Machine, { settings, look }: Site, request: PageRequest): Promise<PageAnswer> {
  const { address, method, headers } = request;
  const decision = await decisionFor(machine, settings, address);
  const { reason, reference, until } = decision ?? NO_DECISION;
  const wanted = {
    method,
    accept: headers['accept'],
    acceptLanguage: headers['accept-language'],
    now: machine.now().getTime(),
    ...(isAppeal({ settings, look }, request) && { appeal: await handOver(machine, settings, request) }),
  };
  return renderPage({ address, reason, reference, until }, settings.contact, wanted, look);
}

/** Of several decisions the one that lasts longest: it says when the site is back. */
async function decisionFor(machine: Machine, settings: GuardSettings, address: string): Promise<Decision | undefined> {
  const said = await machine.ask(pageSocket(settings), requestLine({ do: 'at', address }), 2000);
  const decisions = (said.ok ? readReply(said.value)?.decisions : undefined) ?? [];
  return decisions.toSorted((a, b) => (b.until ?? Infinity) - (a.until ?? Infinity))[0];
}

/** Whether a request brings the page's form. A page of another site may not send it in a visitor's name (Fetch Metadata). */
function isAppeal({ look }: Site, { method, path, headers }: PageRequest): boolean {
  return (
    look.takesAppeals === true &&
    method === 'POST' &&
    path.split('?')[0] === APPEAL_PATH &&
    headers['sec-fetch-site'] !== 'cross-site'
  );
}

/** Hands what a visitor wrote to the guard, which keeps it. */
async function handOver(machine: Machine, settings: GuardSettings, request: PageRequest): Promise<AppealOutcome> {
  const { address, body } = request;
  const form = body ? readAppealForm(body) : null;
  if (!form) return 'unreadable';
  const said = await machine.ask(pageSocket(settings), appealRequestLine({ do: 'appeal', address, form }), 5000);
  return said.ok ? readOutcome(said.value) : 'failed';
}
