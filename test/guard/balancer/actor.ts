import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';
import { renderPage } from '../../../src/guard/index.ts';
import { startPage } from '../../../src/host/index.ts';

/** What the visitor is told to do, a line of JSON each; the answer is a line of JSON too. */
export type Order =
  /** Connects, asks once, and says what came: a word of the server's, an error's code, `closed` or `timeout`. */
  | { readonly do: 'visit'; readonly from: string; readonly to: string; readonly port: number }
  /** The same, and keeps the connection by that name. */
  | { readonly do: 'open'; readonly name: string; readonly from: string; readonly to: string; readonly port: number }
  /** Asks once more on it. */
  | { readonly do: 'again'; readonly name: string };

const PATIENCE_MS = 3000;
const REQUEST = 'GET / HTTP/1.1\r\nHost: site.example\r\nAccept: text/plain\r\n\r\n';

/** The site: says `welcome` on 80 and 443, and keeps connections. */
function site(certificate: string, key: string): Promise<void> {
  const servers = [
    { port: 80, server: createServer() },
    { port: 443, server: createTlsServer({ cert: readFileSync(certificate), key: readFileSync(key) }) },
  ];
  const started = servers.map(({ port, server }) => {
    server.on('request', (_request, response) => response.end('welcome'));
    return new Promise<void>((done) => server.listen(port, '::', done));
  });
  return Promise.all(started).then(() => undefined);
}

/** The guard's own page on 80 and 443, with a word in it by which it is known. */
async function page(word: string, certificate: string, key: string): Promise<void> {
  const started = await startPage({
    ports: [
      { port: 80, tls: false },
      { port: 443, tls: true },
    ],
    certificates: [{ certificate, key }],
    answer: ({ address, method, headers }) => {
      const wanted = { method, accept: headers['accept'], acceptLanguage: undefined, now: Date.now() };
      return renderPage({ address, reason: 'test', reference: 'K7P-4QD', until: null }, { phone: word }, wanted);
    },
  });
  if (!started.ok) throw new Error(started.message);
}

function visitor(): void {
  const open = new Map<string, Socket>();
  createInterface({ input: process.stdin }).on('line', (line) => {
    void obey(JSON.parse(line) as Order, open).then((said) => console.log(JSON.stringify(said)));
  });
}

async function obey(order: Order, open: Map<string, Socket>): Promise<string> {
  if (order.do === 'again') return ask(open.get(order.name)!);
  const where = { host: order.to, port: order.port, localAddress: order.from };
  const isTls = order.port === 443;
  const socket = isTls
    ? connectTls({ ...where, rejectUnauthorized: false, servername: 'site.example' })
    : connect(where);
  if (order.do === 'open') open.set(order.name, socket.setKeepAlive(true));
  const said = await ask(socket);
  if (order.do === 'visit') socket.destroy();
  return said;
}

/** Sends a request and says what became of it. */
function ask(socket: Socket): Promise<string> {
  return new Promise((done) => {
    let text = '';
    const onData = (data: Buffer): void => {
      text += data.toString();
      const word = /welcome|page\d/.exec(text)?.[0];
      const isPage = text.startsWith('HTTP/1.1 403');
      if (word !== undefined) finish(isPage === word.startsWith('page') ? word : `${word} with the wrong status`);
    };
    const onError = (error: NodeJS.ErrnoException): void => finish(error.code ?? error.message);
    const onClose = (): void => finish('closed');
    const timer = setTimeout(() => finish('timeout'), PATIENCE_MS);
    function finish(said: string): void {
      clearTimeout(timer);
      socket.off('data', onData).off('close', onClose).off('error', onError);
      socket.on('error', () => undefined);
      done(said);
    }
    socket.on('data', onData).on('close', onClose).on('error', onError);
    if (socket.destroyed) finish('closed');
    else socket.write(REQUEST);
  });
}

const [role, ...words] = process.argv.slice(2);
if (role === 'site') await site(words[0]!, words[1]!);
else if (role === 'page') await page(words[0]!, words[1]!, words[2]!);
else visitor();
console.log('"ready"');
