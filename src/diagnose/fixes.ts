import { sameAddress, type Address } from '../ip/index.ts';
import type { Change, Network } from '../model/index.ts';
import { surveyPairs, whatDiffers, type Service } from '../reach/index.ts';
import { roundTrip, type Question } from '../trace/index.ts';
import { directorOf } from './director.ts';
import type { Fix } from './finding.ts';
import type { Cure } from './search.ts';

/** In larger networks only pairs with one of the two hosts asked about are compared: all would take seconds. */
const MAX_HOSTS_FOR_ALL = 64;

/**
 * The cures as fixes: what they are made of, what they connect and disconnect, what to know of them. In their order, but
 * what disconnects somebody comes behind what does not, and translation stays last.
 */
export function fixesOf(network: Network, question: Question, cures: readonly Cure[]): readonly Fix[] {
  if (cures.length === 0) return [];
  const services: Service[] = [{ protocol: 'icmp', port: 0, family: question.destination.family }];
  const { protocol, destinationPort: port } = question;
  if (protocol !== 'icmp') services.push({ protocol, port, family: question.destination.family });
  const about = network.hosts.size > MAX_HOSTS_FOR_ALL ? new Set([question.from, cures[0]!.trip.to]) : null;
  const before = surveyPairs(network, services, about);
  const fixes = cures.map((cure): Fix => {
    const [main] = cure.remedies as [Cure['remedies'][number]];
    const isOne = cure.remedies.every((r) => r.kind === main.kind && r.host === main.host);
    const { opens, closes } = whatDiffers(before, cure.network, touchedBy(network, cure.changes));
    return {
      kind: isOne ? main.kind : 'combined',
      host: main.host,
      parts: isOne ? [partOf(main)] : cure.remedies.map(partOf),
      changes: cure.changes,
      proved: true,
      opens,
      closes,
      details: detailsOf(question, cure),
    };
  });
  const rank = (f: Fix): number =>
    (f.parts.some((p) => p.kind === 'masquerade') ? 2 : 0) + (f.closes.length > 0 ? 1 : 0);
  return fixes.sort((a, b) => rank(a) - rank(b));
}

const partOf = ({ kind, host }: Cure['remedies'][number]): Fix['parts'][number] => ({ kind, host });

/** The hosts where anything is decided otherwise than before: OpenVPN's clients, too, where the server learns of one,
 * and the other ends of a WireGuard tunnel. */
function touchedBy(network: Network, changes: readonly Change[]): ReadonlySet<string> {
  const clients = changes.flatMap((c) => (c.kind === 'add-iroute' ? clientsOf(network, c.tunnel) : []));
  const peers = changes.flatMap((c) => (c.kind === 'set-peer' ? peersOf(network, c.host) : []));
  return new Set([...changes.map((c) => c.host), ...clients, ...peers]);
}

const peersOf = ({ wireguard = [] }: Network, host: string): string[] =>
  wireguard.filter((t) => t.ends.some((e) => e.host === host)).flatMap((t) => t.ends.map((e) => e.host));

const clientsOf = (network: Network, name: string): string[] =>
  network.tunnels.filter((t) => t.name === name).flatMap((t) => t.clients.flatMap((c) => c.host ?? []));

function detailsOf(question: Question, { network, trip, changes }: Cure): Fix['details'] {
  const there = trip.forward.hops;
  const asked = trip.flow.source;
  const newRoutes = new Set(changes.filter((c) => c.kind === 'add-route').map((c) => c.host));
  const back = trip.return?.hops ?? [];
  const onlyBack = back.filter((h) => !there.some((t) => t.host === h.host));
  return {
    keepsClientAddress: sameAddress(there.at(-1)!.before.source, asked),
    // who stands behind a virtual server opens no connections to visitors
    lanReachesClient: directorOf(trip) !== null || opensTowards(network, question, trip.to, asked),
    hairpin: back.some((h) => h.in !== null && h.in === h.out && newRoutes.has(h.host)),
    statefulRouter: onlyBack.some((h) => h.steps.some((s) => s.action.kind === 'tracked')),
  };
}

function opensTowards(network: Network, { sourcePort }: Question, from: string, destination: Address): boolean {
  const ping: Question = { from, destination, protocol: 'icmp', destinationPort: 0, sourcePort };
  return roundTrip(network, ping).verdict === 'answered';
}
