import type { Diagnostic } from '../../ip/index.ts';

/** How many diagnostics one input gets before the rest is only counted. */
const MOST = 100;

/** Collects diagnostics, at most 100 of them and one that counts the others. */
export interface Problems {
  readonly add: (diagnostic: Diagnostic) => void;
  /** What was collected; errors are never among those that are only counted, as long as fewer than 100 came. */
  readonly list: () => readonly Diagnostic[];
}

/** An empty collection for the input of that name. */
export function collectProblems(source: string): Problems {
  const errors: Diagnostic[] = [];
  const others: Diagnostic[] = [];
  let dropped = 0;
  return {
    add: (d) => {
      const list = d.severity === 'error' ? errors : others;
      if (list.length < MOST) list.push(d);
      else dropped++;
    },
    list: () => (dropped === 0 ? [...errors, ...others] : [...errors, ...others, more(source, dropped)]),
  };
}

const more = (source: string, count: number): Diagnostic => ({
  code: 'line-not-modelled',
  severity: 'warning',
  message: `${count} more of these in ${source} are not listed`,
});
