import { linuxFiles } from './linux-files.ts';
import { openLog } from './linux-log.ts';
import { ask, serve } from './linux-socket.ts';
import { runCommand, startProgram } from './linux-run.ts';
import type { Machine, TranscriptEntry } from './machine.ts';

/** The machine this process runs on. */
export function linuxMachine(): Machine {
  const transcript: TranscriptEntry[] = [];
  return {
    ...linuxFiles,
    openLog,
    serve,
    ask,
    transcript,
    async run(argv, options) {
      const result = await runCommand(argv, options);
      transcript.push({ argv, result });
      return result;
    },
    spawn(argv, options) {
      transcript.push({ argv, result: 'started' });
      return startProgram(argv, options);
    },
    now: () => new Date(),
    elapsedMs: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    environment: (name) => process.env[name],
    isRoot: process.getuid?.() === 0,
  };
}
