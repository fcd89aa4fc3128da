import type { LogLine } from './log-line.ts';

/** How the lines of a log are read. */
export interface LogFormat {
  /** What it is called in messages and on the command line. */
  readonly name: string;
  /** Fills the line in; false when it is no line of this format, or says nothing of anybody. */
  read(line: LogLine): boolean;
}
