import type { Finding } from '../../diagnose/index.ts';
import type { Network } from '../../model/index.ts';
import type { RoundTrip } from '../../trace/index.ts';
import { changeLabel } from '../fix-sentence.ts';
import { deathSentence } from '../hop-sentence.ts';
import { hanging, printable } from '../lines.ts';
import { verdictSentence } from '../sees-sentence.ts';
import { arrange } from './arrange.ts';
import { planOf, type Plan } from './plan.ts';
import { drawSheet } from './terminal-sheet.ts';
import { toAscii } from './terminal-glyphs.ts';

/** How the drawing is made. */
export interface DrawingOptions {
  /** Width of the texts around the drawing; the drawing takes what it needs. */
  readonly width: number;
  /** Plain ASCII instead of box characters. */
  readonly ascii: boolean;
}

/**
 * The network drawn with characters: links and tunnels from top to bottom, hosts as boxes across them, one below the
 * other; the way there heavy, the way back dotted. Below: why it dies, and what to change.
 */
export function terminalDrawing(
  network: Network,
  trip: RoundTrip | null,
  findings: readonly Finding[],
  options: DrawingOptions,
): string {
  const plan = inOrder(planOf(network, trip));
  const say = (head: string, text: string): string[] => hanging(head, printable(text), options.width);
  const title = trip ? [...say('', verdictSentence(trip)), ''] : [];
  const ends = [trip?.forward, trip?.return].flatMap((t) =>
    t && t.outcome !== 'delivered'
      ? say(`${t.outcome === 'unknown' ? '?' : '✗'} `, `${t.host}: ${deathSentence(t, findings)}`)
      : [],
  );
  const fixes = findings.flatMap(
    (f) =>
      f.fixes[0]?.changes.flatMap((c) =>
        say('+ ', `${c.host}: ${changeLabel(c, network.hosts.get(c.host)?.system)}`),
      ) ?? [],
  );
  const key = trip ? ['', plan.ways.some((w) => w.kind === 'back') ? '━━ there   ╌╌ back' : '━━ there'] : [];
  const lines = [...title, ...drawSheet(plan), ...key, ...ends, ...fixes];
  return lines.map((l) => (options.ascii ? toAscii(l) : l)).join('\n') + '\n';
}

/** Bands as the picture would place them; hosts as the packet meets them, then the others by their first band. */
function inOrder(plan: Plan): Plan {
  const { row } = arrange(plan);
  const top = (h: number): number =>
    Math.min(...plan.bands.flatMap((b, i) => (b.members.some((m) => m.host === plan.hosts[h]) ? [row[i]!] : [])), 1000);
  const met = plan.ways.flatMap((w) => w.stops.map((s) => plan.hosts.indexOf(s.host)));
  const others = [...plan.hosts.keys()].sort((a, b) => top(a) - top(b));
  const hosts = [...new Set([...met, ...others])];
  const bands = [...plan.bands.keys()].sort((a, b) => row[a]! - row[b]!);
  const place = (b: number | null): number | null => (b === null ? null : bands.indexOf(b));
  return {
    ...plan,
    hosts: hosts.map((h) => plan.hosts[h]!),
    bands: bands.map((b) => plan.bands[b]!),
    ways: plan.ways.map((w) => ({ ...w, stops: w.stops.map((s) => ({ ...s, in: place(s.in), out: place(s.out) })) })),
  };
}
