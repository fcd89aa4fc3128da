import { failure, success, type Result } from '../ip/index.ts';
import type { AnswerLine, DurableLog, Machine, Place, RunOptions, RunResult, TranscriptEntry } from './machine.ts';

/** What a fake command answers: its standard output, or more. */
export type FakeAnswer = string | Partial<RunResult>;

/** What a fake machine starts with. Everything is optional. */
export interface FakeSetup {
  /** Path to text. */
  readonly files?: Readonly<Record<string, string>>;
  /** Command, its words joined with blanks, to what it answers. Others are not found (127). */
  readonly commands?: Readonly<Record<string, FakeAnswer | ((options: RunOptions) => FakeAnswer)>>;
  readonly now?: Date;
  readonly environment?: Readonly<Record<string, string>>;
  readonly isRoot?: boolean;
  readonly stdin?: string;
  /** What the person at the terminal answers; nobody sits there when not said. */
  readonly answer?: string;
}

/** A machine for tests. Time passes only when somebody sleeps. */
export interface FakeMachine extends Machine {
  /** Its files with modes and contents, then the commands that were run: text to compare in tests. */
  render(): string;
}

interface FakeFile {
  readonly text: string;
  readonly mode: number;
}

/** A machine that has no side effects. */
export function fakeMachine(setup: FakeSetup = {}): FakeMachine {
  const files = new Map<string, FakeFile>();
  for (const [path, text] of Object.entries(setup.files ?? {})) files.set(path, { text, mode: 0o644 });
  const transcript: TranscriptEntry[] = [];
  const start = (setup.now ?? new Date('2026-01-01T00:00:00Z')).getTime();
  let elapsed = 0;
  return {
    ...fakeFiles(files),
    ...fakeCommands(setup, transcript),
    ...fakeSockets(),
    openLog: (path, onLine) => Promise.resolve(success(fakeLog(files, path, onLine))),
    transcript,
    askPerson: () => Promise.resolve(setup.answer ?? null),
    readStdin: () => Promise.resolve(success(setup.stdin ?? '')),
    follow: () => ({ close: () => Promise.resolve() }),
    async readBlocks(path, onBlock) {
      const read = path === '-' ? success(setup.stdin ?? '') : await this.readFile(path);
      if (!read.ok) return read;
      await onBlock(Buffer.from(read.value).toString('latin1'));
      return success(null);
    },
    now: () => new Date(start + elapsed),
    elapsedMs: () => elapsed,
    sleep: (ms) => {
      elapsed += ms;
      return Promise.resolve();
    },
    hasProgram: (name) => {
      const folders = [...(setup.environment?.['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
      return Promise.resolve(folders.some((folder) => files.has(`${folder}/${name}`)));
    },
    environment: (name) => setup.environment?.[name],
    isRoot: setup.isRoot ?? true,
    render: () => renderState(files, transcript),
  };
}

function fakeCommands(
  setup: FakeSetup,
  transcript: TranscriptEntry[],
): Pick<Machine, 'run' | 'spawn' | 'readProgram' | 'talk' | 'attach' | 'signal' | 'startApart'> {
  let pid = 100;
  return {
    run(argv, options = {}) {
      const known = setup.commands?.[argv.join(' ')];
      const answer = typeof known === 'function' ? known(options) : known;
      const result = resultOf(answer ?? { code: 127, stderr: `${argv[0] ?? ''}: not found\n` });
      transcript.push({ argv, result });
      return Promise.resolve(result);
    },
    async attach(argv) {
      return (await this.run(argv)).code ?? 0;
    },
    startApart(argv) {
      transcript.push({ argv, result: 'started' });
      return Promise.resolve(++pid);
    },
    readProgram(argv) {
      transcript.push({ argv, result: 'started' });
      const ended = Promise.resolve({ code: 127, fault: `${argv[0] ?? ''}: not found` });
      return { ended, close: () => Promise.resolve() };
    },
    signal(number, signal) {
      transcript.push({ argv: ['kill', `-${signal}`, String(number)], result: 'started' });
      return true;
    },
    talk(argv) {
      transcript.push({ argv, result: 'started' });
      return { pid: 0, tell: () => Promise.resolve(null), stop: () => undefined };
    },
    spawn(argv) {
      transcript.push({ argv, result: 'started' });
      let end: (how: { code: number | null; signal: string | null }) => void = () => undefined;
      const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => (end = resolve));
      return { pid: ++pid, output: () => '', stop: (signal = 'SIGTERM') => end({ code: null, signal }), ended };
    },
  };
}

const resultOf = (answer: FakeAnswer): RunResult => ({
  code: 0,
  signal: null,
  stdout: '',
  stderr: '',
  timedOut: false,
  cut: false,
  ...(typeof answer === 'string' ? { stdout: answer } : answer),
});

function fakeFiles(
  files: Map<string, FakeFile>,
): Pick<
  Machine,
  'readFile' | 'readBytes' | 'writeFile' | 'createFile' | 'replaceFile' | 'mkdir' | 'remove' | 'exists' | 'list'
> {
  const below = (path: string): string[] => [...files.keys()].filter((p) => p === path || p.startsWith(`${path}/`));
  const directories = new Set<string>();
  const missing = <T>(path: string): Result<T> => failure('file-missing', `${path}: no such file or directory`);
  const isThere = (path: string): boolean => directories.has(path) || below(path).length > 0;
  return {
    readFile(path) {
      const file = files.get(path);
      return Promise.resolve(file ? success(file.text) : missing(path));
    },
    readBytes(path) {
      const file = files.get(path);
      return Promise.resolve(file ? success(Buffer.from(file.text)) : missing(path));
    },
    writeFile(path, content, mode = 0o644) {
      const text = typeof content === 'string' ? content : `(${content.length} bytes)`;
      files.set(path, { text, mode });
      return Promise.resolve(success(null));
    },
    createFile(path, text) {
      if (files.has(path)) return Promise.resolve(failure('output-exists', `${path} is there already`));
      files.set(path, { text, mode: 0o600 });
      return Promise.resolve(success(null));
    },
    replaceFile(path, text, mode = 0o644) {
      files.set(path, { text, mode: files.get(path)?.mode ?? mode });
      return Promise.resolve(success(null));
    },
    mkdir(path) {
      directories.add(path);
      return Promise.resolve(success(null));
    },
    remove(path) {
      for (const p of below(path)) files.delete(p);
      directories.delete(path);
      return Promise.resolve(success(null));
    },
    exists: (path) => Promise.resolve(isThere(path)),
    list(path) {
      if (!isThere(path) || files.has(path)) return Promise.resolve(missing(path));
      const names = below(path).map((p) => p.slice(path.length + 1).split('/')[0]!);
      return Promise.resolve(success([...new Set(names)].sort()));
    },
  };
}

function fakeSockets(): Pick<Machine, 'serve' | 'serveNet' | 'ask' | 'askLines' | 'query' | 'post'> {
  const services = new Map<string, AnswerLine>();
  return {
    serve(path, _mode, answer) {
      if (services.has(path)) return Promise.resolve(failure('output-exists', `somebody listens on ${path} already`));
      services.set(path, answer);
      return Promise.resolve(success({ close: () => Promise.resolve(void services.delete(path)) }));
    },
    serveNet: ({ address, port }) =>
      Promise.resolve(failure('fact-unreadable', `${address} port ${port}: there is no network`)),
    async ask(place, line) {
      const answer = services.get(nameOf(place));
      if (!answer) return failure('file-missing', `nobody listens on ${nameOf(place)}`);
      const [first = ''] = linesOf(await answer(line));
      return success(first);
    },
    async askLines(place, line, onLine) {
      const answer = services.get(nameOf(place));
      if (!answer) return failure('file-missing', `nobody listens on ${nameOf(place)}`);
      for (const one of linesOf(await answer(line))) if (await onLine(one)) return success(null);
      return failure('file-missing', `${nameOf(place)} was closed before it answered`);
    },
    query: (path) => Promise.resolve(failure('file-missing', `nobody listens on ${path}`)),
    post: (url) => Promise.resolve(failure('command-failed', `${url}: there is no network`)),
  };
}

function fakeLog(files: Map<string, FakeFile>, path: string, onLine: (line: string) => void): DurableLog {
  const write = (text: string): Promise<Result<null>> => {
    files.set(path, { text, mode: 0o600 });
    return Promise.resolve(success(null));
  };
  const whole = (files.get(path)?.text ?? '').replace(/[^\n]*$/, '');
  void write(whole);
  for (const line of whole.split('\n').slice(0, -1)) onLine(line);
  return {
    append: (text, onKept) => {
      const written = write((files.get(path)?.text ?? '') + text);
      onKept?.();
      return written;
    },
    replace: (lines) => write([...lines()].map((l) => `${l}\n`).join('')),
    close: () => Promise.resolve(),
  };
}

function renderState(files: ReadonlyMap<string, FakeFile>, transcript: readonly TranscriptEntry[]): string {
  const lines: string[] = [];
  for (const [path, { text, mode }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(
      `${path} ${mode.toString(8)}`,
      ...text
        .replace(/\n$/, '')
        .split('\n')
        .map((l) => `  ${l}`),
    );
  }
  for (const { argv, result } of transcript) {
    const how = result === 'started' ? '(started)' : result.code === 0 ? '' : `(code ${result.code ?? 'none'})`;
    lines.push(`$ ${argv.join(' ')} ${how}`.trimEnd());
  }
  return lines.map((l) => `${l}\n`).join('');
}

const nameOf = (place: Place): string => (typeof place === 'string' ? place : `${place.address} port ${place.port}`);

const linesOf = (said: string | Iterable<string>): Iterable<string> => (typeof said === 'string' ? [said] : said);
