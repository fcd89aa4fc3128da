import type { Diagnostic } from '../../ip/index.ts';
import type { AllowList } from '../decide/allow-list.ts';
import { LineSplitter } from '../source/line-splitter.ts';
import type { LogFormat } from '../source/log-format.ts';
import { LogLine } from '../source/log-line.ts';
import { recogniseFormat } from '../source/recognise-format.ts';
import { Detective, type Verdict } from './detective.ts';
import type { Detector } from './detector.ts';

/** What was read of a log. */
export interface LogRead {
  readonly source: string;
  /** How it was read; null when no line was one of a known format. */
  readonly format: string | null;
  /** All lines, those that the format reads, and those that were too long to be looked at. */
  lines: number;
  read: number;
  tooLong: number;
}

/** Somebody who would have been blocked. */
export interface DryVerdict extends Verdict {
  /** Why it would not have been done: who is allowed. */
  readonly allowed: string | null;
}

/** A log that is being read. */
export interface OpenLog {
  readonly push: (block: string) => void;
  /** What was wrong with it as a whole. Codes: `input-unrecognised`, `line-unknown`. */
  readonly end: () => readonly Diagnostic[];
}

/** What detectors would have decided, had they read these logs when they were written. */
export class DryRun {
  readonly #formats: readonly LogFormat[];
  readonly #detective: Detective;
  readonly #allow: AllowList;
  readonly logs: LogRead[] = [];
  readonly verdicts: DryVerdict[] = [];

  constructor(formats: readonly LogFormat[], detectors: readonly Detector[], allow: AllowList) {
    this.#formats = formats;
    this.#detective = new Detective(detectors);
    this.#allow = allow;
  }

  /** Begins a log: one file after the other, the oldest first. */
  open(source: string): OpenLog {
    const splitter = new LineSplitter();
    const line = new LogLine();
    let log: LogRead = { source, format: null, lines: 0, read: 0, tooLong: 0 };
    this.logs.push(log);
    let format: LogFormat | null = null;
    const onLine = (text: string): void => {
      log.lines++;
      line.take(text);
      if (format === null || !format.read(line)) return;
      log.read++;
      this.#look(line);
    };
    const recognise = (block: string): void => {
      format = recogniseFormat(block, this.#formats);
      if (format === null) return;
      log = { ...log, format: format.name };
      this.logs[this.logs.length - 1] = log;
    };
    return {
      push: (block) => {
        if (format === null) recognise(block);
        splitter.push(block, onLine);
      },
      end: () => {
        splitter.end(onLine);
        log.tooLong = splitter.tooLong;
        return faultsOf(log);
      },
    };
  }

  #look(line: LogLine): void {
    const verdict = this.#detective.look(line);
    if (verdict === null) return;
    const [refusal] = this.#allow.refusalsOf(verdict.offence.prefix);
    this.verdicts.push({ ...verdict, allowed: refusal?.why ?? null });
  }

  /** Visitors who would have been blocked, or were in a network that was, and look like ordinary ones. */
  get ordinary(): readonly string[] {
    const counted = this.verdicts.filter((v) => v.allowed === null);
    return [...new Set(counted.flatMap((v) => [...v.offence.ordinary]))];
  }
}

/** Formats of single programs in logs that many write. */
const ONE_OF_MANY = ['syslog', 'sshd', 'postfix', 'dovecot'];

function faultsOf({ source, format, lines, read }: LogRead): readonly Diagnostic[] {
  if (lines === 0) return [];
  if (format === null)
    return [
      {
        code: 'input-unrecognised',
        severity: 'error',
        message: `${source}: none of its first lines is one of a log that is known here`,
        hint: "say how the lines are made: --format 'LOG_FORMAT', as in the web server's configuration",
      },
    ];
  return read * 2 < lines && !ONE_OF_MANY.includes(format)
    ? [
        {
          code: 'line-unknown',
          severity: 'warning',
          message: `${source}: ${lines - read} of ${lines} lines are none of the format ${format}`,
        },
      ]
    : [];
}
