import { cost, puzzleOf, type Arrangement, type Puzzle } from './arrange-cost.ts';
import type { Plan } from './plan.ts';

/** Arrangements looked at before the search is content with what it has: fewer in large networks, where each costs more. */
const budgetOf = (p: Puzzle): number =>
  Math.min(20_000, Math.ceil(2_000_000 / (1 + p.bandsOf.length * (p.hostsOf.length + p.legs.length))));

/**
 * Gives every band a row and every host a column so that few lines and bands pass behind boxes they have nothing to do
 * with. Goes downhill from two starts by moving and swapping; the same plan always gives the same arrangement.
 */
export function arrange(plan: Plan): Arrangement {
  const puzzle = puzzleOf(plan);
  const along = downhill(puzzle, startOf(puzzle, orderAlongWay(plan)));
  const given = plan.hosts.map((_, i) => i);
  const plain = downhill(puzzle, startOf(puzzle, given));
  return cost(puzzle, plain) < cost(puzzle, along) ? plain : along;
}

/** Hosts in the order the packet meets them, then the others. */
function orderAlongWay(plan: Plan): number[] {
  const met = plan.ways.flatMap((w) => w.stops.map((s) => plan.hosts.indexOf(s.host)));
  return [...new Set([...met, ...plan.hosts.map((_, i) => i)])];
}

function startOf(p: Puzzle, order: readonly number[]): Arrangement {
  const column = p.bandsOf.map(() => 0);
  for (const [c, h] of order.entries()) column[h] = c;
  const bands = [...new Set([...order.flatMap((h) => p.bandsOf[h]!), ...p.hostsOf.keys()])];
  const row = p.hostsOf.map(() => 0);
  for (const [r, b] of bands.entries()) row[b] = r;
  return { row, column };
}

function downhill(p: Puzzle, start: Arrangement): Arrangement {
  let left = budgetOf(p);
  let best = start;
  let bestCost = cost(p, start);
  for (let moved = true; moved && left > 0;) {
    moved = false;
    for (const next of neighbours(best)) {
      if (left-- <= 0) break;
      const c = cost(p, next);
      if (c < bestCost) {
        [best, bestCost, moved] = [next, c, true];
        break;
      }
    }
  }
  return best;
}

/** Every arrangement one move away. */
function* neighbours(a: Arrangement): Generator<Arrangement> {
  for (const row of permutedRows(a.row)) yield { ...a, row };
  const last = Math.max(0, ...a.column);
  for (let h = 0; h < a.column.length; h++) {
    for (let c = -0.5; c <= last + 0.5; c += 0.5) {
      if (c !== a.column[h]) yield { ...a, column: compact(replaced(a.column, h, c)) };
    }
  }
  for (let x = 0; x <= last; x++) {
    for (let y = x + 1; y <= last; y++) {
      const swap = (c: number): number => (c === x ? y : c === y ? x : c);
      yield { ...a, column: a.column.map(swap) };
      // The same with the bands turned: some knots open only when both change.
      for (const row of permutedRows(a.row)) yield { row, column: a.column.map(swap) };
    }
  }
}

function* permutedRows(row: readonly number[]): Generator<number[]> {
  for (let i = 0; i < row.length; i++) {
    for (let j = i + 1; j < row.length; j++) {
      const next = [...row];
      [next[i], next[j]] = [row[j]!, row[i]!];
      yield next;
    }
  }
}

const replaced = (list: readonly number[], at: number, value: number): number[] =>
  list.map((v, i) => (i === at ? value : v));

/** Half columns become whole ones, and empty ones go. */
function compact(column: readonly number[]): number[] {
  const used = [...new Set(column)].sort((a, b) => a - b);
  return column.map((c) => used.indexOf(c));
}
