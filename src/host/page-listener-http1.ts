import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { answerTo, failedAnswer, plainAddress, plainAnswer } from './page-listener-answer.ts';
import type { Bodies } from './page-listener-body.ts';
import { ignore, rawOf, type Connections } from './page-listener-connections.ts';
import { REASONS, sendWhole } from './page-listener-whole.ts';
import type { PageAnswer, PageLimits, PageListenerOptions, PageRequest } from './page-listener-types.ts';

/** What the parts of the listener share. */
export interface PageContext {
  readonly options: PageListenerOptions;
  readonly limits: PageLimits;
  readonly connections: Connections;
  readonly bodies: Bodies;
  readonly isKept: (raw: Socket) => boolean;
}

/** How long a visitor who sends too much may take to read the answer, in milliseconds. */
const LINGER_MS = 1000;

/** An HTTP/1.1 server that is given its connections by `emit('connection', socket)`. Its timeouts are `Connections`'s. */
export async function http1Server(context: PageContext): Promise<Server> {
  const { createServer } = await import('node:http');
  const { headerBytes, headerCount } = context.limits;
  const server = createServer({ maxHeaderSize: headerBytes, headersTimeout: 0, requestTimeout: 0 });
  server.keepAliveTimeout = 0;
  server.maxHeadersCount = headerCount + 1;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    serve(context, request, response);
  };
  server.on('request', onRequest);
  // an answer makes the body needless: nobody is asked to go on
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  server.on('connect', (request, socket) => {
    if (socket instanceof Socket) void serveTunnel(context, request, socket);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (socket instanceof Socket) refuse(context, error, socket);
  });
  return server;
}

function serve(context: PageContext, request: IncomingMessage, response: ServerResponse): void {
  const raw = rawOf(request.socket);
  // of several requests at once only the first counts: the connection ends with its answer
  if (!context.connections.begin(raw)) return;
  const answer =
    request.rawHeaders.length / 2 > context.limits.headerCount
      ? plainAnswer(431, 'Request Header Fields Too Large\n')
      : answerWithBody(context, request, response);
  if (answer instanceof Promise) void answer.then((made) => send(context, request, response, made));
  // the parser is still at it: whether all of the request is here is known when it is done
  else queueMicrotask(() => send(context, request, response, answer));
}

function send(context: PageContext, request: IncomingMessage, response: ServerResponse, answer: PageAnswer): void {
  const raw = rawOf(request.socket);
  if (response.destroyed || raw.destroyed) return;
  const keep = context.isKept(raw) && request.complete;
  if (sendWhole(request, response, answer, keep)) {
    if (keep) context.connections.again(raw);
    return;
  }
  response.on('error', ignore);
  if (keep) response.once('finish', () => context.connections.again(raw));
  try {
    writeHead(response, answer, keep);
  } catch (error) {
    response.statusMessage = ''; // of the first attempt
    writeHead(response, failedAnswer(error, context.options), false);
    response.end();
    return;
  }
  const body = request.method === 'HEAD' ? '' : bytesOf(answer.body);
  if (request.complete) response.end(body);
  else linger(context, request, response, body);
}

/** The answer, once the body is there where it is needed. */
function answerWithBody(
  { options, bodies }: PageContext,
  request: IncomingMessage,
  response: ServerResponse,
): PageAnswer | Promise<PageAnswer> {
  const asked = requestOf(request, rawOf(request.socket));
  const limit = options.bodyLimit?.(asked) ?? 0;
  if (limit === 0) return answerTo(asked, options);
  if (request.headers.expect !== undefined) response.writeContinue();
  return bodies.read(request, limit).then((body) => answerTo({ ...asked, body }, options));
}

/** A string would be joined to the headers and encoded with them, which costs more. */
const bytesOf = (body: PageAnswer['body']): Uint8Array => (typeof body === 'string' ? Buffer.from(body) : body);

function writeHead(response: ServerResponse, { status, headers }: PageAnswer, keep: boolean): void {
  const lines: string[] = [];
  for (const name in headers) lines.push(name, headers[name]!);
  if (!keep) lines.push('Connection', 'close');
  response.writeHead(status, lines);
}

/**
 * Sends the answer and takes what still comes of the request, within limits: to close with unread bytes is a reset, which
 * can take the answer from a visitor who has not read it yet (RFC 9112, section 9.6).
 */
function linger(
  context: PageContext,
  request: IncomingMessage,
  response: ServerResponse,
  body: PageAnswer['body'],
): void {
  if (body.length > 0) response.write(body);
  else response.flushHeaders();
  let taken = 0;
  request.on('error', ignore);
  request.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken <= context.limits.bodyBytes || request.isPaused()) return;
    request.pause();
    setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  });
  request.once('end', () => response.end());
}

function requestOf(request: IncomingMessage, raw: Socket): PageRequest {
  return {
    address: plainAddress(raw.remoteAddress ?? ''),
    method: request.method ?? '',
    path: request.url ?? '',
    headers: request.headers as Record<string, string | undefined>,
  };
}

/** CONNECT has no response object: the answer is written as it is. */
async function serveTunnel(context: PageContext, request: IncomingMessage, socket: Socket): Promise<void> {
  socket.on('error', ignore);
  const raw = rawOf(socket);
  if (!context.connections.begin(raw)) return;
  const answer = await answerTo(requestOf(request, raw), context.options);
  sendBare(socket, answer);
}

/** Writes an answer without a response object, and ends the connection. */
function sendBare(socket: Socket, { status, headers, body }: PageAnswer): void {
  if (socket.destroyed || !socket.writable) return;
  const lines = Object.entries({ ...headers, Connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\n${lines.join('')}\r\n`);
  socket.end(body);
  socket.destroySoon();
}

/** What cannot be read as HTTP gets a bare answer, unless one is under way. */
function refuse(context: PageContext, error: NodeJS.ErrnoException, socket: Socket): void {
  const raw = rawOf(socket);
  if (context.connections.isAnswering(raw) || error.code === 'ECONNRESET') {
    raw.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  sendBare(socket, plainAnswer(status, `${REASONS[status]!}\n`));
}
