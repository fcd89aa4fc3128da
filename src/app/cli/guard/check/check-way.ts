import { diagnose } from '../../../../diagnose/index.ts';
import type { Decision } from '../../../../guard/index.ts';
import { formatAddress, hostPrefix, parseAddress, sameAddress, type Diagnostic } from '../../../../ip/index.ts';
import type { Host, Network } from '../../../../model/index.ts';
import { fixCommands } from '../../../../render/index.ts';
import type { Step } from '../../../../trace/index.ts';
import { isInProxy } from '../engine-of.ts';
import { askStatus } from '../guard-status.ts';
import { networkOf } from '../../load.ts';
import { plannedRuleset } from '../planned-ruleset.ts';
import { visitOf, type Visit } from '../way-of-visitor.ts';
import { faultAt, type Checked } from './asked.ts';

/** Addresses for documentation (RFC 5737, RFC 3849): visitors from anywhere. */
const STRANGERS = ['198.51.100.77', '192.0.2.77', '2001:db8:77::77', '3fff:77::77'];
/** With more decisions the kernel takes long to list its sets. */
const MOST_LISTED = 10_000;

/**
 * Whether a blocked visitor gets to the page, by this machine's own firewall: somebody from outside is followed to each of
 * the site's ports, with the guard's rules in place. Code: `page-filtered`.
 */
export async function checkWay(asked: Checked): Promise<readonly Diagnostic[]> {
  const { machine, settings, at } = asked;
  if (isInProxy(settings) || !machine.isRoot) return [];
  const status = asked.isRunning ? (await askStatus(machine, settings)).status : null;
  if (status && status.decisions > MOST_LISTED) return [];
  const loaded = await networkOf(machine, undefined);
  const host = [...(loaded.value?.hosts.values() ?? [])][0];
  if (!loaded.value || !host) return [];
  const visitors = visitorsOf(host);
  const ruleset = await plannedRuleset(machine, host.ruleset, { settings, decisions: visitors });
  if (!ruleset) return [];
  const network = { ...loaded.value, hosts: new Map(loaded.value.hosts).set(host.name, { ...host, ruleset }) };
  return settings.ports.flatMap(({ site, page }, i): Diagnostic[] => {
    const stopped = firstStopped(network, host, visitors, site);
    if (!stopped) return [];
    const { visit, step } = stopped;
    const family = visit.question.destination.family;
    const by = step.because.map((f) => f.text).join('; ');
    const led = settings.delivery.servers.length === 0 ? ` (the page's port ${page})` : '';
    const message = `the firewall of this machine stops blocked visitors of port ${site}${led} on their way to the page, over IPv${family}: ${by}`;
    return [faultAt(at('ports', i, 'page'), 'page-filtered', message, hintFor(visit, host))];
  });
}

/** One visitor of each family, as if blocked. */
const visitorsOf = (host: Host): readonly Decision[] =>
  ([4, 6] as const).flatMap((family) => {
    const all = STRANGERS.flatMap((text) => {
      const read = parseAddress(text);
      return read.ok && read.value.family === family && !isOwn(host, read.value) ? [read.value] : [];
    });
    return all.slice(0, 1).map((address) => ({
      ...{ prefix: hostPrefix(address), since: 0, until: null, rest: 'through' as const },
      ...{ reason: '', reference: '', by: '', evidence: [] },
    }));
  });

const isOwn = (host: Host, address: Decision['prefix']['address']): boolean =>
  host.interfaces.some((i) => i.addresses.some((a) => sameAddress(a.address, address)));

interface Stopped {
  readonly visit: Visit;
  readonly step: Step;
}

/** The first visitor whom a rule of this machine stops, there or back; null where all get through, or it can't be said. */
function firstStopped(network: Network, host: Host, visitors: readonly Decision[], port: number): Stopped | null {
  for (const { prefix } of visitors) {
    const visit = visitOf(network, host.name, prefix.address, port);
    if (!visit || visit.trip.verdict === 'answered' || visit.trip.verdict === 'unknown') continue;
    const { forward, return: back, third, fourth } = visit.trip;
    const last = [forward, back, third, fourth].find((t) => t !== null && t.outcome !== 'delivered');
    const hop = last?.hops.at(-1);
    const step = hop?.steps.findLast((s) => s.action.kind === 'filter' && s.action.verdict !== 'accept');
    const isOwnTable =
      step?.action.kind === 'filter' && /\bwaymark\b/i.test(`${step.action.table} ${step.action.chain}`);
    if (hop?.host === host.name && step && !isOwnTable) return { visit, step };
  }
  return null;
}

/** What lets them in, from everybody instead of the one who was followed. */
function hintFor({ network, question, trip }: Visit, host: Host): string {
  const [finding] = diagnose(network, question, trip);
  const fix = finding?.fixes[0];
  const commands = fix ? (fixCommands(network, fix)[host.name]?.apply ?? []) : [];
  const from = new RegExp(` (?:-s|ip6? saddr) ${formatAddress(trip.flow.source).replaceAll('.', '\\.')}(?:/\\d+)?`);
  const open = commands.map((c) => c.replace(from, ''));
  return open.length > 0 ? `let them in: ${open.join('; ')}` : "let the page's ports in: waymark explain shows the way";
}
