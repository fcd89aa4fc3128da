import { connect, createServer } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startPage } from '../../src/host/index.ts';
import { GET, listening, realPage, talk } from './support/listen.ts';

const statusOf = (text: string): string => text.split('\r\n')[0]!;
const bodyOf = (text: string): string => text.slice(text.indexOf('\r\n\r\n') + 4);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('one answer a connection', () => {
  it('over IPv4 and IPv6 on one port, with the visitor’s plain address, then closes', async () => {
    const { ports, page } = await listening();
    const [four, six] = await Promise.all([talk(ports[0]!, GET), talk(ports[0]!, GET, '::1')]);
    for (const { text, error } of [four, six]) {
      expect(statusOf(text)).toBe('HTTP/1.1 403 Forbidden');
      expect(text).toMatch(/\r\nConnection: close\r\n/);
      expect(text).toMatch(/\r\nDate: /);
      expect(Number(/Content-Length: (\d+)/.exec(text)![1])).toBe(Buffer.byteLength(bodyOf(text)));
      expect(error).toBeUndefined();
    }
    expect(four.text).toContain('<bdi>127.0.0.1</bdi>');
    expect(six.text).toContain('<bdi>::1</bdi>');
    expect(page.connections()).toBe(0);
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'CONNECT'])(
    '%s gets the page on any path',
    async (method) => {
      const { ports } = await listening();
      for (const path of ['/', '/a/b?c=d', '*', '//x', 'http://other/', `/${'x'.repeat(8000)}`]) {
        const target = method === 'CONNECT' ? 'other.example:443' : path;
        const { text } = await talk(ports[0]!, `${method} ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
        expect(statusOf(text), path).toBe('HTTP/1.1 403 Forbidden');
        expect(text).toMatch(/\r\nConnection: close\r\n/);
        expect(bodyOf(text)).toContain('Too many failed log-ins');
      }
    },
  );

  it('HEAD gets the headers of GET and no body', async () => {
    const { ports } = await listening();
    const get = await talk(ports[0]!, GET);
    const head = await talk(ports[0]!, GET.replace('GET', 'HEAD'));
    expect(bodyOf(head.text)).toBe('');
    const headers = (text: string): string => text.slice(0, text.indexOf('\r\n\r\n')).replace(/Date: .*/, '');
    expect(headers(head.text)).toBe(headers(get.text));
  });

  it('to HTTP/1.0, to keep-alive, to an upgrade, to an expectation', async () => {
    const { ports } = await listening();
    const requests = [
      'GET / HTTP/1.0\r\n\r\n',
      'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nKeep-Alive: timeout=600\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nabcde',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: a miracle\r\n\r\nabcde',
    ];
    for (const request of requests) {
      const { text } = await talk(ports[0]!, request);
      expect(statusOf(text), request).toBe('HTTP/1.1 403 Forbidden');
      expect(text.match(/^HTTP\/1/gm)).toHaveLength(1);
    }
  });

  it('of many requests in one go the first', async () => {
    let asked = 0;
    const { ports } = await listening({
      answer: async (request) => {
        asked++;
        await pause(20);
        return realPage(request);
      },
    });
    const { text } = await talk(ports[0]!, GET.repeat(200));
    expect(text.match(/HTTP\/1\.1 403/g)).toHaveLength(1);
    expect(asked).toBe(1);
  });

  it('and the health path says ok', async () => {
    const { ports } = await listening({ answer: () => Promise.reject(new Error('no')) });
    const { text } = await talk(ports[0]!, GET.replace(' / ', ' /.well-known/waymark-health '));
    expect(statusOf(text)).toBe('HTTP/1.1 200 OK');
    expect(bodyOf(text)).toBe('ok\n');
    expect(text).toContain('Connection: close');
  });

  it('but a port for a proxy keeps its connections, and ends the idle ones', async () => {
    const { ports } = await listening({ ports: [{ port: 0, tls: false, kept: true }], limits: { headersMs: 400 } });
    const { text, ms } = await talk(ports[0]!, GET.repeat(3));
    expect(text.match(/HTTP\/1\.1 403/g)!.length).toBeGreaterThanOrEqual(1);
    expect(text).not.toContain('Connection: close');
    expect(ms).toBeGreaterThan(350);
  });
});

describe('what is no request', () => {
  it.each([
    ['rubbish', 'rubbish\r\n\r\n', 400],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex'), 400],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['an unknown method', 'FROB / HTTP/1.1\r\nHost: a\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2\r\n\r\n', 400],
    ['a long header', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a long path', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['headers without end', `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(10_000)}`, 431],
    ['101 headers', `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(100)}\r\n`, 431],
    ['100 headers', `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(99)}\r\n`, 403],
  ])('%s', async (_, bytes, status) => {
    const { ports } = await listening();
    const { text, ms } = await talk(ports[0]!, bytes);
    expect(Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])).toBe(status);
    expect(ms).toBeLessThan(2000);
  });

  it('of any bytes and headers: it is answered or closed, and the next visitor is served', async () => {
    const { ports, page } = await listening({ limits: { headersMs: 300, wholeMs: 600 } });
    const token = fc.string({
      minLength: 1,
      maxLength: 12,
      unit: fc.constantFrom('a', 'Z', '-', '_', '0', '!', '~', 'x'),
    });
    const value = fc.string({ maxLength: 60, unit: 'binary-ascii' });
    const header = fc.tuple(
      fc.oneof(
        token,
        fc.constantFrom(
          'Host',
          'Accept',
          'Accept-Language',
          'Connection',
          'Content-Length',
          'Transfer-Encoding',
          'Expect',
          'Upgrade',
        ),
      ),
      value,
    );
    const request = fc
      .tuple(
        fc.constantFrom('GET', 'HEAD', 'POST', 'CONNECT'),
        fc.string({ maxLength: 30 }),
        fc.array(header, { maxLength: 8 }),
        fc.string(),
      )
      .map(([method, path, headers, rest]) => {
        const lines = headers.map(([name, text]) => `${name}: ${text}\r\n`).join('');
        return Buffer.from(`${method} /${path} HTTP/1.1\r\nHost: a\r\n${lines}\r\n${rest}`, 'latin1');
      });
    const bytes = fc.oneof(
      request,
      fc.uint8Array({ maxLength: 300 }).map((a) => Buffer.from(a)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { minLength: 4, maxLength: 8 }), async (all) => {
        const said = await Promise.all(all.map((one) => talk(ports[0]!, one)));
        for (const { text } of said) expect(text).toMatch(/^(HTTP\/1\.1 (200|4\d\d) |$)/);
        expect(statusOf((await talk(ports[0]!, GET)).text)).toBe('HTTP/1.1 403 Forbidden');
      }),
      { numRuns: 15 },
    );
    expect(page.connections()).toBe(0);
  });

  it('nothing of a request comes back', async () => {
    const { ports } = await listening();
    const mark = 'zq7"><script>zq7';
    const escaped = encodeURIComponent(mark);
    for (const accept of ['text/html', 'text/plain', 'application/json', mark]) {
      const { text } = await talk(
        ports[0]!,
        `GET /${escaped}?zq7 HTTP/1.1\r\nHost: ${mark}\r\nAccept: ${accept}\r\nAccept-Language: zq7\r\nUser-Agent: ${mark}\r\nReferer: ${mark}\r\nOrigin: ${mark}\r\nX-Forwarded-For: zq7\r\nCookie: zq7=1\r\n\r\n`,
      );
      expect(statusOf(text)).toBe('HTTP/1.1 403 Forbidden');
      expect(text).not.toContain('zq7');
    }
  });
});

describe('slow and greedy visitors', () => {
  it('who say nothing, or never end their headers, are ended in time', async () => {
    const { ports } = await listening({ limits: { headersMs: 400 } });
    const silent = talk(ports[0]!, '');
    const dripping = talk(ports[0]!, 'GET / HTTP/1.1\r\n');
    const socket = connect(ports[0]!, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 30);
    const dropped = new Promise<number>((resolve) => {
      const started = performance.now();
      socket.once('close', () => resolve(performance.now() - started));
    });
    for (const ms of [(await silent).ms, (await dripping).ms, await dropped]) {
      expect(ms).toBeGreaterThan(350);
      expect(ms).toBeLessThan(2500);
    }
    clearInterval(drip);
  });

  it('who never end their body have their answer at once and are ended in time', async () => {
    const { ports } = await listening({ limits: { wholeMs: 600 } });
    const { text, ms } = await talk(ports[0]!, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nabc');
    expect(statusOf(text)).toBe('HTTP/1.1 403 Forbidden');
    expect(bodyOf(text)).toContain('</html>');
    expect(ms).toBeGreaterThan(500);
    expect(ms).toBeLessThan(3000);
  });

  it('whose answer takes too long are ended in time', async () => {
    const { ports } = await listening({ limits: { wholeMs: 400 }, answer: () => new Promise(() => undefined) });
    const { text, ms } = await talk(ports[0]!, GET);
    expect(text).toBe('');
    expect(ms).toBeLessThan(3000);
  });

  it('who send without end get their answer and are stopped', async () => {
    const { ports } = await listening({ limits: { bodyBytes: 100_000 } });
    const socket = connect(ports[0]!, '127.0.0.1');
    socket.on('error', () => undefined);
    let [sent, text] = [0, ''];
    socket.on('data', (chunk) => (text += chunk.toString()));
    const block = Buffer.alloc(65_536, 97);
    const push = (): void => {
      while (!socket.destroyed && socket.write(block)) sent += block.length;
    };
    socket.on('drain', push);
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n');
    const started = performance.now();
    push();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(statusOf(text)).toBe('HTTP/1.1 403 Forbidden');
    expect(bodyOf(text)).toContain('</html>');
    expect(performance.now() - started).toBeLessThan(4000);
    expect(sent).toBeLessThan(30_000_000); // what the kernel holds for both sides
  });

  it('cost the one that has waited longest its place, not the one who asks', async () => {
    const { ports, page } = await listening({ limits: { connections: 10 } });
    const ended: number[] = [];
    const sockets = [];
    for (let i = 0; i < 10; i++) {
      const socket = connect(ports[0]!, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.once('close', () => ended.push(i));
      await new Promise((resolve) => socket.once('connect', resolve));
      sockets.push(socket);
    }
    await pause(50);
    expect(page.connections()).toBe(10);
    for (let i = 0; i < 3; i++) expect(statusOf((await talk(ports[0]!, GET)).text)).toBe('HTTP/1.1 403 Forbidden');
    await pause(50);
    // the first visitor takes the place of the oldest; those after it take the place it left
    expect(ended).toEqual([0]);
    const more = [0, 1, 2].map(() => connect(ports[0]!, '127.0.0.1').on('error', () => undefined));
    await pause(100);
    expect(ended).toEqual([0, 1, 2]);
    expect(page.connections()).toBe(10);
    [...sockets, ...more].forEach((s) => s.destroy());
  });
});

describe('an answer that fails', () => {
  it.each([
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['has a header that is none', () => ({ status: 403, headers: { 'X-A': 'a\r\nb' }, body: '' })],
    ['has a status that is none', () => ({ status: 7, headers: {}, body: '' })],
  ])('%s: a bare 503, and it is told', async (_, answer) => {
    const told: string[] = [];
    const { ports } = await listening({ answer, report: (d) => told.push(d.code) });
    const { text } = await talk(ports[0]!, GET);
    expect(statusOf(text)).toBe('HTTP/1.1 503 Service Unavailable');
    expect(text).not.toContain('broken');
    expect(told).toEqual(['page-failed']);
  });

  it('comes with its length when it does not say it', async () => {
    const { ports } = await listening({ answer: () => ({ status: 200, headers: {}, body: Buffer.from('ü') }) });
    expect((await talk(ports[0]!, GET)).text).toMatch(/\r\nContent-Length: 2\r\n/);
  });
});

describe('start and end', () => {
  it('closing ends every connection and frees the port', async () => {
    const { ports, page } = await listening();
    const waiting = talk(ports[0]!, 'GET');
    await pause(50);
    await page.close();
    expect((await waiting).text).toBe('');
    const again = await listening({ ports: [{ port: ports[0]!, tls: false }] });
    expect(statusOf((await talk(ports[0]!, GET)).text)).toBe('HTTP/1.1 403 Forbidden');
    await again.page.close();
  });

  it('a taken port is an error, and nothing else stays open', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '::', resolve));
    const taken = (other.address() as { port: number }).port;
    const free = await listening();
    await free.page.close();
    const ports = [
      { port: free.ports[0]!, tls: false },
      { port: taken, tls: false },
    ];
    const started = await startPage({ ports, answer: realPage });
    expect(started).toMatchObject({ ok: false, code: 'port-taken' });
    expect((await talk(free.ports[0]!, GET)).error).toContain('ECONNREFUSED');
    other.close();
  });

  it('an address of somebody else is an error', async () => {
    const started = await startPage({ ports: [{ port: 0, address: '192.0.2.1', tls: false }], answer: realPage });
    expect(started).toMatchObject({ ok: false, code: 'value-invalid' });
  });
});
