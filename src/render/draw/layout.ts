import type { Finding } from '../../diagnose/index.ts';
import type { Network } from '../../model/index.ts';
import type { RoundTrip } from '../../trace/index.ts';
import { printable } from '../lines.ts';
import { verdictSentence } from '../sees-sentence.ts';
import { arrange } from './arrange.ts';
import { describe } from './describe.ts';
import { cardsOf } from './cards.ts';
import { draftOf, fit, type Draft } from './geometry.ts';
import { gridOf, type Grid } from './grid.ts';
import { legendOf } from './legend.ts';
import { LIMIT, lineHeight, SPACE, TYPE, widthOf } from './look.ts';
import { notesOf } from './notes.ts';
import { planOf } from './plan.ts';
import { column, label } from './place-words.ts';
import type { Label, Scene, SceneBox } from './scene.ts';
import { wrapText } from './text-width.ts';
import { waysOf } from './way-runs.ts';
import { wire } from './wiring.ts';

/** Pictures are at least this wide, so that the title and the key have room. */
const MIN_WIDTH = 480;
/** … and grow to this width before a title is broken. */
const TITLE_WIDTH = 900;

/**
 * The picture of a network: links and tunnels as bands, hosts across them, the ways of the round trip, and what to
 * change. Pure and deterministic; no label lies on another one, on a line or beyond the edge.
 */
export function layout(network: Network, trip: RoundTrip | null, findings: readonly Finding[]): Scene {
  const plan = planOf(network, trip);
  const arrangement = arrange(plan);
  const draft = draftOf(plan, arrangement, wire(plan, arrangement), notesOf(network, plan, trip, findings));
  const title = printable(trip ? verdictSentence(trip) : titleOf(network));
  const wanted = widthOf(title, 'title') + 2 * SPACE.margin;
  const width = Math.max(MIN_WIDTH, Math.min(wanted, TITLE_WIDTH), gridOf(draft, 0).width);
  const heading = headingOf(title, width);
  const grid = gridOf(draft, SPACE.margin + heading.length * lineHeight('title') + SPACE.margin);
  const cards = cardsOf(draft, grid);
  const legend = legendOf(plan, cards, {
    x: SPACE.margin,
    y: grid.height + SPACE.margin,
    width: width - 2 * SPACE.margin,
  });
  return {
    width,
    height: legend.bottom + SPACE.margin,
    title,
    description: printable(describe(network, trip, findings)),
    bands: plan.bands.map(({ name, kind }, b) => {
      const { x, y, width: w, height } = grid.bands[b]!;
      return { name, kind, x, y, width: w, height };
    }),
    boxes: plan.hosts.map((_, h) => boxOf(draft, grid, h)),
    ways: waysOf(draft, grid),
    cards: cards.map((c) => c.card),
    legend: legend.entries,
    labels: [
      ...heading,
      ...boxLabels(draft, grid),
      ...slotLabels(draft, grid),
      ...cards.flatMap((c) => c.labels),
      ...legend.labels,
    ],
  };
}

const titleOf = (network: Network): string =>
  network.hosts.size === 1 ? `The host ${[...network.hosts.keys()][0]!}` : `A network of ${network.hosts.size} hosts`;

function headingOf(title: string, width: number): Label[] {
  const lines = wrapText(title, width - 2 * SPACE.margin, TYPE.title.size, TYPE.title.bold);
  return lines.map((text, i) => label({ text, role: 'title' }, SPACE.margin, SPACE.margin + i * lineHeight('title')));
}

function boxOf(d: Draft, grid: Grid, h: number): SceneBox {
  const name = d.plan.hosts[h]!;
  const box = grid.boxes[h]!;
  const on = d.plan.bands.flatMap((b, i) => (b.members.some((m) => m.host === name) ? [i] : []));
  const strips = on.map((b) => {
    const { y, height } = grid.bands[b]!;
    return {
      kind: d.plan.bands[b]!.kind,
      x: box.x,
      y,
      width: box.width,
      height: Math.min(height, box.y + box.height - y),
    };
  });
  const dead = d.plan.ways.some((w) => w.end !== 'arrived' && !w.unknown && w.stops.at(-1)!.host === name);
  return { ...box, name, dead, strips };
}

function boxLabels(d: Draft, grid: Grid): Label[] {
  return d.plan.hosts.flatMap((name, h) => {
    const box = grid.boxes[h]!;
    const x = box.x + SPACE.pad;
    const title = label(
      fit({ text: name, role: 'host' }, LIMIT.host),
      x,
      box.y + (SPACE.header - lineHeight('host')) / 2,
    );
    return [title, ...d.plan.bands.flatMap((_, b) => column(d.strip(h, b), x, grid.bands[b]!.text))];
  });
}

const slotLabels = (d: Draft, grid: Grid): Label[] =>
  d.slots.flatMap((s) => column(s.words, grid.gaps[s.gap]!.x + SPACE.overhang, grid.bands[s.band]!.text));
