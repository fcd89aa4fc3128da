import type { AddressInfo, Server, Socket } from 'node:net';
import { failure, success, type Result } from '../ip/index.ts';
import { Bodies } from './page-listener-body.ts';
import { Connections, ignore, layOver } from './page-listener-connections.ts';
import { http1Server, type PageContext } from './page-listener-http1.ts';
import { PAGE_LIMITS, type PageListener, type PageListenerOptions, type PagePort } from './page-listener-types.ts';

/** Connections that the kernel may hold before they are taken; it has a limit of its own (net.core.somaxconn). */
const BACKLOG = 4096;

const RECHECK_MS = 10_000;

/** Begins to serve a fresh connection. */
type Serve = (raw: Socket) => void;

/**
 * Serves the page on all ports, until it is closed. Each connection gets one answer; HTTP/1.1, and HTTP/2 with TLS. Fails
 * with `port-taken`, `privilege-missing`, `value-invalid` (an address that is not this machine's), or
 * `certificate-unusable`; then nothing listens.
 */
export async function startPage(options: PageListenerOptions): Promise<Result<PageListener>> {
  const limits = { ...PAGE_LIMITS, ...options.limits };
  const connections = new Connections(limits);
  const kept = new WeakSet<Socket>();
  const context: PageContext = { options, limits, connections, bodies: new Bodies(), isKept: (raw) => kept.has(raw) };
  const http1 = await http1Server(context);
  const plain: Serve = (raw) => http1.emit('connection', raw);
  const secure = await secureServe(context, plain);
  if (!secure.ok) return end(connections, secure);

  const servers: Server[] = [];
  for (const port of options.ports) {
    const serve = port.tls ? secure.value.serve : plain;
    const listening = await listen(port, (raw) => {
      connections.admit(raw);
      if (port.kept) kept.add(raw);
      serve(raw);
    });
    if (!listening.ok) {
      await Promise.all(servers.map(closed));
      secure.value.stop();
      return end(connections, listening);
    }
    servers.push(listening.value);
  }
  return success({
    addresses: servers.map((server) => server.address() as AddressInfo),
    connections: () => connections.count,
    close: async () => {
      secure.value.stop();
      const all = servers.map(closed);
      connections.closeAll();
      await Promise.all(all);
    },
  });
}

function end<T>(connections: Connections, failed: Result<T>): Result<T> {
  connections.closeAll();
  return failed;
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** How TLS connections are served, and what ends the watch over the certificates. Without a TLS port, nothing. */
async function secureServe(context: PageContext, plain: Serve): Promise<Result<{ serve: Serve; stop: () => void }>> {
  const { ports, certificates: files = [], recheckMs = RECHECK_MS, report } = context.options;
  if (!ports.some((port) => port.tls)) return success({ serve: plain, stop: ignore });
  if (files.length === 0) return failure('certificate-unusable', 'a port with TLS needs a certificate');
  const [{ beginTls }, { Certificates }, { http2Server }] = await Promise.all([
    import('./page-listener-tls.ts'),
    import('./page-listener-certificates.ts'),
    import('./page-listener-http2.ts'),
  ]);
  const loaded = await Certificates.load(files);
  if (!loaded.ok) return loaded;
  const http2 = await http2Server(context);
  const serve: Serve = (raw) => {
    beginTls(raw, loaded.value, (socket) => {
      layOver(socket, raw);
      if (socket.alpnProtocol === 'h2') http2.emit('connection', socket);
      else plain(socket);
    });
  };
  const timer = setInterval(() => {
    void loaded.value.recheck().then((told) => told.forEach((diagnostic) => report?.(diagnostic)));
  }, recheckMs);
  timer.unref();
  return success({
    serve,
    stop: () => {
      clearInterval(timer);
    },
  });
}

/** Listens on one port: IPv6 and IPv4 at once, IPv4 alone where there is no IPv6. */
async function listen(port: PagePort, accept: Serve): Promise<Result<Server>> {
  const { createServer } = await import('node:net');
  const attempt = (host: string): Promise<Server | NodeJS.ErrnoException> =>
    new Promise((resolve) => {
      const server = createServer({ allowHalfOpen: true, noDelay: port.tls || port.kept === true }, accept);
      server.once('error', resolve);
      server.listen({ port: port.port, host, backlog: BACKLOG }, () => {
        server.off('error', resolve);
        server.on('error', ignore); // one connection that could not be taken
        resolve(server);
      });
    });
  let server = await attempt(port.address ?? '::');
  const noIpv6 = server instanceof Error && /^EA(FNOSUPPORT|DDRNOTAVAIL)$/.test(server.code ?? '');
  if (noIpv6 && port.address === undefined) server = await attempt('0.0.0.0');
  return server instanceof Error ? listenFailure(port, server) : success(server);
}

function listenFailure(port: PagePort, error: NodeJS.ErrnoException): Result<Server> {
  const where = port.address === undefined ? `port ${port.port}` : `port ${port.port} of ${port.address}`;
  if (error.code === 'EADDRINUSE') return failure('port-taken', `${where} is taken by another program`);
  if (error.code === 'EACCES')
    return failure(
      'privilege-missing',
      `${where} may not be taken by this user`,
      'ports below 1024 need CAP_NET_BIND_SERVICE',
    );
  return failure('value-invalid', `cannot listen on ${where}: ${error.message}`);
}
