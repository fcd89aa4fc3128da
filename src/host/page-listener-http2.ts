import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { answerTo, failedAnswer, plainAddress, plainAnswer } from './page-listener-answer.ts';
import { ignore, rawOf } from './page-listener-connections.ts';
import type { PageContext } from './page-listener-http1.ts';
import type { PageAnswer, PageRequest } from './page-listener-types.ts';

/** Streams that a connection may open before its first answer, which ends it: a browser opens a few. */
const STREAMS = 16;

/** RFC 9113, section 7: nothing is wrong, but no more of this request is needed. */
const NO_ERROR = 0;

/** An HTTP/2 server that is given its TLS connections by `emit('connection', socket)`. */
export async function http2Server(context: PageContext): Promise<Http2Server> {
  const { createServer } = await import('node:http2');
  const { headerBytes, headerCount } = context.limits;
  const server = createServer({
    settings: { maxConcurrentStreams: STREAMS, maxHeaderListSize: headerBytes, enablePush: false },
    maxHeaderListPairs: headerCount + 4, // the pseudo-headers
    maxSessionMemory: 1, // MB
    maxOutstandingPings: 4,
    maxSettings: 16,
    maxSessionInvalidFrames: 16,
    maxSessionRejectedStreams: STREAMS,
  });
  server.on('sessionError', ignore);
  server.on('session', (session) => {
    session.on('error', ignore);
    serveSession(context, session);
  });
  return server;
}

function serveSession(context: PageContext, session: ServerHttp2Session): void {
  let [opened, open, answered] = [0, 0, false];
  const raw = rawOf(session.socket);
  session.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', ignore);
    opened++;
    open++;
    stream.once('close', () => {
      open--;
      // GOAWAY has been sent by then, and nghttp2 takes no stream any more
      if (open === 0 && answered) setImmediate(() => session.close());
    });
    // nghttp2 is reading now. To end a session, or refuse a stream by session.close(), frees what it still holds: Node 20
    // then writes to freed memory. So everything waits until it has read.
    setImmediate(() => {
      // opened and taken back, over and over (CVE-2023-44487)
      if (opened > STREAMS) raw.destroy();
      else
        void serve(context, stream, headers, raw).then((sent) => {
          if (!sent || session.destroyed) return;
          answered = true;
          // streams that are open get their answers, later ones come on a new connection, which may lead to the site
          session.goaway();
        });
    });
  });
}

/** Whether an answer was sent. */
async function serve(
  context: PageContext,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  raw: Socket,
): Promise<boolean> {
  context.connections.begin(raw);
  const asked = requestOf(headers, raw);
  const isTooLarge = tooLarge(headers, context.limits.headerBytes);
  const limit = isTooLarge ? 0 : (context.options.bodyLimit?.(asked) ?? 0);
  const body = limit === 0 ? null : await context.bodies.read(stream, limit);
  discardBody(stream, context.limits.bodyBytes);
  const answer = isTooLarge
    ? plainAnswer(431, 'Request Header Fields Too Large\n')
    : await answerTo(limit === 0 ? asked : { ...asked, body }, context.options);
  if (stream.destroyed) return false;
  try {
    send(stream, answer, headers[':method'] === 'HEAD');
  } catch (error) {
    if (!stream.headersSent) send(stream, failedAnswer(error, context.options), false);
  }
  return true;
}

function send(stream: ServerHttp2Stream, { status, headers, body }: PageAnswer, headOnly: boolean): void {
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const endStream = headOnly || body.length === 0;
  stream.respond({ ':status': status, ...lower }, { endStream });
  if (!endStream) stream.end(body);
  // RFC 9113, section 8.1: after a whole answer the rest of the request may be refused without an error
  if (!stream.endAfterHeaders) stream.once('finish', () => stream.close(NO_ERROR));
}

/** The limit in the settings binds a client only once it has read them; nghttp2 itself takes 64 KiB. */
function tooLarge(headers: IncomingHttpHeaders, limit: number): boolean {
  let size = 0;
  for (const [name, value] of Object.entries(headers)) size += name.length + String(value).length;
  return size > limit;
}

function discardBody(stream: ServerHttp2Stream, limit: number): void {
  let taken = 0;
  stream.on('data', (chunk: Buffer) => {
    taken += chunk.length;
    if (taken > limit) stream.pause(); // the flow control window fills and the visitor has to stop
  });
}

function requestOf(headers: IncomingHttpHeaders, raw: Socket): PageRequest {
  const plain = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
  const all = Object.fromEntries(plain) as Record<string, string>;
  const authority = headers[':authority'];
  return {
    address: plainAddress(raw.remoteAddress ?? ''),
    method: headers[':method'] ?? '',
    path: headers[':path'] ?? '',
    headers: authority === undefined ? all : { host: authority, ...all },
  };
}
