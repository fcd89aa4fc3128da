import { spans, puzzleOf, type Arrangement } from './arrange-cost.ts';
import type { Plan } from './plan.ts';

/** A piece of a way on one band. */
export interface Leg {
  readonly way: number;
  /** Index of the stop it leaves. */
  readonly stop: number;
  readonly band: number;
  /** Column it starts in, and the one it ends in; half a column further for a piece that dies on the band. */
  readonly from: number;
  readonly to: number;
  /** Ends on the band instead of at a host. */
  readonly stub: boolean;
  /** 0 is the uppermost line of the band. */
  readonly lane: number;
}

/** A packet's stay in a box. `track` 0 is the leftmost vertical line of the box. */
export interface Visit {
  readonly way: number;
  readonly stop: number;
  readonly host: number;
  readonly track: number;
}

/** Which line of a band, and which line inside a box, every piece of a way takes. */
export interface Wiring {
  readonly legs: readonly Leg[];
  readonly visits: readonly Visit[];
  /** By band: how many lanes it needs. */
  readonly lanes: readonly number[];
  /** By host: how many tracks its box needs. */
  readonly tracks: readonly number[];
}

/** A lane for every leg so that none share a place, a track for every visit. */
export function wire(plan: Plan, a: Arrangement): Wiring {
  const drafts = draftLegs(plan, a);
  const legs: Leg[] = [];
  const blocked = blockers(plan, a);
  const byPassing = [...drafts].sort((x, y) => Number(passes(x, blocked)) - Number(passes(y, blocked)));
  for (const draft of byPassing) legs.push({ ...draft, lane: freeLane(draft, legs, blocked) });
  const lanes = plan.bands.map((_, b) => Math.max(0, ...legs.filter((l) => l.band === b).map((l) => l.lane + 1)));
  const visits = visitsOf(plan, legs);
  const tracks = plan.hosts.map((_, h) => visits.filter((v) => v.host === h).length);
  return { legs, visits, lanes, tracks };
}

type Draft = Omit<Leg, 'lane'>;

function draftLegs(plan: Plan, a: Arrangement): Draft[] {
  const columnOf = (host: string): number => a.column[plan.hosts.indexOf(host)]!;
  return plan.ways.flatMap((way, w) =>
    way.stops.flatMap((stop, s): Draft[] => {
      const from = columnOf(stop.host);
      const next = way.stops[s + 1];
      if (next && next.in !== null)
        return [{ way: w, stop: s, band: next.in, from, to: columnOf(next.host), stub: false }];
      if (way.end === 'outside' && stop.out !== null) {
        return [{ way: w, stop: s, band: stop.out, from, to: from + 0.5, stub: true }];
      }
      if (way.stops.length > 1) return [];
      // The packet never leaves the box: it gets a place on the box's first band.
      const home = homeBand(plan, a, stop.host);
      return home === null ? [] : [{ way: w, stop: s, band: home, from, to: from, stub: false }];
    }),
  );
}

function homeBand(plan: Plan, a: Arrangement, host: string): number | null {
  const own = [...plan.bands.keys()].filter((b) => plan.bands[b]!.members.some((m) => m.host === host));
  return own.length === 0 ? null : own.reduce((x, y) => (a.row[x]! <= a.row[y]! ? x : y));
}

/** By band: the columns where a box stands in its row. */
function blockers(plan: Plan, a: Arrangement): number[][] {
  const span = spans(puzzleOf(plan), a.row);
  return a.row.map((r) => span.flatMap((s, h) => (s.top <= r && s.bottom >= r ? [a.column[h]!] : [])));
}

const ends = (l: Draft): [number, number] => [Math.min(l.from, l.to), Math.max(l.from, l.to)];

/** Columns whose boxes the leg passes behind or below. */
function passed(leg: Draft, blocked: readonly number[][]): number[] {
  const [left, right] = ends(leg);
  return blocked[leg.band]!.filter((c) => c > left && c < right);
}

const passes = (leg: Draft, blocked: readonly number[][]): boolean => passed(leg, blocked).length > 0;

/** The first lane that is free over the leg's length; one that passes boxes lies below their own lanes. */
function freeLane(leg: Draft, placed: readonly Leg[], blocked: readonly number[][]): number {
  const [left, right] = ends(leg);
  const same = placed.filter((l) => l.band === leg.band);
  const under = passed(leg, blocked).flatMap((c) =>
    same.filter((l) => l.from === c || l.to === c).map((l) => l.lane + 1),
  );
  for (let lane = Math.max(0, ...under); ; lane++) {
    const taken = same.some((l) => l.lane === lane && ends(l)[0] <= right && left <= ends(l)[1]);
    if (!taken) return lane;
  }
}

/** Visits from the left get the left tracks, so that lines inside a box seldom cross. */
function visitsOf(plan: Plan, legs: readonly Leg[]): Visit[] {
  const lean = (way: number, stop: number): number => {
    const into = legs.find((l) => l.way === way && l.stop === stop - 1 && !l.stub);
    const out = legs.find((l) => l.way === way && l.stop === stop);
    return (into ? Math.sign(into.from - into.to) : 0) + (out ? Math.sign(out.to - out.from) : 0);
  };
  const all = plan.ways.flatMap((way, w) =>
    way.stops.map((stop, s) => ({ way: w, stop: s, host: plan.hosts.indexOf(stop.host), lean: lean(w, s) })),
  );
  return plan.hosts.flatMap((_, h) =>
    all
      .filter((v) => v.host === h)
      .sort((x, y) => x.lean - y.lean)
      .map((v, track) => ({ way: v.way, stop: v.stop, host: h, track })),
  );
}
