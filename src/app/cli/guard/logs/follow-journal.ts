import { JOURNAL_FIELDS, journalEntry, LineSplitter, type LogOrigin } from '../../../../guard/index.ts';
import type { Followed, LogPlace, Machine } from '../../../../host/index.ts';
import { keepsRunning } from './keeps-running.ts';
import type { LogTaker } from './log-taker.ts';

type Journal = Extract<LogOrigin, { kind: 'journal' }>;

/** Follows systemd's journal from a place on, or from its end. */
export function followJournal(machine: Machine, journal: Journal, from: LogPlace | null, to: LogTaker): Followed {
  let cursor = from?.file ?? null;
  const start = () => {
    const lines = new LineSplitter();
    return machine.readProgram(journalArgv(journal, cursor), async (block) => {
      let text = '';
      lines.push(block, (json) => {
        const entry = journalEntry(json);
        if (entry === null) return;
        cursor = entry.cursor;
        if (entry.line !== null) text += `${entry.line}\n`;
      });
      if (cursor !== null) await to.take(text, { file: cursor, offset: 0 });
    });
  };
  const onEnd = (fault: string): void => {
    // the place is of another journal: from the end, rather than never
    if (/seek to cursor/i.test(fault)) cursor = null;
  };
  return keepsRunning(machine, start, (fault) => {
    onEnd(fault);
    to.fault(fault);
  });
}

/** The command that says what is new behind the cursor, or from now on. */
export function journalArgv({ words, folder }: Journal, cursor: string | null): readonly string[] {
  return [
    ...['journalctl', '--follow', '--output=json', `--output-fields=${JOURNAL_FIELDS.join(',')}`, '--quiet'],
    ...(folder === null ? [] : [`--directory=${folder}`]),
    // without --no-tail it begins with the last ten
    ...(cursor === null ? ['--lines=0'] : [`--after-cursor=${cursor}`, '--no-tail']),
    ...words.map((word) => (word.includes('=') ? word : `--unit=${word}`)),
  ];
}
