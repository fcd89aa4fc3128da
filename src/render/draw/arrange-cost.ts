import type { Plan } from './plan.ts';

/** Where everything goes: `row` by band, `column` by host. Columns count from 0 without holes. */
export interface Arrangement {
  readonly row: readonly number[];
  readonly column: readonly number[];
}

/** The plan in numbers, for the search. */
export interface Puzzle {
  /** By host: the bands it is on. */
  readonly bandsOf: readonly (readonly number[])[];
  /** By band: the hosts on it. */
  readonly hostsOf: readonly (readonly number[])[];
  /** Pieces of ways: band, from host, to host. */
  readonly legs: readonly {
    readonly band: number;
    readonly from: number;
    readonly to: number;
    readonly forward: boolean;
  }[];
  /** The sender, or -1. */
  readonly sender: number;
  /** The host asked for, or -1. */
  readonly target: number;
}

/** The puzzle that a plan is. */
export function puzzleOf(plan: Plan): Puzzle {
  const number = new Map(plan.hosts.map((name, i) => [name, i]));
  const hostsOf = plan.bands.map((b) => [...new Set(b.members.map((m) => number.get(m.host)!))]);
  const bandsOf = plan.hosts.map((_, h) => hostsOf.flatMap((hosts, b) => (hosts.includes(h) ? [b] : [])));
  const legs = plan.ways.flatMap((way) =>
    way.stops.slice(1).flatMap((stop, i) => {
      const from = number.get(way.stops[i]!.host)!;
      return stop.in === null
        ? []
        : [{ band: stop.in, from, to: number.get(stop.host)!, forward: way.kind === 'there' }];
    }),
  );
  const sender = plan.ways[0]?.stops[0]?.host;
  return {
    bandsOf,
    hostsOf,
    legs,
    sender: sender === undefined ? -1 : number.get(sender)!,
    target: plan.target === null ? -1 : number.get(plan.target)!,
  };
}

/** First and last row of every host; a host on no band stands above the first. */
export const spans = (p: Puzzle, row: readonly number[]): { top: number; bottom: number }[] =>
  p.bandsOf.map((bands) =>
    bands.length === 0
      ? { top: 0, bottom: 0 }
      : { top: Math.min(...bands.map((b) => row[b]!)), bottom: Math.max(...bands.map((b) => row[b]!)) },
  );

// Weights: what confuses a reader most costs most.
const CROSSED_BAND = 1000;
const PASSED_BOX = 300;
const BAND_LENGTH = 40;
const BOX_HEIGHT = 25;
const COLUMN = 15;
const SENDER_FROM_LEFT = 60;
const TARGET_FROM_RIGHT = 10;
const LEFTWARD_STEP = 60;

/** How confusing the picture would be; Infinity where two hosts would stand on each other. */
export function cost(p: Puzzle, { row, column }: Arrangement): number {
  const span = spans(p, row);
  if (collides(span, column)) return Infinity;
  const last = Math.max(0, ...column);
  let sum = COLUMN * (last + 1);
  if (p.sender >= 0) sum += SENDER_FROM_LEFT * column[p.sender]!;
  if (p.target >= 0) sum += TARGET_FROM_RIGHT * (last - column[p.target]!);
  for (const s of span) sum += BOX_HEIGHT * (s.bottom - s.top);
  for (const [b, hosts] of p.hostsOf.entries()) {
    const columns = hosts.map((h) => column[h]!);
    const [left, right] = [Math.min(...columns), Math.max(...columns)];
    sum += BAND_LENGTH * (right - left);
    for (const [h, s] of span.entries()) {
      const inside = column[h]! > left && column[h]! < right && s.top < row[b]! && s.bottom > row[b]!;
      if (inside && !hosts.includes(h)) sum += CROSSED_BAND;
    }
  }
  for (const leg of p.legs) sum += legCost(leg, span, row, column);
  return sum;
}

function legCost(
  leg: Puzzle['legs'][number],
  span: readonly { top: number; bottom: number }[],
  row: readonly number[],
  column: readonly number[],
): number {
  const [a, b] = [column[leg.from]!, column[leg.to]!];
  const r = row[leg.band]!;
  const between = (c: number): boolean => c > Math.min(a, b) && c < Math.max(a, b);
  let sum = leg.forward && b < a ? LEFTWARD_STEP : 0;
  for (const [h, s] of span.entries()) if (between(column[h]!) && s.top <= r && s.bottom >= r) sum += PASSED_BOX;
  return sum;
}

function collides(span: readonly { top: number; bottom: number }[], column: readonly number[]): boolean {
  const byColumn = new Map<number, { top: number; bottom: number }[]>();
  for (const [h, s] of span.entries()) {
    const others = byColumn.get(column[h]!) ?? [];
    if (others.some((o) => o.top <= s.bottom && s.top <= o.bottom)) return true;
    byColumn.set(column[h]!, [...others, s]);
  }
  return false;
}
