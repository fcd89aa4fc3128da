import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach } from 'vitest';
import { renderPage } from '../../../src/guard/index.ts';
import {
  startPage,
  type PageAnswer,
  type PageListener,
  type PageListenerOptions,
  type PageRequest,
} from '../../../src/host/index.ts';

const open: PageListener[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((page) => page.close()));
});
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The real page, for a fixed block. */
export const realPage = (request: PageRequest): PageAnswer =>
  renderPage(
    { address: request.address, reason: 'Too many failed log-ins', reference: 'WM-1', until: null },
    { site: 'Example', phone: '+1 555 0100' },
    {
      method: request.method,
      accept: request.headers.accept,
      acceptLanguage: request.headers['accept-language'],
      now: Date.now(),
    },
  );

/** A page on free ports, closed after the test. Port 0 is plain, port 1 is TLS when there are certificates. */
export async function listening(
  options: Partial<PageListenerOptions> = {},
): Promise<{ page: PageListener; ports: number[] }> {
  const tls = options.certificates ? [{ port: 0, tls: true }] : [];
  const started = await startPage({ ports: [{ port: 0, tls: false }, ...tls], answer: realPage, ...options });
  if (!started.ok) throw new Error(started.message);
  open.push(started.value);
  return { page: started.value, ports: started.value.addresses.map((a) => a.port) };
}

/** A folder that is gone after the tests. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'waymark-page-'));
  folders.push(path);
  return path;
}

/** A throw-away certificate for names, made by openssl. */
export function certificate(dir: string, ...names: string[]): { certificate: string; key: string } {
  const [cert, key] = [
    join(dir, `${names[0]!.replace('*', '_')}.pem`),
    join(dir, `${names[0]!.replace('*', '_')}.key`),
  ];
  const alt = names.map((name) => `DNS:${name}`).join();
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const subject = ['-subj', `/CN=${names[0]!}`, '-addext', `subjectAltName=${alt}`];
  execFileSync('openssl', ['req', '-x509', ...ec, '-days', '2', ...subject, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  return { certificate: cert, key };
}

/** What a connection said until it closed, how long that took, and whether it ended in an error. */
export interface Talk {
  readonly text: string;
  readonly ms: number;
  readonly error: string | undefined;
}

/** Sends bytes and listens until the other side closes; fails after ten seconds. */
export const talk = (port: number, bytes: string | Buffer, host = '127.0.0.1'): Promise<Talk> =>
  listen(connect(port, host), bytes);

/** The same over TLS. `name` is the site asked for. */
export const talkTls = (
  port: number,
  bytes: string,
  name?: string,
  alpn: string[] = [],
): Promise<Talk & { cert: string }> => {
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...(name === undefined ? {} : { servername: name }),
    ...(alpn.length > 0 ? { ALPNProtocols: alpn } : {}),
  });
  let cert = '';
  socket.once('secureConnect', () => {
    cert = String(socket.getPeerCertificate().subject?.CN);
  });
  return listen(socket, bytes).then((said) => ({ ...said, cert }));
};

function listen(socket: Socket, bytes: string | Buffer): Promise<Talk> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let error: string | undefined;
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Error('left hanging'));
    }, 10_000);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (e: NodeJS.ErrnoException) => {
      error = `${e.code ?? ''} ${e.message}`;
    });
    socket.once('close', () => {
      clearTimeout(timer);
      resolve({ text: Buffer.concat(chunks).toString(), ms: performance.now() - started, error });
    });
    socket.write(bytes);
  });
}

/** A plain GET. */
export const GET = 'GET / HTTP/1.1\r\nHost: site.example\r\n\r\n';
