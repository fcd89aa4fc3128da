import { createFile } from './linux-create.ts';
import { replaceFile } from './linux-replace.ts';
import { linuxFiles } from './linux-files.ts';
import { follow } from './linux-follow.ts';
import { openLog } from './linux-log.ts';
import { post } from './linux-post.ts';
import { askPerson } from './linux-person.ts';
import { ask, askLines, query, serve, serveNet } from './linux-socket.ts';
import { attachProgram, programFolders, runCommand, startApart, startProgram } from './linux-run.ts';
import { readProgram } from './linux-read-program.ts';
import { startTalk } from './linux-talk.ts';
import type { Machine, TranscriptEntry } from './machine.ts';

/** Commands that are remembered: a guard runs for years. */
const REMEMBERED = 50;

/** The machine this process runs on. */
export function linuxMachine(): Machine {
  const transcript: TranscriptEntry[] = [];
  const record = (entry: TranscriptEntry): void => {
    if (transcript.push(entry) > REMEMBERED) transcript.shift();
  };
  return {
    ...linuxFiles,
    createFile,
    replaceFile,
    askPerson,
    openLog,
    follow,
    serve,
    serveNet,
    ask,
    askLines,
    query,
    post,
    transcript,
    ...linuxPrograms(record),
    async hasProgram(name) {
      const paths = name.includes('/') ? [name] : programFolders().map((folder) => `${folder}/${name}`);
      for (const path of paths) if (await linuxFiles.exists(path)) return true;
      return false;
    },
    now: () => new Date(),
    elapsedMs: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    environment: (name) => process.env[name],
    isRoot: process.getuid?.() === 0,
  };
}

/** What runs programs, and tells which. */
function linuxPrograms(
  record: (entry: TranscriptEntry) => void,
): Pick<Machine, 'run' | 'attach' | 'spawn' | 'readProgram' | 'startApart' | 'signal' | 'talk'> {
  return {
    async run(argv, options) {
      const result = await runCommand(argv, options);
      record({ argv, result });
      return result;
    },
    async attach(argv) {
      const code = await attachProgram(argv);
      record({ argv, result: 'started' });
      return code;
    },
    spawn(argv, options) {
      record({ argv, result: 'started' });
      return startProgram(argv, options);
    },
    readProgram(argv, onBlock) {
      record({ argv, result: 'started' });
      return readProgram(argv, onBlock);
    },
    signal(pid, signal) {
      record({ argv: ['kill', `-${signal}`, String(pid)], result: 'started' });
      try {
        return process.kill(pid, signal);
      } catch {
        return false;
      }
    },
    startApart(argv) {
      record({ argv, result: 'started' });
      return startApart(argv);
    },
    talk(argv, options) {
      record({ argv, result: 'started' });
      return startTalk(argv, options);
    },
  };
}
