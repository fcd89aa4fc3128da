import { eventLines, type GuardEvent } from '../../../guard/index.ts';
import { note, type Cli } from '../context.ts';

/** Writes what happens to standard error, a line each; with its priority where the journal reads it (sd-daemon(3)). */
export function logTo(cli: Cli): (event: GuardEvent) => void {
  const isJournal = cli.machine.environment('JOURNAL_STREAM') !== undefined;
  return (event) => {
    for (const { priority, text } of eventLines(event)) note(cli, isJournal ? `<${priority}>${text}` : text);
  };
}
