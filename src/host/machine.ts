import type { Address, Result } from '../ip/index.ts';

/** How to run a command. */
export interface RunOptions {
  /** Text or bytes for its standard input; none means an empty input. */
  readonly stdin?: string | Uint8Array;
  /** After so many milliseconds it is killed; 30 000 when not said. */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  /** Added to the machine's environment. `LC_ALL=C` is always there. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a command ended. */
export interface RunResult {
  /** The exit code; 127 when there is no such command, 126 when it may not be run, null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** More was said than `OUTPUT_LIMIT`: the command was killed and the output is cut. */
  readonly cut: boolean;
}

/** How to start a program that keeps running. */
export interface SpawnOptions extends Pick<RunOptions, 'cwd' | 'env'> {
  /** Gets each line that it says, of both streams, without its line feed. */
  readonly onLine?: (line: string) => void;
}

/** A program that keeps running. */
export interface Child {
  /** 0 when it could not be started; then `ended` says why. */
  readonly pid: number;
  /** The last 64 KiB of what it said, both streams. */
  output(): string;
  /** Sends a signal, SIGTERM when none is named. Nothing happens when it has ended already. */
  stop(signal?: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR1' | 'SIGKILL'): void;
  /** How it ended; never rejects. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** A program that keeps running and is told one line after the other. It ends with us. */
export interface Talk {
  /** 0 when it could not be started. */
  readonly pid: number;
  /**
   * Tells it a line and waits until its standard error says a line that is `end`. All that was said before this line, since the
   * last call; null when the program ended or `timeoutMs` passed: then it is killed.
   */
  tell(line: string, end: string, timeoutMs: number): Promise<string | null>;
  stop(): void;
}

/** A file of lines that only grows. */
export interface DurableLog {
  /**
   * Adds lines, each ended by a line feed. They are on the disk when it is done; what failed is not in the file. `onKept`
   * is called as soon as they are there: in the order of the calls, and before anything else is written or replaced.
   */
  append(text: string, onKept?: () => void): Promise<Result<null>>;
  /**
   * Puts other lines in place of all, at once: whatever happens, the file has the old ones or the new ones. They are asked
   * for when all that was added before is there.
   */
  replace(lines: () => Iterable<string>): Promise<Result<null>>;
  close(): Promise<void>;
}

/** A service on a socket of this machine. */
export interface Service {
  close(): Promise<void>;
}

/** How far a log was read. */
export interface LogPlace {
  /** Which file it was, whatever it is called by now; the cursor of systemd's journal. */
  readonly file: string;
  /** Bytes. */
  readonly offset: number;
}

/** A log that is followed. */
export interface Followed {
  /** No block comes any more when it is done. */
  close(): Promise<void>;
}

/** A program whose output is read while it runs. */
export interface Reading {
  /** How it ended, once all that it said was handed over, and the last of what it said about faults. */
  readonly ended: Promise<{ readonly code: number | null; readonly fault: string }>;
  /** Ends it. No block comes any more when it is done. */
  close(): Promise<void>;
}

/** One command that was run, in order. */
export interface TranscriptEntry {
  readonly argv: readonly string[];
  /** `started` for a long-lived program. */
  readonly result: RunResult | 'started';
}

/** Where somebody listens: a unix socket's path, or an address and a TCP port. */
export type Place = string | { readonly address: string; readonly port: number };

/** A TCP port of this machine, and who may come in. */
export interface Door {
  readonly address: string;
  readonly port: number;
  readonly from: readonly Address[];
}

/** Gives the line that answers another, or several lines. */
export type AnswerLine = (line: string) => Promise<string | Iterable<string>>;

/** Everything outside this process: commands, files, clock, environment. The only way to a side effect. */
export interface Machine {
  /** Runs a command from an argument list (no shell in between) and waits for its end. Never rejects. */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts a program that keeps running. */
  spawn(argv: readonly string[], options?: SpawnOptions): Child;
  /**
   * Starts a program that keeps running, and hands over what it says on its standard output, block for block as in `readBlocks`. The next
   * block waits for `onBlock`, and the program with it. Its input ends when we do.
   */
  readProgram(argv: readonly string[], onBlock: (text: string) => void | Promise<void>): Reading;
  /** Starts a program that is told things line by line. */
  talk(argv: readonly string[], options?: Pick<RunOptions, 'cwd' | 'env'>): Talk;
  /**
   * Starts a program that outlives us and our terminal: in a session of its own, without input and output. Its pid; 0 when
   * it could not be started.
   */
  startApart(argv: readonly string[]): Promise<number>;
  /**
   * Runs a command on our own terminal: it reads and writes where we would, without a time limit, and gets the terminal's
   * signals. Its exit code as in `RunResult`, 128 and the signal's number when one ended it.
   */
  attach(argv: readonly string[]): Promise<number>;
  /** Sends a process a signal; false when there is none of that number, or it is not ours to signal. */
  signal(pid: number, signal: 'SIGHUP'): boolean;
  /** Whether a program of that name would be found. */
  hasProgram(name: string): Promise<boolean>;
  /** The last commands: on a real machine 50. */
  readonly transcript: readonly TranscriptEntry[];

  /** A file's text. Codes: `file-missing`, `privilege-missing`, `input-too-large`, `fact-unreadable`. */
  readFile(path: string): Promise<Result<string>>;
  /** A file's bytes. Codes as above. */
  readBytes(path: string): Promise<Result<Uint8Array>>;
  /**
   * Hands over a file's bytes, `-` for standard input, block for block as latin1 text: a character a byte. What is packed with gzip is
   * unpacked. The next block waits for `onBlock`. Codes as above, `input-unrecognised` when the packing is broken.
   */
  readBlocks(path: string, onBlock: (text: string) => void | Promise<void>): Promise<Result<null>>;
  /**
   * Follows a log that others write, at once when they do: from a place on, or from its end; `-` is standard input. Blocks are as in `readBlocks`, each with the
   * place behind it; the next one waits for `onBlock`. It may be renamed, truncated, removed, made anew, or come later.
   */
  follow(
    path: string,
    from: LogPlace | null,
    onBlock: (text: string, place: LogPlace) => void | Promise<void>,
  ): Followed;
  /** Writes a file anew, text or bytes, with `mode` (0o644 when not said), whatever mode it had. Codes as above. */
  writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<Result<null>>;
  /**
   * Makes a file that is not there yet (mode 0600), and the directories above it: with all its text at once, which is on the
   * disk when it is done. Code `output-exists` when it is there, else those of `readFile`.
   */
  createFile(path: string, text: string): Promise<Result<null>>;
  /**
   * Puts a whole text in the place of a file at once: whatever happens, it has the old text or the new one. The file keeps
   * owner and mode, and a link to it stays one; a new file gets `mode` (0o644 when not said). Codes: those of `readFile`.
   */
  replaceFile(path: string, text: string, mode?: number): Promise<Result<null>>;
  /** Makes a directory and those above it. */
  mkdir(path: string): Promise<Result<null>>;
  /** Removes a file or a directory with all in it; nothing happens when there is none. */
  remove(path: string): Promise<Result<null>>;
  /**
   * Opens a log, and makes it when there is none (mode 0600). `onLine` gets every line that is there, without its line feed; a last
   * line without one was never acknowledged, and is cut off. Codes as above.
   */
  openLog(path: string, onLine: (line: string) => void): Promise<Result<DurableLog>>;
  /**
   * Answers lines that come over a unix socket, each with one line, or with several that are made as they are taken. `mode` says who may connect. A socket that somebody
   * still listens on is not taken over: code `output-exists`.
   */
  serve(path: string, mode: number, answer: AnswerLine): Promise<Result<Service>>;
  /**
   * The same over TCP, for those alone who come from certain addresses; others' connections are closed unread. Codes `port-taken`,
   * `fact-unreadable`.
   */
  serveNet(door: Door, answer: AnswerLine): Promise<Result<Service>>;
  /** Sends a line there and gives the answer. Code `file-missing` when nobody listens, `command-timeout`. */
  ask(place: Place, line: string, timeoutMs?: number): Promise<Result<string>>;
  /**
   * The same for an answer of several lines: each is handed over, the next one waits for `onLine`, which says true when it was
   * the last. Codes: those of `ask`; `file-missing` also when the other side closes before; `input-too-large` for one that is too long.
   */
  askLines(
    place: Place,
    line: string,
    onLine: (line: string) => Promise<boolean>,
    timeoutMs?: number,
  ): Promise<Result<null>>;
  /** Sends a text over a unix socket and gives all that comes back until the other side closes. Codes: those of `ask`. */
  query(path: string, text: string, timeoutMs?: number): Promise<Result<string>>;
  /** Posts JSON and gives the status of the answer, which is not read; nothing is followed. Codes: `command-timeout`, `command-failed`. */
  post(url: string, json: string, timeoutMs?: number): Promise<Result<number>>;
  exists(path: string): Promise<boolean>;
  /** Names in a directory, sorted. */
  list(path: string): Promise<Result<readonly string[]>>;
  /** What the person at the terminal answers, without the line's end; null where nobody sits at one. */
  askPerson(question: string): Promise<string | null>;
  /** All of standard input. */
  readStdin(): Promise<Result<string>>;

  now(): Date;
  /** Milliseconds from some fixed point; never goes back. */
  elapsedMs(): number;
  sleep(ms: number): Promise<void>;
  environment(name: string): string | undefined;
  readonly isRoot: boolean;
}

/** Most that is kept of a command's output, of a file, or of standard input: 64 MiB. */
export const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Time a command gets when nobody says otherwise, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000;
