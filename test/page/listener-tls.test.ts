import { copyFileSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { startPage, type PageListenerOptions } from '../../src/host/index.ts';
import { certificate, folder, GET, listening, realPage, talk, talkTls } from './support/listen.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
let first: { certificate: string; key: string };
let second: { certificate: string; key: string };
let dir: string;

beforeAll(() => {
  dir = folder();
  first = certificate(dir, 'one.example', 'www.one.example');
  second = certificate(dir, '*.two.example', 'two.example');
});

async function secure(options: Partial<PageListenerOptions> = {}) {
  const { page, ports } = await listening({ certificates: [first, second], ...options });
  return { page, port: ports[1]! };
}

describe('certificates', () => {
  it.each([
    ['one.example', 'one.example'],
    ['WWW.One.Example', 'one.example'],
    ['two.example', '*.two.example'],
    ['a.two.example', '*.two.example'],
    [undefined, 'one.example'],
  ])('%s is shown the one of %s', async (name, shown) => {
    const { port } = await secure();
    const { text, cert, error } = await talkTls(port, GET, name);
    expect(cert).toBe(shown);
    expect(text).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/);
    expect(text).toContain('Connection: close');
    expect(text).toContain('<bdi>127.0.0.1</bdi>');
    expect(error).toBeUndefined();
  });

  it.each(['three.example', 'a.b.two.example', 'a.one.example', 'example'])(
    '%s has none: the alert says so, at once',
    async (name) => {
      const { port, page } = await secure();
      const { error, ms, text } = await talkTls(port, GET, name);
      expect(error).toMatch(/tlsv1 unrecognized name/);
      expect(text).toBe('');
      expect(ms).toBeLessThan(1000);
      await pause(50);
      expect(page.connections()).toBe(0);
    },
  );

  it('are read anew when they are renewed; unusable ones are told of and the former stay', async () => {
    const own = folder();
    const [old, fresh] = [certificate(own, 'old.example'), certificate(folder(), 'new.example', 'old.example')];
    const told: string[] = [];
    const { port } = await secure({ certificates: [old], recheckMs: 50, report: (d) => told.push(d.code) });
    expect((await talkTls(port, GET, 'old.example')).cert).toBe('old.example');
    // the certificate is there before its key: they do not belong together yet
    copyFileSync(fresh.certificate, old.certificate);
    await expect.poll(() => told).toContain('certificate-unusable');
    expect((await talkTls(port, GET, 'old.example')).cert).toBe('old.example');
    copyFileSync(fresh.key, old.key);
    await expect.poll(async () => (await talkTls(port, GET, 'old.example')).cert).toBe('new.example');
    expect((await talkTls(port, GET, 'new.example')).cert).toBe('new.example');
    writeFileSync(old.certificate, 'rubbish');
    await expect.poll(() => told.length).toBeGreaterThan(1);
    expect((await talkTls(port, GET, 'new.example')).cert).toBe('new.example');
  });

  it('that cannot be used keep the page from starting', async () => {
    const start = (certificates: PageListenerOptions['certificates']) =>
      startPage({ ports: [{ port: 0, tls: true }], answer: realPage, ...(certificates ? { certificates } : {}) });
    for (const wrong of [undefined, [], [{ ...first, key: second.key }], [{ ...first, key: `${dir}/none` }]])
      expect(await start(wrong)).toMatchObject({ ok: false, code: 'certificate-unusable' });
  });
});

describe('the handshake', () => {
  it('takes TLS 1.2 and 1.3, not 1.1', async () => {
    const { port } = await secure();
    const by = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
      new Promise((resolve) => {
        const options = {
          port,
          host: '127.0.0.1',
          rejectUnauthorized: false,
          minVersion: version,
          maxVersion: version,
        };
        const socket = connectTls({ ...options, ciphers: 'DEFAULT@SECLEVEL=0' });
        socket.once('secureConnect', () => {
          resolve(String(socket.getProtocol()));
          socket.destroy();
        });
        socket.once('error', (e: NodeJS.ErrnoException) => resolve(String(e.code)));
      });
    expect(await by('TLSv1.2')).toBe('TLSv1.2');
    expect(await by('TLSv1.3')).toBe('TLSv1.3');
    expect(await by('TLSv1.1')).toMatch(/PROTOCOL_VERSION/);
  });

  it('speaks HTTP/1.1 to who offers nothing or only that, and refuses what it does not speak', async () => {
    const { port } = await secure();
    expect((await talkTls(port, GET, 'one.example', ['http/1.1'])).text).toMatch(/^HTTP\/1\.1 403/);
    expect((await talkTls(port, GET, 'one.example', ['smtp'])).error).toMatch(/no application protocol/);
  });

  it('that is none, or stops halfway, ends', async () => {
    const { port, page } = await secure({ limits: { headersMs: 500 } });
    const plain = await talk(port, GET);
    expect(plain.text).not.toContain('403');
    expect(plain.ms).toBeLessThan(400);
    const half = await talk(port, Buffer.from('160301020001', 'hex'));
    expect(half.ms).toBeGreaterThan(400);
    expect(half.ms).toBeLessThan(3000);
    const closed = connect(port, '127.0.0.1');
    closed.end(Buffer.from('1603', 'hex'));
    await expect.poll(() => page.connections(), { timeout: 3000 }).toBe(0);
  });

  it('of broken bytes never ends the page', async () => {
    const { port, page } = await secure({ limits: { headersMs: 150, wholeMs: 300 } });
    const hello = await clientHello();
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.array(fc.tuple(fc.nat(hello.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 }).map((edits) => {
        const copy = Uint8Array.from(hello);
        for (const [at, byte] of edits) copy[at] = byte;
        return copy;
      }),
      fc.nat(hello.length).map((length) => hello.subarray(0, length)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(broken, { minLength: 6, maxLength: 12 }), async (all) => {
        const said = await Promise.all(all.map((bytes) => talk(port, Buffer.from(bytes))));
        for (const { ms } of said) expect(ms).toBeLessThan(5000);
        expect((await talkTls(port, GET, 'one.example')).text).toMatch(/^HTTP\/1\.1 403/);
      }),
      { numRuns: 12 },
    );
    await expect.poll(() => page.connections(), { timeout: 3000 }).toBe(0);
  });
});

/** What a real client begins with. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    void import('node:net').then(({ createServer }) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', (bytes: Buffer) => {
          resolve(bytes);
          socket.destroy();
          server.close();
        });
      });
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as { port: number };
        connectTls({ port, host: '127.0.0.1', servername: 'one.example' }).on('error', () => undefined);
      });
    });
  });
}

interface Got {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly body: string;
  readonly code: number;
}

function client(port: number): ClientHttp2Session {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { rejectUnauthorized: false, servername: 'one.example' });
  session.on('error', () => undefined);
  return session;
}

function receive(stream: ClientHttp2Stream): Promise<Got> {
  return new Promise((resolve) => {
    let [headers, body] = [{} as Record<string, unknown>, ''];
    stream.on('response', (h) => (headers = h));
    stream.on('data', (chunk: Buffer) => (body += chunk.toString()));
    stream.on('error', () => undefined);
    stream.on('close', () => resolve({ status: Number(headers[':status']), headers, body, code: stream.rstCode ?? 0 }));
  });
}

const gone = (session: ClientHttp2Session): Promise<void> =>
  new Promise((resolve) => {
    if (session.destroyed) resolve();
    else session.once('close', () => resolve());
  });

describe('HTTP/2', () => {
  it('gives the page, says goodbye, and closes', async () => {
    const { port, page } = await secure();
    const session = client(port);
    let goodbye: number | undefined;
    session.on('goaway', (code: number) => (goodbye = code));
    const got = await receive(session.request({ ':path': '/any?x', accept: 'text/html', 'accept-language': 'fr' }));
    expect(got.status).toBe(403);
    expect(got.headers['content-language']).toBe('fr');
    expect(got.headers['content-security-policy']).toContain("default-src 'none'");
    expect(got.headers).not.toHaveProperty('connection');
    expect(Number(got.headers['content-length'])).toBe(Buffer.byteLength(got.body));
    expect(got.body).toContain('<bdi>127.0.0.1</bdi>');
    await gone(session);
    expect(goodbye).toBe(constants.NGHTTP2_NO_ERROR);
    await expect.poll(() => page.connections()).toBe(0);
  });

  it('answers HEAD without a body, any method, and several streams at once', async () => {
    const { port } = await secure();
    const session = client(port);
    await new Promise((resolve) => session.once('connect', resolve));
    const methods = ['GET', 'HEAD', 'DELETE', 'FROB'];
    const all = await Promise.all(
      methods.map((method) => receive(session.request({ ':method': method, ':path': '/' }))),
    );
    // they come in one go: all are answered. To refuse the later ones made Node 20 write to freed memory
    for (const [i, { status, body, code }] of all.entries())
      expect([code, status, body === '']).toEqual([0, 403, methods[i] === 'HEAD']);
  });

  it('says ok on the health path', async () => {
    const { port } = await secure();
    const got = await receive(client(port).request({ ':path': '/.well-known/waymark-health' }));
    expect([got.status, got.body]).toEqual([200, 'ok\n']);
  });

  it('answers at once who sends a body, and takes no more of it', async () => {
    const { port, page } = await secure({ limits: { wholeMs: 1500 } });
    const session = client(port);
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    const got = receive(stream);
    const block = Buffer.alloc(16_384);
    let sent = 0;
    const timer = setInterval(() => {
      for (let i = 0; i < 20 && !stream.destroyed && stream.writable && stream.writableLength < 1e6; i++) {
        stream.write(block);
        sent += block.length;
      }
    }, 5);
    const { status, body } = await got;
    clearInterval(timer);
    expect([status, body.endsWith('</html>\n')]).toEqual([403, true]);
    await gone(session);
    expect(sent).toBeLessThan(10_000_000);
    await expect.poll(() => page.connections(), { timeout: 4000 }).toBe(0);
  });

  it('answers a failure with a bare 503', async () => {
    const { port } = await secure({ answer: () => Promise.reject(new Error('broken')) });
    const got = await receive(client(port).request({ ':path': '/' }));
    expect([got.status, got.body]).toEqual([503, 'Service Unavailable\n']);
    const other = await secure({ answer: () => ({ status: 7, headers: {}, body: 'x' }) });
    expect((await receive(client(other.port).request({ ':path': '/' }))).status).toBe(503);
  });

  it('refuses huge and many headers, and goes on', async () => {
    const { port } = await secure();
    const huge = await receive(client(port).request({ ':path': '/', 'x-a': 'x'.repeat(40_000) }));
    expect(huge.status).toBe(431);
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'y']));
    expect((await receive(client(port).request({ ':path': '/', ...many }))).status).not.toBe(403);
    expect((await receive(client(port).request({ ':path': '/' }))).status).toBe(403);
  });

  it('ends who opens and resets streams over and over, long before their time is up', async () => {
    const { port, page } = await secure({ answer: () => new Promise(() => undefined) });
    const session = client(port);
    await new Promise((resolve) => session.once('connect', resolve));
    const started = performance.now();
    for (let i = 0; i < 200 && !session.destroyed; i++) {
      const stream = session.request({ ':path': '/' });
      stream.on('error', () => undefined);
      await pause(2); // it is sent
      stream.close(constants.NGHTTP2_CANCEL);
    }
    await gone(session);
    expect(performance.now() - started).toBeLessThan(4000);
    await expect.poll(() => page.connections(), { timeout: 3000 }).toBe(0);
  });

  it('ends who never asks', async () => {
    const { port, page } = await secure({ limits: { headersMs: 500 } });
    await gone(client(port));
    await expect.poll(() => page.connections(), { timeout: 3000 }).toBe(0);
  });

  it('of broken frames never ends the page', async () => {
    const { port, page } = await secure({ limits: { headersMs: 200, wholeMs: 300 } });
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const frame = fc
      .tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(12), fc.nat(255), fc.nat(5))
      .map(([payload, type, flags, stream]) =>
        Buffer.concat([Buffer.from([0, 0, payload.length, type, flags, 0, 0, 0, stream]), payload]),
      );
    const bytes = fc
      .tuple(fc.boolean(), fc.array(frame, { maxLength: 8 }))
      .map(([whole, frames]) =>
        Buffer.concat([whole ? preface : preface.subarray(0, 10), ...frames]).toString('latin1'),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 4, maxLength: 8 }), async (all) => {
        await Promise.all(all.map((one) => talkTls(port, one, 'one.example', ['h2'])));
        expect((await receive(client(port).request({ ':path': '/' }))).status).toBe(403);
      }),
      { numRuns: 10 },
    );
    await expect.poll(() => page.connections(), { timeout: 3000 }).toBe(0);
  });
});
