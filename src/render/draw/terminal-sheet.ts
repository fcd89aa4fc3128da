import { printable } from '../lines.ts';
import { Cells } from './cells.ts';
import type { Plan } from './plan.ts';
import { BAND, WAY } from './terminal-glyphs.ts';
import { wire, type Leg, type Visit, type Wiring } from './wiring.ts';

/** Where things stand on the sheet, in cells. */
interface Sheet {
  readonly plan: Plan;
  readonly wiring: Wiring;
  /** By band: the column of its line, the one where addresses begin, behind its lanes, and its width. */
  readonly bands: readonly { readonly x: number; readonly text: number; readonly width: number }[];
  /** By host: its first and last line, borders included, and its last column. */
  readonly boxes: readonly { readonly top: number; readonly bottom: number; readonly right: number }[];
  readonly cells: Cells;
}

/** Characters that names and addresses may have before they are cut. */
const NAME = 20;
const ADDRESS = 40;

/** The plan drawn with box characters, line by line. Hosts and bands keep the plan's order. */
export function drawSheet(plan: Plan): string[] {
  const arrangement = { row: [...plan.bands.keys()], column: [...plan.hosts.keys()] };
  const wiring = wire(plan, arrangement);
  const sheet = measured(plan, wiring);
  for (const b of plan.bands.keys()) drawBand(sheet, b);
  for (const leg of wiring.legs) drawLeg(sheet, leg);
  for (const h of plan.hosts.keys()) drawBox(sheet, h);
  for (const visit of wiring.visits) drawVisit(sheet, visit);
  return sheet.cells.lines();
}

const cut = (text: string, limit: number): string => {
  const clean = Array.from(printable(text));
  return clean.length > limit ? `${clean.slice(0, limit - 1).join('')}…` : clean.join('');
};

function measured(plan: Plan, wiring: Wiring): Sheet {
  const words = plan.ways.length > 0 ? 'there arrives'.length : 0;
  let x = Math.max(words + 1, ...plan.hosts.map((h) => cut(h, NAME).length)) + 4;
  const bands = plan.bands.map((band, b) => {
    const lanes = wiring.lanes[b]!;
    const text = lanes === 0 ? 0 : 2 * lanes + 2;
    const addresses = band.members.flatMap((m) => m.addresses.slice(0, 2)).map((t) => text + cut(t, ADDRESS).length);
    const heads = [cut(band.name, NAME).length, cut(band.prefixes[0] ?? '', ADDRESS).length];
    const width = Math.max(...addresses, ...heads, text) + 2;
    const place = { x, text: x + text, width };
    x += width;
    return place;
  });
  let y = plan.bands.length > 0 ? 3 : 0;
  const boxes = plan.hosts.map((name, h) => {
    const top = y;
    const bottom = top + 1 + linesOf(plan, name) + wiring.tracks[h]!;
    y = bottom + 2;
    const own = bands.filter((_, b) => plan.bands[b]!.members.some((m) => m.host === name));
    const right = Math.max(cut(name, NAME).length + 3, ...own.map((p) => p.x + p.width));
    return { top, bottom, right };
  });
  return { plan, wiring, bands, boxes, cells: new Cells() };
}

/** Lines that a host's name and addresses take. */
const linesOf = (plan: Plan, name: string): number =>
  Math.max(
    1,
    ...plan.bands.flatMap((b) => b.members.filter((m) => m.host === name).map((m) => Math.min(2, m.addresses.length))),
  );

function drawBand(s: Sheet, b: number): void {
  const band = s.plan.bands[b]!;
  const { x } = s.bands[b]!;
  const hosts = band.members.map((m) => s.plan.hosts.indexOf(m.host));
  const last = s.boxes[Math.max(...hosts)]!;
  s.cells.put(x, 0, cut(band.name, NAME));
  s.cells.put(x, 1, cut(band.prefixes[0] ?? '', ADDRESS));
  s.cells.fill({ x, y: 2 }, { x, y: last.bottom + (hosts.length === 1 ? 1 : 0) }, BAND[band.kind].line);
}

/** Lanes lie to the right of the band's line. */
const laneX = (s: Sheet, leg: Leg): number => s.bands[leg.band]!.x + 2 + 2 * leg.lane;

function drawLeg(s: Sheet, leg: Leg): void {
  const down = leg.to > leg.from;
  const box = s.boxes[leg.from]!;
  const x = laneX(s, leg);
  const way = s.plan.ways[leg.way]!;
  if (leg.stub) {
    s.cells.put(x, down ? box.bottom + 1 : box.top - 1, way.unknown ? '?' : '✗');
    return;
  }
  if (leg.to === leg.from) return;
  const other = s.boxes[leg.to]!;
  const [from, to] = down ? [box.bottom + 1, other.top - 1] : [other.bottom + 1, box.top - 1];
  s.cells.fill({ x, y: from }, { x, y: to }, WAY[way.kind].down);
}

function drawBox(s: Sheet, h: number): void {
  const { top, bottom, right } = s.boxes[h]!;
  const name = s.plan.hosts[h]!;
  s.cells.put(0, top, `┌${'─'.repeat(right - 1)}┐`);
  for (let y = top + 1; y < bottom; y++) s.cells.put(0, y, `│${' '.repeat(right - 1)}│`);
  s.cells.put(0, bottom, `└${'─'.repeat(right - 1)}┘`);
  s.cells.put(2, top + 1, cut(name, NAME));
  for (const [b, band] of s.plan.bands.entries()) {
    const own = band.members.filter((m) => m.host === name);
    if (own.length === 0) continue;
    const { x, text } = s.bands[b]!;
    const rows = band.members.map((m) => s.plan.hosts.indexOf(m.host));
    s.cells.put(x, top, BAND[band.kind].into);
    if (Math.max(...rows) > h || rows.length === 1) s.cells.put(x, bottom, BAND[band.kind].out);
    for (const [i, address] of own[0]!.addresses.slice(0, 2).entries())
      s.cells.put(text, top + 1 + i, cut(address, ADDRESS));
  }
}

/** Where a leg meets the visit's box: its column, and whether at the upper edge. */
interface Edge {
  readonly x: number;
  readonly up: boolean;
}

/** A packet's stay in a box: one line of the box, with words at its left end. */
function drawVisit(s: Sheet, visit: Visit): void {
  const way = s.plan.ways[visit.way]!;
  const box = s.boxes[visit.host]!;
  const y = box.top + 1 + linesOf(s.plan, s.plan.hosts[visit.host]!) + visit.track;
  const legs = s.wiring.legs.filter((l) => l.way === visit.way);
  const edge = (leg: Leg | undefined, up: boolean): Edge | null =>
    leg && leg.to !== leg.from ? { x: laneX(s, leg), up } : null;
  const before = legs.find((l) => l.stop === visit.stop - 1 && !l.stub);
  const after = legs.find((l) => l.stop === visit.stop);
  const into = edge(before, before ? before.to > before.from : false);
  const out = edge(after, after ? after.to < after.from : false);
  if (!before && !after) return;
  const last = visit.stop === way.stops.length - 1;
  const dies = last && way.end === 'inside';
  const word =
    last && way.end === 'arrived'
      ? ' arrives'
      : dies
        ? way.unknown
          ? ' unknown'
          : ' dies'
        : visit.stop === 0
          ? ' starts'
          : '';
  s.cells.put(3, y, way.kind + word);
  drawInside(s, { y, into, out, kind: way.kind, box });
  const here = into?.x ?? out?.x ?? laneX(s, (after ?? before)!);
  if (dies) s.cells.put(here, y, way.unknown ? '?' : '✗');
  else if (visit.stop === 0 || (last && way.end === 'arrived')) s.cells.put(here, y, '●');
}

interface Inside {
  readonly y: number;
  readonly into: Edge | null;
  readonly out: Edge | null;
  readonly kind: 'there' | 'back';
  readonly box: { readonly top: number; readonly bottom: number };
}

function drawInside(s: Sheet, { y, into, out, kind, box }: Inside): void {
  const glyph = WAY[kind];
  for (const e of [into, out]) {
    if (!e) continue;
    const [from, to] = e.up ? [box.top + 1, y - 1] : [y + 1, box.bottom - 1];
    for (let row = from; row <= to; row++) s.cells.put(e.x, row, glyph.down);
  }
  if (into && out) {
    const [left, right] = [Math.min(into.x, out.x), Math.max(into.x, out.x)];
    s.cells.fill({ x: left, y }, { x: right, y }, glyph.across);
    for (const [e, side] of [
      [into, into.x === left ? 'right' : 'left'],
      [out, out.x === left ? 'right' : 'left'],
    ] as const) {
      if (left !== right) s.cells.put(e.x, y, glyph.corner[`${e.up ? 'up' : 'down'}-${side}`]);
    }
    if (left === right) s.cells.put(left, y, glyph.down);
  }
  if (into) s.cells.put(into.x, into.up ? box.top : box.bottom, into.up ? '▼' : '▲');
  if (out) s.cells.put(out.x, out.up ? box.top : box.bottom, glyph.down);
}
