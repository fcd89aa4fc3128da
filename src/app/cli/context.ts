import type { CommandContext } from '@stricli/core';
import type { Machine } from '../../host/index.ts';
import type { TextOptions } from '../../render/index.ts';

/** What a command works with: the machine, where to write, and the exit code it leaves. Tests give a fake one. */
export interface Cli extends CommandContext {
  readonly process: {
    readonly stdout: { write(text: string, taken?: () => void): void };
    readonly stderr: { write(text: string): void };
    readonly env: Readonly<Partial<Record<string, string>>>;
    exitCode?: number | string | null;
  };
  readonly machine: Machine;
  /** How this program is started. */
  readonly self: readonly string[];
  /** Columns of the terminal; 80 where it is none. */
  readonly width: number;
  /** Whether standard output may have colours. */
  readonly colour: boolean;
  /** Whether standard error may. */
  readonly errorColour: boolean;
}

/** How texts are printed for this person. */
export const textOptions = (cli: Cli, flags: { readonly verbose?: boolean }): TextOptions => ({
  verbose: flags.verbose ?? false,
  colour: cli.colour,
  width: cli.width,
});

/** Exit codes (README, "Exit codes"). */
export const EXIT = { ok: 0, no: 1, badInput: 2, missing: 3, rolledBack: 4 } as const;

/** Result text on standard output, ended by a line feed. */
export function say(cli: Cli, text: string): void {
  cli.process.stdout.write(text.endsWith('\n') || text === '' ? text : `${text}\n`);
}

/** The same for one part of a long text, without a line feed of its own: done when whoever reads has taken it. */
export const sayPart = (cli: Cli, text: string): Promise<void> =>
  new Promise((done) => cli.process.stdout.write(text, () => done()));

/** Everything else on standard error. */
export function note(cli: Cli, text: string): void {
  cli.process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
}

/** Sets the exit code. */
export function leave(cli: Cli, code: number): void {
  cli.process.exitCode = code;
}
