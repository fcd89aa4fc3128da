import { boxWidth, cardSize, wordsHeight, wordsWidth, type Draft } from './geometry.ts';
import { SPACE } from './look.ts';
import type { Rect } from './scene.ts';

/** Where columns, gaps and rows lie, in pixels. */
export interface Grid {
  /** By gap; gap `n` lies left of column `n`, one more than there are columns. */
  readonly gaps: readonly { readonly x: number; readonly width: number }[];
  /** By band. `text` is where its words begin, `lanes` where its first lane's upper edge is. */
  readonly bands: readonly (Rect & { readonly text: number; readonly lanes: number })[];
  /** By host. */
  readonly boxes: readonly Rect[];
  readonly width: number;
  readonly height: number;
}

/** Makes everything as large as its words need; `top` is where the picture begins below its title. */
export function gridOf(d: Draft, top: number): Grid {
  const across = acrossOf(d);
  const bandHeights = d.plan.bands.map((_, b) => bandHeight(d, b));
  const rows = rowsOf(d, bandHeights, top);
  const bands = d.plan.bands.map((_, b) => {
    const y = rows.y[d.arrangement.row[b]!]!;
    const lanes = y + bandHeights[b]! - d.wiring.lanes[b]! * SPACE.lane - SPACE.pad / 2;
    return { ...bandAcross(d, across, b), y, height: bandHeights[b]!, text: y + SPACE.pad / 2, lanes };
  });
  const boxes = d.plan.hosts.map((_, h) => {
    const x = across.columns[d.arrangement.column[h]!]!;
    return { x, width: boxWidth(d, h), ...boxDown(d, rows, bands, h) };
  });
  return { gaps: across.gaps, bands, boxes, width: across.width, height: rows.bottom };
}

interface Across {
  readonly columns: readonly number[];
  readonly right: readonly number[];
  readonly gaps: readonly { readonly x: number; readonly width: number }[];
  readonly width: number;
}

function acrossOf(d: Draft): Across {
  const count = Math.max(0, ...d.arrangement.column.map((c) => c + 1));
  const [columns, right, gaps]: [number[], number[], { x: number; width: number }[]] = [[], [], []];
  let x: number = SPACE.margin;
  for (let c = 0; c <= count; c++) {
    const width = gapWidth(d, c, count);
    gaps.push({ x, width });
    x += width;
    if (c === count) break;
    columns.push(x);
    x += columnWidth(d, c, gapWidth(d, c + 1, count));
    right.push(x);
  }
  return { columns, right, gaps, width: x + SPACE.margin };
}

function gapWidth(d: Draft, gap: number, count: number): number {
  const words = d.slots.filter((s) => s.gap === gap).map((s) => wordsWidth(s.words) + 2 * SPACE.overhang);
  const outer = gap === 0 || gap === count;
  return Math.max(outer ? SPACE.overhang : SPACE.gap, ...words);
}

/** Room for the column's boxes; cards may reach into the gap behind it. */
function columnWidth(d: Draft, column: number, gapBehind: number): number {
  const hosts = [...d.plan.hosts.keys()].filter((h) => d.arrangement.column[h] === column);
  const cards = d.notes.cards.filter((n) => hosts.some((h) => d.plan.hosts[h] === n.host));
  const reach = gapBehind - SPACE.pad;
  return Math.max(...hosts.map((h) => boxWidth(d, h)), ...cards.map((c) => cardSize(c).width - reach));
}

function bandAcross(d: Draft, a: Across, band: number): { x: number; width: number } {
  const reach = d.reach[band]!;
  const inner = SPACE.overhang / 2;
  const first = a.gaps[reach.firstGap]!;
  const last = a.gaps[reach.lastGap]!;
  const x = reach.firstGap <= reach.left ? first.x + inner : a.columns[reach.left]! - SPACE.overhang;
  const rightmost = Math.max(...boxRights(d, a, band));
  const end = reach.lastGap > reach.right ? last.x + last.width - inner : rightmost + SPACE.overhang;
  return { x, width: end - x };
}

/** Right edges of the boxes that stand on the band's last column. */
function boxRights(d: Draft, a: Across, band: number): number[] {
  const hosts = d.plan.bands[band]!.members.map((m) => d.plan.hosts.indexOf(m.host));
  return hosts.map((h) => a.columns[d.arrangement.column[h]!]! + boxWidth(d, h));
}

function bandHeight(d: Draft, band: number): number {
  const strips = d.plan.hosts.map((_, h) => wordsHeight(d.strip(h, band)));
  const words = d.slots.filter((s) => s.band === band).map((s) => wordsHeight(s.words));
  const lanes = d.wiring.lanes[band]!;
  return SPACE.pad + Math.max(...strips, ...words) + (lanes > 0 ? SPACE.words + lanes * SPACE.lane : 0);
}

interface Rows {
  /** By row: where its band begins. */
  readonly y: readonly number[];
  readonly bottom: number;
}

function rowsOf(d: Draft, bandHeights: readonly number[], top: number): Rows {
  const count = Math.max(1, d.plan.bands.length);
  const heightOf = (row: number): number => bandHeights[d.arrangement.row.indexOf(row)] ?? 0;
  const y: number[] = [];
  let at = top;
  for (let row = 0; row < count; row++) {
    const starts = [...d.plan.hosts.keys()].filter((h) => d.span[h]!.top === row);
    const needs = starts.map((h) => SPACE.header + stackHeight(d, h) - roomAbove(d, h, row, y, at));
    at += Math.max(
      row === 0 ? 0 : SPACE.rowGap,
      ...needs.map((n) => n + (row === 0 ? 0 : SPACE.foot + SPACE.rowGap / 2)),
    );
    y.push(at);
    at += heightOf(row);
  }
  return { y, bottom: at + SPACE.foot };
}

/** Height of the cards above a host. */
const stackHeight = (d: Draft, host: number): number =>
  d.notes.cards
    .filter((n) => n.host === d.plan.hosts[host])
    .reduce((sum, n) => sum + cardSize(n).height + SPACE.arrow, 0);

/** How far cards may reach up past the rows above, where neither band nor box is in the host's column. */
function roomAbove(d: Draft, host: number, row: number, y: readonly number[], at: number): number {
  const column = d.arrangement.column[host]!;
  let free = row;
  for (; free > 0; free--) {
    const reach = d.reach[d.arrangement.row.indexOf(free - 1)]!;
    // The gap behind the column must be free too: cards reach into it.
    const band =
      column >= Math.min(reach.left, reach.firstGap) - 1 && column <= Math.max(reach.right, reach.lastGap - 1);
    const box = d.span.some((s, h) => d.arrangement.column[h] === column && s.top <= free - 1 && s.bottom >= free - 1);
    if (band || box) break;
  }
  return free === row ? 0 : at - y[free]!;
}

/** From the host's name down to its lowest band; lanes that only pass stay visible below the box. */
function boxDown(d: Draft, rows: Rows, bands: Grid['bands'], host: number): { y: number; height: number } {
  const { top, bottom } = d.span[host]!;
  const y = rows.y[top]! - SPACE.header;
  const last = d.arrangement.row.indexOf(bottom);
  if (!d.plan.bands[last]?.members.some((m) => m.host === d.plan.hosts[host])) return { y, height: SPACE.header };
  const band = bands[last]!;
  const column = d.arrangement.column[host]!;
  const legs = d.wiring.legs.filter((l) => l.band === last);
  const passing = legs.filter((l) => column > Math.min(l.from, l.to) && column < Math.max(l.from, l.to));
  const highest = Math.min(...passing.map((l) => l.lane));
  const end = passing.length > 0 ? band.lanes + highest * SPACE.lane : band.y + band.height + SPACE.foot;
  return { y, height: end - y };
}
