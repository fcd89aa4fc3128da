import { chmod, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { failure, parseAddress, sameAddress, success, unmapped, type Address, type Result } from '../ip/index.ts';
import type { AnswerLine, Door, Place, Service } from './machine.ts';

/** Longest line, in characters, that is taken. */
const MAX_LINE = 8 * 1024 * 1024;
/** The same of those who come over the network, and how many may be there at once. */
const MAX_LINE_OF_OTHERS = 64 * 1024;
const MAX_OTHERS = 256;
const TIME_LIMIT_MS = 30_000;

/** See `Machine.serve`. */
export async function serve(path: string, mode: number, answer: AnswerLine): Promise<Result<Service>> {
  if (await isTaken(path)) return failure('output-exists', `somebody listens on ${path} already`);
  await rm(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    answerLines(socket, answer, MAX_LINE);
  });
  const listening = await listen(server, path);
  if (!listening.ok) return listening;
  await chmod(path, mode);
  return success(serviceOf(server, open));
}

const serviceOf = (server: Server, open: ReadonlySet<Socket>): Service => ({
  close: () =>
    new Promise((done) => {
      server.close(() => done());
      for (const socket of open) socket.destroy();
    }),
});

/** See `Machine.serveNet`. */
export function serveNet({ address, port, from }: Door, answer: AnswerLine): Promise<Result<Service>> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    if (!isFrom(from, socket.remoteAddress)) {
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.setTimeout(TIME_LIMIT_MS, () => socket.destroy());
    answerLines(socket, answer, MAX_LINE_OF_OTHERS);
  });
  server.maxConnections = MAX_OTHERS;
  return new Promise((done) => {
    const where = placeText({ address, port });
    server.once('error', ({ code, message }: NodeJS.ErrnoException) =>
      done(
        code === 'EADDRINUSE'
          ? failure('port-taken', `${where} is taken by another program`)
          : failure('fact-unreadable', `${where}: ${message}`),
      ),
    );
    server.listen({ host: address, port }, () => done(success(serviceOf(server, open))));
  });
}

function isFrom(from: readonly Address[], remote: string | undefined): boolean {
  const address = parseAddress(remote ?? '');
  return address.ok && from.some((f) => sameAddress(f, unmapped(address.value)));
}

const placeText = (place: Place): string =>
  typeof place === 'string'
    ? place
    : `${place.address.includes(':') ? `[${place.address}]` : place.address}:${place.port}`;

const isTaken = (path: string): Promise<boolean> =>
  new Promise((done) => {
    const socket = connect(path, () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });

/** The socket is made for its owner alone, until its mode is set. */
function listen(server: Server, path: string): Promise<Result<null>> {
  return new Promise((done) => {
    const before = process.umask(0o177);
    server.once('error', (error) => done(failure('fact-unreadable', `${path}: ${error.message}`)));
    server.listen(path, () => done(success(null)));
    process.umask(before);
  });
}

/** One line after the other: an answer is sent before the next question is read. */
function answerLines(socket: Socket, answer: AnswerLine, longest: number): void {
  let rest = '';
  let busy = Promise.resolve();
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    const isTooLong = lines.some((line) => line.length > longest);
    rest = lines.pop()!;
    if (isTooLong) socket.destroy();
    else for (const line of lines) busy = busy.then(async () => send(socket, await answer(line)));
  });
}

/** Of several lines the next one is made once the one before was taken. */
async function send(socket: Socket, said: string | Iterable<string>): Promise<void> {
  if (typeof said === 'string') {
    socket.write(`${said}\n`);
    return;
  }
  for (const line of said) {
    if (socket.destroyed) return;
    if (!socket.write(`${line}\n`)) await drained(socket);
    // others are answered between two lines of a long list
    else await new Promise((done) => setImmediate(done));
  }
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((done) => {
    const end = (): void => {
      socket.off('drain', end).off('close', end);
      done();
    };
    socket.on('drain', end).on('close', end);
  });

/** See `Machine.ask`. */
export function ask(place: Place, line: string, timeoutMs = TIME_LIMIT_MS): Promise<Result<string>> {
  return hear(place, `${line}\n`, timeoutMs, {
    heard: (said) => {
      const at = said.indexOf('\n');
      return at < 0 ? null : success(said.slice(0, at));
    },
    closed: () => failure('file-missing', `${placeText(place)} was closed before it answered`),
  });
}

/** See `Machine.askLines`. */
export function askLines(
  place: Place,
  line: string,
  onLine: (line: string) => Promise<boolean>,
  timeoutMs = TIME_LIMIT_MS,
): Promise<Result<null>> {
  const path = placeText(place);
  return new Promise((done) => {
    const socket = connect(targetOf(place), () => socket.write(`${line}\n`));
    let rest = '';
    let isOver = false;
    const end = (result: Result<null>): void => {
      isOver = true;
      socket.destroy();
      done(result);
    };
    const hand = async (lines: readonly string[]): Promise<void> => {
      socket.pause();
      for (const one of lines) if (!isOver && (await onLine(one))) end(success(null));
      socket.resume();
    };
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs, () => {
      // it is not its fault while we are busy
      if (!socket.isPaused()) end(failure('command-timeout', `${path} does not answer`));
    });
    socket.on('data', (more: string) => {
      const lines = (rest + more).split('\n');
      rest = lines.pop()!;
      if (rest.length > MAX_LINE) end(failure('input-too-large', `${path} says more than is read`));
      else if (lines.length > 0) void hand(lines);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(whyNot(path, error)));
    socket.on('close', () => end(failure('file-missing', `${path} was closed before it answered`)));
  });
}

const targetOf = (place: Place): { path: string } | { host: string; port: number } =>
  typeof place === 'string' ? { path: place } : { host: place.address, port: place.port };

/** See `Machine.query`. */
export function query(path: string, text: string, timeoutMs = TIME_LIMIT_MS): Promise<Result<string>> {
  return hear(path, text, timeoutMs, {
    heard: (said) => (said.length > MAX_LINE ? failure('input-too-large', `${path} says more than is read`) : null),
    closed: success,
  });
}

/** What an answer is made of. */
interface Listener {
  /** Is given all that was said so far, whenever something was; null: not enough yet. */
  readonly heard: (said: string) => Result<string> | null;
  readonly closed: (said: string) => Result<string>;
}

/** Says the text to who listens there, and hears the answer. */
function hear(place: Place, text: string, timeoutMs: number, { heard, closed }: Listener): Promise<Result<string>> {
  const path = placeText(place);
  return new Promise((done) => {
    const socket = connect(targetOf(place), () => socket.write(text));
    let said = '';
    const end = (result: Result<string>): void => {
      socket.destroy();
      done(result);
    };
    socket.setEncoding('utf8');
    socket.setTimeout(timeoutMs, () => end(failure('command-timeout', `${path} does not answer`)));
    socket.on('data', (more: string) => {
      said += more;
      const result = heard(said);
      if (result) end(result);
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(whyNot(path, error)));
    socket.on('close', () => end(closed(said)));
  });
}

function whyNot(path: string, { code, message }: NodeJS.ErrnoException): Result<never> {
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return failure('file-missing', `nobody listens on ${path}`);
  return code === 'EACCES'
    ? failure('privilege-missing', `${path}: permission denied`)
    : failure('fact-unreadable', `${path}: ${message}`);
}
