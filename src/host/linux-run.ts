import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import {
  DEFAULT_TIMEOUT_MS,
  OUTPUT_LIMIT,
  type Child,
  type RunOptions,
  type RunResult,
  type SpawnOptions,
} from './machine.ts';

/** Where programs are looked for: whoever became root by a plain `su` has no administrators' programs on the PATH. */
export const programFolders = (): readonly string[] =>
  [...(process.env.PATH ?? '/usr/bin:/bin').split(':'), '/usr/sbin', '/sbin'].filter((folder) => folder !== '');

/** The environment that commands get. */
export const environmentFor = (options: Pick<RunOptions, 'env'>): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: programFolders().join(':'),
  ...options.env,
  LC_ALL: 'C',
});

/** The result of running a command to its end. Never rejects: what could not be started has code 127 or 126. */
export function runCommand(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('bug: empty command');
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: environmentFor(options),
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    const state = { timedOut: false, cut: false };
    const kill = (): void => {
      child.kill('SIGKILL');
      // a grandchild may hold the pipes open: do not wait for it
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => {
      state.timedOut = true;
      kill();
    }, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    const onTooMuch = (): void => {
      state.cut = true;
      kill();
    };
    const stdout = gather(child.stdout, onTooMuch);
    const stderr = gather(child.stderr, onTooMuch);
    const finish = (code: number | null, signal: string | null, extra = ''): void => {
      clearTimeout(timer);
      resolve({ code, signal, stdout: stdout(), stderr: stderr() + extra, ...state });
    };
    child.once('error', (e: NodeJS.ErrnoException) =>
      finish(e.code === 'ENOENT' ? 127 : 126, null, startError(program, e)),
    );
    child.once('close', (code, signal) => finish(code, signal));
    child.stdin.on('error', () => undefined); // it may end without reading
    child.stdin.end(options.stdin ?? '');
  });
}

/** See `Machine.attach`. */
export function attachProgram(argv: readonly string[]): Promise<number> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('bug: empty command');
  // the terminal sends its interrupt to us too: the program decides what becomes of it
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  return new Promise((resolve) => {
    const end = (code: number): void => {
      process.off('SIGINT', ignore);
      resolve(code);
    };
    const child = spawn(program, args, {
      stdio: 'inherit',
      env: { ...process.env, PATH: programFolders().join(':') },
    });
    child.once('error', (e: NodeJS.ErrnoException) => end(e.code === 'ENOENT' ? 127 : 126));
    child.once('exit', (code, signal) => end(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

const startError = (program: string, e: NodeJS.ErrnoException): string =>
  e.code === 'ENOENT' ? `${program}: not found\n` : `${program}: ${e.message}\n`;

function gather(stream: NodeJS.ReadableStream, onTooMuch: () => void): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const room = OUTPUT_LIMIT - size;
    chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    size += Math.min(chunk.length, room);
    if (chunk.length > room) onTooMuch();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

const TAIL = 64 * 1024;

/** Takes text as it comes, and gives its lines; one without an end is cut where the tail is. */
function linesTo(onLine: (line: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!.slice(-TAIL);
    for (const line of lines) onLine(line);
  };
}

/** Starts a program that keeps running, apart from the terminal's process group. */
export function startProgram(argv: readonly string[], options: SpawnOptions = {}): Child {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('bug: empty command');
  const child: ChildProcess = spawn(program, args, {
    env: environmentFor(options),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let tail = '';
  const keep = (text: string): void => {
    tail = (tail + text).slice(-TAIL);
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', keep);
    if (options.onLine) stream?.on('data', linesTo(options.onLine));
  }
  let running = true;
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('error', (e: NodeJS.ErrnoException) => {
      running = false;
      keep(startError(program, e));
      resolve({ code: e.code === 'ENOENT' ? 127 : 126, signal: null });
    });
    child.once('exit', (code, signal) => {
      running = false;
      resolve({ code, signal });
    });
  });
  const stop: Child['stop'] = (signal = 'SIGTERM') => {
    if (running) child.kill(signal);
  };
  return { pid: child.pid ?? 0, output: () => tail, stop, ended };
}

/** See `Machine.startApart`. */
export function startApart(argv: readonly string[]): Promise<number> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error('bug: empty command');
  const child = spawn(program, args, { stdio: 'ignore', detached: true, cwd: '/', env: environmentFor({}) });
  return new Promise((resolve) => {
    child.once('error', () => resolve(0));
    child.once('spawn', () => {
      child.unref();
      resolve(child.pid ?? 0);
    });
  });
}
