import type { Finding } from '../../diagnose/index.ts';
import type { Network } from '../../model/index.ts';
import type { RoundTrip, Trace } from '../../trace/index.ts';
import { causeSentence } from '../cause-sentence.ts';
import { changeLabel } from '../fix-sentence.ts';
import { outcomeWords } from '../outcome-sentence.ts';
import { verdictSentence } from '../sees-sentence.ts';

/** The picture in words, for those who cannot see it. */
export function describe(network: Network, trip: RoundTrip | null, findings: readonly Finding[]): string {
  const links = [
    ...[...network.tunnels, ...(network.wireguard ?? [])].map((t) => `tunnel ${t.name}`),
    ...[...network.links.keys()].map((l) => `link ${l}`),
  ];
  const parts = [
    `Hosts: ${[...network.hosts.keys()].join(', ') || 'none'}.`,
    `Links: ${links.join(', ') || 'none'}.`,
    ...(trip ? [verdictSentence(trip), way('The way there', trip.forward)] : []),
    ...(trip?.return ? [way('The way back', trip.return)] : []),
    ...findings.map((f) => `${causeSentence(f)}.`),
    ...findings.flatMap(
      (f) =>
        f.fixes[0]?.changes.map(
          (c) => `To change on ${c.host}: ${changeLabel(c, network.hosts.get(c.host)?.system)}.`,
        ) ?? [],
    ),
  ];
  return parts.join(' ');
}

function way(name: string, trace: Trace): string {
  const end = trace.outcome === 'delivered' ? 'arrives' : `ends at ${trace.host}: ${outcomeWords(trace.outcome)}`;
  return `${name}: ${trace.hops.map((h) => h.host).join(', ')}; it ${end}.`;
}
