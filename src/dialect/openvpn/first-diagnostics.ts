import type { Diagnostic } from '../../ip/index.ts';

const MOST = 100;

/** The first hundred diagnostics of an input, and how many there are more. */
export function firstOf(diagnostics: readonly Diagnostic[], source: string): readonly Diagnostic[] {
  if (diagnostics.length <= MOST) return diagnostics;
  const rest = diagnostics.slice(MOST);
  const severity = rest.some((d) => d.severity === 'error') ? 'error' : 'warning';
  const message = `${rest.length} more lines of ${source} are wrong or not known`;
  return [...diagnostics.slice(0, MOST), { code: 'line-unknown', severity, message }];
}
