import type { Machine, RunResult } from '../../../host/index.ts';
import { shellLine } from '../../../dialect/index.ts';

/** A machine that is only looked at. */
export interface Recording {
  readonly machine: Machine;
  /** All that would have been run, as a script for sh. */
  script(): string;
}

const DONE: RunResult = { code: 0, signal: null, stdout: '', stderr: '', timedOut: false, cut: false };

/** Commands of the firewall that change nothing. */
const isReading = (argv: readonly string[]): boolean =>
  argv.some((word) => ['list', '-C', '-S'].includes(word)) || /-save$/.test(argv[0] ?? '');

/** The machine as an engine sees it: what only reads is run, what changes is noted and said to have gone well. */
export function recordingMachine(real: Machine): Recording {
  const noted: string[] = [];
  const record = (argv: readonly string[], input: string): void => {
    const text = input.endsWith('\n') || input === '' ? input : `${input}\n`;
    noted.push(text === '' ? `${shellLine(argv)}\n` : `${shellLine(argv)} <<'END'\n${text}END\n`);
  };
  const machine: Machine = {
    ...real,
    run(argv, options = {}) {
      if (isReading(argv)) return real.run(argv, options);
      const { stdin = '' } = options;
      record(argv, typeof stdin === 'string' ? stdin : Buffer.from(stdin).toString('utf8'));
      return Promise.resolve(DONE);
    },
    talk: () => ({
      pid: 0,
      tell(line, end) {
        // the last word only asks whether it is done
        const commands = line.slice(0, line.lastIndexOf(end)).trimEnd().replaceAll('; ', '\n');
        record(['nft', '-f', '-'], commands);
        return Promise.resolve('');
      },
      stop: () => undefined,
    }),
  };
  return { machine, script: () => noted.join('') };
}
