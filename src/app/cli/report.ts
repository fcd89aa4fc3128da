import { hasErrors, type Diagnostic, type DiagnosticCode, type Severity } from '../../ip/index.ts';
import { diagnosticText } from '../../render/index.ts';
import { EXIT, leave, note, type Cli } from './context.ts';

const MISSING: readonly DiagnosticCode[] = ['component-missing', 'privilege-missing'];

/** So many of one code are shown; a wrong file can have thousands. */
const SHOWN_A_CODE = 20;

/**
 * Prints what was wrong to standard error. True when the command can't go on; the exit code is then set: 3 when only a
 * component or a privilege is missing, else 2. Unless `verbose`, notes are left out, warnings too when there are errors,
 * and what comes many times is counted.
 */
export function stopsAt(cli: Cli, diagnostics: readonly Diagnostic[], verbose = false): boolean {
  const failed = hasErrors(diagnostics);
  const wanted: readonly Severity[] = verbose ? ['error', 'warning', 'note'] : failed ? ['error'] : ['warning'];
  const shown = withoutCrowds(
    diagnostics.filter((d) => wanted.includes(d.severity)),
    verbose,
  );
  if (shown.length > 0) note(cli, diagnosticText(shown, { width: cli.width, colour: cli.errorColour }));
  if (!failed) return false;
  const errors = diagnostics.filter((d) => d.severity === 'error');
  leave(cli, errors.every((d) => MISSING.includes(d.code)) ? EXIT.missing : EXIT.badInput);
  return true;
}

/** The diagnostics, of each code the first ones, and how many more there are. */
function withoutCrowds(diagnostics: readonly Diagnostic[], verbose: boolean): readonly Diagnostic[] {
  if (verbose) return diagnostics;
  const counts = new Map<DiagnosticCode, number>();
  const first = diagnostics.filter((d) => {
    const count = (counts.get(d.code) ?? 0) + 1;
    counts.set(d.code, count);
    return count <= SHOWN_A_CODE;
  });
  const more = [...counts].filter(([, count]) => count > SHOWN_A_CODE);
  return [
    ...first,
    ...more.map(([code, count]): Diagnostic => {
      const severity = first.find((d) => d.code === code)!.severity;
      return { code, severity, message: `and ${count - SHOWN_A_CODE} more like these` };
    }),
  ];
}

/** A diagnostic about the command line itself. */
export const usageFault = (code: DiagnosticCode, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  ...(hint === undefined ? {} : { hint }),
});
