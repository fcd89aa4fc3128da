import {
  ADDRESS_HEADER,
  APPEAL_PATH,
  appealRequestLine,
  LONGEST_FORM,
  PageCounters,
  readAppealForm,
  readOutcome,
  readReply,
  renderPage,
  requestLine,
  type AppealOutcome,
  type Decision,
  type GuardSettings,
  type PageLook,
  type RenderedPage,
} from '../../../guard/index.ts';
import { formatAddress, parseAddress, unmapped } from '../../../ip/index.ts';
import { startPage, type Machine, type PageRequest } from '../../../host/index.ts';
import { note, say, type Cli } from '../context.ts';
import { isInProxy } from '../guard/engine-of.ts';
import { pageLook } from '../guard/page-look.ts';
import { askAsPage } from '../guard/page-socket.ts';
import { serveMetrics } from '../guard/serve-metrics.ts';
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
  const counters = new PageCounters();
  const started = await startPage({
    // a proxy on this machine decides anew for each request, and is the only one that comes
    ports: isInProxy(settings.value)
      ? [{ port: ports[0]!.page, address: '127.0.0.1', tls: false, kept: true }]
      : ports.map(({ page, tls }) => ({ port: page, tls })),
    certificates,
    answer: async (request) => {
      const page = await answerTo(this.machine, site, visitorsOwn(site, request));
      counters.count(page.status, page.headers['Content-Type'] ?? '');
      return page;
    },
    bodyLimit: (request) => (isAppeal(site, request) ? LONGEST_FORM : 0),
    report: (diagnostic) => note(this, `${diagnostic.code}: ${diagnostic.message}`),
  });
  if (!started.ok) {
    stopsAt(this, [{ severity: 'error', ...started }]);
    return;
  }
  const metrics = await serveMetrics(this.machine, settings.value, () => counters.text(started.value.connections()));
  if (metrics.ok) {
    say(this, 'ready');
    await untilStopped(new Promise(() => undefined));
    await metrics.value?.close();
  } else stopsAt(this, [{ severity: 'error', ...metrics }]);
  await started.value.close();
}

/** Whoever is here was led here; without a decision (it ended a moment ago, or the guard is busy) the page says less. */
const NO_DECISION = { reason: 'The operator of this site has blocked this address.', reference: '-', until: null };

/** What is the same for all visitors. */
interface Site {
  readonly settings: GuardSettings;
  readonly look: PageLook;
}

/** The request with the address that the proxy says, where it comes from one. */
function visitorsOwn({ settings }: Site, request: PageRequest): PageRequest {
  const said = isInProxy(settings) ? parseAddress(request.headers[ADDRESS_HEADER.toLowerCase()] ?? '') : null;
  return said?.ok ? { ...request, address: formatAddress(unmapped(said.value)) } : request;
}

async function answerTo(machine: Machine, { settings, look }: Site, request: PageRequest): Promise<RenderedPage> {
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
  const said = await askAsPage(machine, settings, requestLine({ do: 'at', address }), 2000);
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
  const said = await askAsPage(machine, settings, appealRequestLine({ do: 'appeal', address, form }), 5000);
  return said.ok ? readOutcome(said.value) : 'failed';
}
