import { hasErrors, type Diagnostic, type DiagnosticCode } from '../../ip/index.ts';
import { diagnosticText } from '../../render/index.ts';
import { EXIT, leave, note, type Cli } from './context.ts';

const MISSING: readonly DiagnosticCode[] = ['component-missing', 'privilege-missing'];

/**
 * Prints what was wrong to standard error. True when the command can't go on; the exit code is then set: 3 when only a
 * component or a privilege is missing, else 2. Warnings and notes are counted unless `verbose` asks for all.
 */
export function stopsAt(cli: Cli, diagnostics: readonly Diagnostic[], verbose = false): boolean {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const shown = verbose ? diagnostics : diagnostics.filter((d) => d.severity !== 'note');
  if (shown.length > 0) note(cli, diagnosticText(shown, { width: cli.width, colour: cli.errorColour }));
  if (!hasErrors(diagnostics)) return false;
  leave(cli, errors.every((d) => MISSING.includes(d.code)) ? EXIT.missing : EXIT.badInput);
  return true;
}

/** A diagnostic about the command line itself. */
export const usageFault = (code: DiagnosticCode, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  ...(hint === undefined ? {} : { hint }),
});
