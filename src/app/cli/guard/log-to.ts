import { eventLines, type EventLine, type GuardEvent } from '../../../guard/index.ts';
import { note, type Cli } from '../context.ts';

/** Writes a line to standard error; with its priority where the journal reads it (sd-daemon(3)). */
export function logLine(cli: Cli, { priority, text }: EventLine): void {
  const isJournal = cli.machine.environment('JOURNAL_STREAM') !== undefined;
  note(cli, isJournal ? `<${priority}>${text}` : text);
}

/** Writes what happens, a line each. */
export const logTo =
  (cli: Cli) =>
  (event: GuardEvent): void => {
    for (const line of eventLines(event)) logLine(cli, line);
  };
