import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageAnswer } from './page-listener-types.ts';

/** What a status is called (RFC 9110, section 15; RFC 6585). */
export const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  403: 'Forbidden',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  503: 'Service Unavailable',
};

/** What a header may hold: RFC 9110, section 5.5. Anything else could end it. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const NAME = /^[\w-]+$/;

const KEPT = 'Connection: keep-alive\r\n\r\n';
const CLOSED = 'Connection: close\r\n\r\n';

/** `Date: …` of this second. */
let [second, date] = [0, ''];

function dateLine(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) [second, date] = [now, `Date: ${new Date(now * 1000).toUTCString()}\r\n`];
  return date;
}

/** The lines that an answer's headers make: the same headers come again and again. Null for those that may not be sent. */
const known = new WeakMap<PageAnswer['headers'], string | null>();

function headerLines(headers: PageAnswer['headers']): string | null {
  let lines = known.get(headers);
  if (lines === undefined) known.set(headers, (lines = checkedLines(headers)));
  return lines;
}

function checkedLines(headers: PageAnswer['headers']): string | null {
  let lines = '';
  for (const name in headers) {
    const value = headers[name]!;
    if (!NAME.test(name) || !VALUE.test(value)) return null;
    lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

/** The lines before the body; null when one of them could not be sent as it is. */
function headOf({ status, headers }: PageAnswer, keep: boolean): string | null {
  const reason = REASONS[status];
  const lines = headerLines(headers);
  if (reason === undefined || lines === null) return null;
  return `HTTP/1.1 ${status} ${reason}\r\n${lines}${dateLine()}${keep ? KEPT : CLOSED}`;
}

/**
 * Sends an answer to a request that is all here, past the response object, which would look at each header again. False
 * when it has to go the usual way. The response is told that it is over, so that the server goes on to the next request,
 * and does not take the end of the connection for a request that broke off (lib/_http_server.js, resOnFinish).
 */
export function sendWhole(
  request: IncomingMessage,
  response: ServerResponse,
  answer: PageAnswer,
  keep: boolean,
): boolean {
  const { socket } = request;
  if (!request.complete || response.headersSent || (keep && !response.shouldKeepAlive)) return false;
  const head = headOf(answer, keep);
  if (head === null) return false;
  const body = request.method === 'HEAD' ? '' : answer.body;
  socket.cork();
  socket.write(head, 'latin1');
  if (body.length > 0) socket.write(body);
  socket.uncork();
  if (!keep) endAfter(socket);
  response.emit('finish');
  return true;
}

/** Closes after what was written. When the kernel has it all, at once: to close is to say the end, but for TLS. */
function endAfter(socket: Socket): void {
  if (socket.writableLength === 0 && !(socket instanceof TLSSocket)) socket.destroy();
  else socket.destroySoon();
}
