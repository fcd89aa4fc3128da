import type { Draft } from './geometry.ts';
import type { Grid } from './grid.ts';
import { SPACE } from './look.ts';
import type { Point, Rect, Run, SceneWay } from './scene.ts';
import type { Leg } from './wiring.ts';

/** How far a line reaches into the box where it ends, at least. */
const STAY = 30;

/** The lines of all ways. */
export const waysOf = (d: Draft, grid: Grid): SceneWay[] =>
  d.plan.ways.flatMap((way, w) => {
    const calls = callsOf(d, grid, w);
    const first = calls[0];
    if (!first) return [];
    const last = calls.at(-1)!;
    const place = { x: last.x, y: (last.into ?? last.out ?? first.out!).y };
    const stub = stubEnd(d, grid, w);
    const end = way.end === 'arrived' ? null : (stub ?? place);
    const mark = way.unknown ? ('question' as const) : ('cross' as const);
    return [
      {
        kind: way.kind,
        start: { x: first.x, y: (first.into ?? first.out!).y },
        runs: runsOf(calls, stub, way.end === 'arrived'),
        end: end && { ...end, mark },
      },
    ];
  });

/** Where a leg meets a box: its height, and whether on the right side (1), the left (-1) or not at all (0). */
interface Edge {
  readonly side: number;
  readonly y: number;
}

/** A way's stay in one box. */
interface Call {
  readonly box: Rect;
  /** Its vertical line, or where it ends. */
  readonly x: number;
  readonly into: Edge | null;
  readonly out: Edge | null;
}

const laneY = (grid: Grid, leg: Leg): number => grid.bands[leg.band]!.lanes + (leg.lane + 0.5) * SPACE.lane;

function callsOf(d: Draft, grid: Grid, w: number): Call[] {
  const legs = d.wiring.legs.filter((l) => l.way === w);
  if (legs.length === 0) return [];
  const edge = (leg: Leg | undefined, direction: 1 | -1): Edge | null =>
    leg ? { side: Math.sign(leg.to - leg.from) * direction, y: laneY(grid, leg) } : null;
  return d.plan.ways[w]!.stops.map((stop, s) => {
    const box = grid.boxes[d.plan.hosts.indexOf(stop.host)]!;
    const into = edge(legs.find((l) => l.stop === s - 1 && !l.stub), -1); // prettier-ignore
    const out = edge(legs.find((l) => l.stop === s), 1); // prettier-ignore
    const track = trackX(d, box, w, s);
    const x = into && !out && into.side > 0 ? Math.min(track, box.x + box.width - STAY) : track;
    return { box, x, into, out };
  });
}

/** Tracks lie at the right side of the box, beside the addresses. */
function trackX(d: Draft, box: Rect, way: number, stop: number): number {
  const visit = d.wiring.visits.find((v) => v.way === way && v.stop === stop)!;
  const count = d.wiring.tracks[visit.host]!;
  return box.x + box.width - SPACE.pad / 2 - (count - visit.track - 0.5) * SPACE.lane;
}

function stubEnd(d: Draft, grid: Grid, w: number): Point | null {
  const leg = d.wiring.legs.find((l) => l.way === w && l.stub);
  if (!leg) return null;
  const x = grid.gaps[leg.from + 1]!.x + 2 * SPACE.overhang;
  return { x, y: laneY(grid, leg) };
}

function runsOf(calls: readonly Call[], stub: Point | null, arrived: boolean): Run[] {
  return calls.flatMap((call, i) => {
    const next = calls[i + 1];
    const inside = insideRun(call, arrived && !next);
    if (!call.out) return inside;
    const from = borderPoint(call, call.out);
    if (next?.into) return [...inside, { points: [from, borderPoint(next, next.into)], over: false, arrow: true }];
    return stub ? [...inside, { points: [from, stub], over: false, arrow: false }] : inside;
  });
}

const borderPoint = ({ box, x }: Call, e: Edge): Point => ({
  x: e.side > 0 ? box.x + box.width : e.side < 0 ? box.x : x,
  y: e.y,
});

/** From where the line comes in to its track, along it, and out again. */
function insideRun(call: Call, arrow: boolean): Run[] {
  const { x, into, out } = call;
  const points: Point[] = [
    ...(into ? [borderPoint(call, into), { x, y: into.y }] : []),
    ...(out ? [{ x, y: out.y }, borderPoint(call, out)] : []),
  ];
  const distinct = points.filter((p, i) => i === 0 || p.x !== points[i - 1]!.x || p.y !== points[i - 1]!.y);
  return distinct.length < 2 ? [] : [{ points: distinct, over: true, arrow }];
}
