import type { LogOrigin } from '../../../../guard/index.ts';
import type { Followed, LogPlace, Machine } from '../../../../host/index.ts';
import { followJournal } from './follow-journal.ts';
import { followSocket } from './follow-socket.ts';
import type { LogTaker } from './log-taker.ts';
import { readBacklog } from './read-backlog.ts';

/** Follows a log from a place on; where none is known from its end, or with its backlog from its beginning. */
export function followLog(machine: Machine, origin: LogOrigin, from: LogPlace | null, to: LogTaker): Followed {
  switch (origin.kind) {
    case 'journal':
      return followJournal(machine, origin, from, to);
    case 'socket':
      return followSocket(machine, origin, to);
    case 'file':
      return from === null && origin.backlog
        ? afterBacklog(machine, origin.file, to)
        : followFile(machine, origin.file, from, to);
  }
}

/** What it is called in messages, and where its place is kept. */
export function nameOfLog(origin: LogOrigin): string {
  switch (origin.kind) {
    case 'file':
      return origin.file === '-' ? 'standard input' : origin.file;
    case 'journal':
      return `journal ${origin.folder === null ? '' : `${origin.folder} `}${origin.words.join(' ')}`;
    case 'socket':
      return `socket ${origin.socket}`;
  }
}

function followFile(machine: Machine, file: string, from: LogPlace | null, to: LogTaker): Followed {
  let behind: LogPlace | null = null;
  return machine.follow(file, from, async (block, place) => {
    // another file, or the same from its beginning: half a line of what was there before goes on no more
    if (behind !== null && (behind.file !== place.file || behind.offset + block.length !== place.offset))
      await to.cut();
    behind = place;
    await to.take(block, place);
  });
}

/** The rotated files first, then the log itself from its beginning. */
function afterBacklog(machine: Machine, file: string, to: LogTaker): Followed {
  let isClosed = false;
  const following = readBacklog(machine, file, to, () => isClosed).then(() =>
    isClosed ? null : followFile(machine, file, { file: '', offset: 0 }, to),
  );
  return {
    async close() {
      isClosed = true;
      await (await following)?.close();
    },
  };
}
