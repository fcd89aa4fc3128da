import type { FilterTest } from '../guard/index.ts';

/** Identities that are shown. */
const SHOWN = 10;

/** What a filter of fail2ban found in logs: each pattern with its count, whom it was, what was missed. */
export function filterTestText(run: FilterTest): string {
  const { definition } = run.filter;
  return [
    `${definition.name}: ${run.lines} lines, ${run.matched} matched, ${run.ignored} ignored, ${missedBy(run)} missed` +
      (run.tooLong === 0 ? '' : `, ${run.tooLong} too long to be looked at`),
    ...patternLines(run),
    ...identityLines(run),
    ...missedLines(run),
    '',
  ].join('\n');
}

/** Lines in which nothing was found. */
const missedBy = ({ lines, matched, ignored }: FilterTest): number => lines - matched - ignored;

function patternLines({ hits, filter }: FilterTest): readonly string[] {
  const found = hits.flatMap((count, i) => (count === 0 ? [] : [`  ${count}  ${filter.fail[i]!.text}`]));
  return found.length === 0 ? [] : ['', 'found by', ...found];
}

function identityLines({ byId }: FilterTest): readonly string[] {
  const most = [...byId].sort(([, a], [, b]) => b - a);
  if (most.length === 0) return [];
  const more = most.length > SHOWN ? [`  and ${most.length - SHOWN} others`] : [];
  return ['', 'whom', ...most.slice(0, SHOWN).map(([id, count]) => `  ${count}  ${id}`), ...more];
}

function missedLines(run: FilterTest): readonly string[] {
  const { missed } = run;
  if (missed.length === 0) return [];
  const more = missedBy(run) > missed.length ? [`  and ${missedBy(run) - missed.length} others`] : [];
  return ['', 'missed', ...missed.map((line) => `  ${line}`), ...more];
}

/** The same for programs. */
export const filterTestJson = (run: FilterTest): unknown => ({
  filter: run.filter.definition.name,
  lines: run.lines,
  matched: run.matched,
  ignored: run.ignored,
  missed: missedBy(run),
  tooLong: run.tooLong,
  patterns: run.filter.fail.map((pattern, i) => ({ pattern: pattern.text, hits: run.hits[i]! })),
  ids: [...run.byId].map(([id, count]) => ({ id, count })),
  slow: run.slow,
});
