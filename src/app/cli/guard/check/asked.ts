import type { GuardSettings, SettingsPlaces } from '../../../../guard/index.ts';
import type { Machine } from '../../../../host/index.ts';
import type { Diagnostic, DiagnosticCode, Span } from '../../../../ip/index.ts';

/** What the checks of a guard work with. */
export interface Checked {
  readonly machine: Machine;
  readonly settings: GuardSettings;
  /** Where the settings say something. */
  readonly at: SettingsPlaces;
  /** The settings file; null where the usual settings count. */
  readonly file: string | null;
  /** How this program is started. */
  readonly self: readonly string[];
  /** Whether a guard runs already: the ports are its own then. */
  readonly isRunning: boolean;
}

/** A fault with its place. */
export const faultAt = (span: Span | undefined, code: DiagnosticCode, message: string, hint?: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  ...(hint !== undefined && { hint }),
  ...(span && { span }),
});
