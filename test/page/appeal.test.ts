import { connect as connectHttp2 } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { APPEAL_PATH, LANGUAGES, renderPage, type AppealOutcome } from '../../src/guard/index.ts';
import type { PageListenerOptions, PageRequest } from '../../src/host/index.ts';
import { certificate, folder, listening, talk } from './support/listen.ts';

const visit = { address: '203.0.113.7', reason: 'Too many failed log-ins', reference: 'WM-1', until: null };
const rendered = (accept: string, language = 'en', appeal?: AppealOutcome, takesAppeals = true) => {
  const wanted = { method: 'POST', accept, acceptLanguage: language, now: 0, ...(appeal && { appeal }) };
  const { body, ...answer } = renderPage(visit, { site: 'Example' }, wanted, { takesAppeals });
  return { ...answer, body: Buffer.from(body).toString() };
};

describe('the form', () => {
  it('is there when it is wanted, sends to its own path, and may send nowhere else', () => {
    const { body, headers } = rendered('text/html');
    expect(body).toContain(`<form method="post" action="${APPEAL_PATH}">`);
    expect(headers['Content-Security-Policy']).toContain("form-action 'self'");
    const without = rendered('text/html', 'en', undefined, false);
    expect(without.body).not.toMatch(/<form|<textarea|<details/);
    expect(without.headers['Content-Security-Policy']).toContain("form-action 'none'");
  });
  it.each(LANGUAGES.map((w) => [w.language, w] as const))('speaks %s, also of what became of it', (language, words) => {
    const { body } = rendered('text/html', language);
    for (const text of [words.appealHeading, words.appealMessage, words.appealReach, words.appealSend])
      expect(body).toContain(text);
    for (const [outcome, status, text] of [
      ['sent', 200, words.appealSent],
      ['over', 200, words.appealOver],
      ['unreadable', 400, words.appealUnreadable],
      ['too-many', 429, words.appealTooMany],
      ['failed', 503, words.appealFailed],
    ] as const) {
      const answer = rendered('text/html', language, outcome);
      expect(answer.status).toBe(status);
      expect(answer.body).toContain(text);
      expect(answer.body).not.toContain('<form');
      expect(rendered('text/plain', language, outcome).body.split('\n')[0]).toBe(text);
      expect(rendered('application/json', language, outcome).headers['Content-Type']).toMatch(/^text\/plain/);
    }
  });
});

/** Says what came of the body. */
const echo: Partial<PageListenerOptions> = {
  bodyLimit: ({ method, path }) => (method === 'POST' && path === APPEAL_PATH ? 1000 : 0),
  answer: ({ body }: PageRequest) => ({
    status: 200,
    headers: {},
    body: body === undefined ? 'not asked for' : body === null ? 'not taken' : `${body.length} bytes`,
  }),
};
const post = (length: number, more = ''): string =>
  `POST ${APPEAL_PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n${more}\r\n${'x'.repeat(length)}`;

describe('a body', () => {
  it.each([
    ['that fits', post(1000), '1000 bytes'],
    ['of nothing', post(0), '0 bytes'],
    ['that is too long', post(1001), 'not taken'],
    ['nobody asked for', post(9).replace(APPEAL_PATH, '/'), 'not asked for'],
    [
      'in chunks',
      post(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked') + '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
      '5 bytes',
    ],
    ['that waits to be asked for', post(5, 'Expect: 100-continue\r\n'), '5 bytes'],
  ])('%s', async (_, request, said) => {
    const { ports } = await listening(echo);
    expect((await talk(ports[0]!, request)).text.split('\r\n\r\n').at(-1)).toBe(said);
  });
  it('that stays away costs its sender ten seconds, and nobody else', { timeout: 20_000 }, async () => {
    const { ports, page } = await listening({ ...echo, limits: { wholeMs: 1500 } });
    const slow = Array.from({ length: 300 }, () => talk(ports[0]!, post(900).slice(0, -1)));
    await new Promise((done) => setTimeout(done, 300));
    expect((await talk(ports[0]!, post(900))).text).toContain('900 bytes');
    const said = (await Promise.all(slow)).map(({ text }) => text.split('\r\n\r\n')[1]);
    // 256 are read at a time, and the quick one took a place too: those that came first gave way
    expect(said.filter((body) => body === 'not taken').length).toBe(45);
    await expect.poll(() => page.connections()).toBe(0);
  });
  it('is read over HTTP/2 too', async () => {
    const { ports } = await listening({ ...echo, certificates: [certificate(folder(), 'one.example')] });
    const ask = (length: number): Promise<string> =>
      new Promise((resolve, reject) => {
        const session = connectHttp2(`https://127.0.0.1:${ports[1]!}`, { rejectUnauthorized: false });
        const stream = session.request({ ':path': APPEAL_PATH, ':method': 'POST' });
        let said = '';
        stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
        stream.on('error', reject).on('close', () => {
          session.destroy();
          resolve(said);
        });
        stream.end('x'.repeat(length));
      });
    expect(await ask(1000)).toBe('1000 bytes');
    expect(await ask(1001)).toBe('not taken');
  });
});
