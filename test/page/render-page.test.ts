import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PAGE_STATUSES, renderPage, type Contact, type PageLook, type Visit } from '../../src/guard/index.ts';

const NOW = Date.UTC(2026, 10, 22, 18, 0);
const visit: Visit = {
  address: '203.0.113.7',
  reason: 'Too many failed log-ins',
  reference: 'WM-4F7K-29',
  until: NOW + 2 * 3600_000,
};
const contact: Contact = { site: 'Example', phone: '+49 (0)30 12 34-56', email: 'help+web@example.com' };
const ask = (
  accept: string,
  more: { visit?: Partial<Visit>; contact?: Contact; look?: PageLook; method?: string } = {},
) => {
  const wanted = { method: more.method ?? 'GET', accept, now: NOW };
  const answer = renderPage({ ...visit, ...more.visit }, more.contact ?? contact, wanted, more.look);
  return { ...answer, body: Buffer.from(answer.body).toString() };
};

describe('the answer', () => {
  it('is 403, says nothing of when to retry, and is kept, listed and framed by nobody', () => {
    const { status, headers } = ask('text/html');
    expect(status).toBe(403);
    expect(headers['Retry-After']).toBeUndefined();
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'X-Robots-Tag': 'noindex',
      Vary: 'Accept, Accept-Language',
    });
    expect(Object.keys(headers).join()).not.toMatch(/cookie/i);
  });

  it.each([
    [429, NOW + 1, '1'],
    [429, NOW + 90_500, '91'],
    [429, NOW - 5000, '1'],
    [429, null, undefined],
    [503, NOW + 60_000, '60'],
    [403, NOW + 60_000, undefined],
  ] as const)('%d until %s: Retry-After %s', (status, until, seconds) => {
    const answer = ask('text/html', { visit: { until }, look: { status } });
    expect(answer.status).toBe(status);
    expect(answer.headers['Retry-After']).toBe(seconds);
  });

  it('has the length of its body in bytes; HEAD has the headers of GET and no body', () => {
    for (const accept of ['text/html', 'text/plain', 'application/json']) {
      const get = ask(accept, { visit: { reason: 'Größe ✓ 😀' } });
      const head = ask(accept, { visit: { reason: 'Größe ✓ 😀' }, method: 'HEAD' });
      expect(get.headers['Content-Length']).toBe(String(Buffer.byteLength(get.body)));
      expect(head).toEqual({ ...get, body: '' });
    }
  });

  it('takes every moment there is and is not', () => {
    for (const until of [0, -1, 8.64e15, 8.64e15 + 1, Infinity, Number.MAX_SAFE_INTEGER, NaN, NOW, NOW - 1])
      for (const accept of ['text/html', 'text/plain', 'application/json'])
        for (const status of PAGE_STATUSES)
          expect(ask(accept, { visit: { until }, look: { status } }).status).toBe(status);
    expect(ask('text/plain', { visit: { until: Infinity } }).body).toContain('further notice');
  });
});

describe('HTML', () => {
  const { body, headers } = ask('text/html');
  const csp = headers['Content-Security-Policy']!;

  it('says why, until when, who and whom to call', () => {
    expect(body).toContain('<bdi>Too many failed log-ins</bdi>');
    expect(body).toMatch(/<time datetime="2026-11-22T20:00:00.000Z">November 22, 2026 at 8:00.PM UTC<\/time>/);
    expect(body).toContain('in 2 hours');
    expect(body).toContain('<bdi>203.0.113.7</bdi>');
    expect(body).toContain('<bdi>WM-4F7K-29</bdi>');
    expect(body).toContain('href="tel:+4930123456"');
    expect(body).toContain('href="mailto:help%2Bweb@example.com?subject=Blocked%20access%2C%20reference%20WM-4F7K-29"');
    expect(body).toContain('<title>Your access is blocked for now &ndash; Example</title>');
  });

  it('is whole without a contact and without an end', () => {
    const alone = ask('text/html', { visit: { until: null }, contact: {} }).body.replace(
      /<(script|style)>[^]*?<\/\1>/g,
      '',
    );
    expect(alone).toContain('This site is up and running');
    expect(alone).toContain('tell the operator of this site');
    expect(alone).toContain('further notice');
    expect(alone).not.toMatch(/<time|tel:|mailto:|<a |undefined|null|NaN|\{\{|\}\}/);
    expect(alone).toContain('<title>Your access is blocked</title>');
  });

  it('gives no call link for a phone number without digits, and no "in …" for what is over', () => {
    expect(ask('text/html', { contact: { phone: 'ask at the desk' } }).body).not.toContain('tel:');
    expect(ask('text/html', { visit: { until: NOW - 1 } }).body).not.toMatch(/ago|in 0/);
  });

  it('loads nothing and keeps nothing: no address but data:, tel: and mailto:', () => {
    const addresses = [...body.matchAll(/\s(?:href|src|action|srcset)\s*=\s*"([^"]*)"/g)].map((m) => m[1]!);
    expect(addresses.length).toBe(3);
    expect(addresses.filter((a) => !/^(data:|tel:|mailto:)/.test(a))).toEqual([]);
    expect(body).not.toMatch(/@import|url\(|cookie|localStorage/);
  });

  it('lets its own style and script run by their hashes and nothing else', () => {
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(body)!;
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(body)!;
    expect(csp.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(script!)}`,
      `style-src ${hash(style!)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(body).not.toMatch(/\sstyle=|\son\w+=/);
    expect(body.match(/<style/g)!.length + body.match(/<script/g)!.length).toBe(2);
  });

  it('is each visitor’s own, though pages are remembered', () => {
    const base = { ...visit, reason: 'a', reference: 'b', address: 'c' };
    const visits: Visit[] = [
      base,
      { ...base, reason: 'x' },
      { ...base, reference: 'x' },
      { ...base, address: 'x' },
      { ...base, until: null },
      { ...base, until: NOW + 2 * 3600_000 + 1 },
      { ...base, reason: 'b', reference: 'a' },
    ];
    const alone = visits.map((v) => ask('text/html', { visit: v, contact: { ...contact } }).body);
    expect(new Set(alone).size).toBe(visits.length);
    for (let round = 0; round < 2; round++)
      expect(visits.map((v) => ask('text/html', { visit: v }).body)).toEqual(alone);
    const later = renderPage(base, contact, { method: 'GET', now: NOW + 3600_000 });
    expect(Buffer.from(later.body).toString()).toContain('in 60 minutes');
  });

  it('shows a logo', () => {
    expect(ask('text/html', { look: { logo: 'data:image/png;base64,AAAA' } }).body).toContain(
      '<img src="data:image/png;base64,AAAA" alt="">',
    );
  });
});

describe('text and problem document', () => {
  it('text is for a terminal', () => {
    expect(ask('text/plain').body).toMatchInlineSnapshot(`
      "Your access is blocked for now

      Example is up and running, but it does not accept requests from your internet address at the moment.

        Why:           Too many failed log-ins
        Until:         November 22, 2026 at 8:00 PM UTC (in 2 hours)
        Your address:  203.0.113.7
        Reference:     WM-4F7K-29

      After that the site opens again by itself.

      Is this a mistake? Please contact us and tell us the reference. We can then find your case at once.

        Call:   +49 (0)30 12 34-56
        Write:  help+web@example.com

      Several people can share one address, for example in an office, a school or a mobile network. It may not be you who caused the block.
      "
    `);
    expect(ask('text/plain', { visit: { until: null }, contact: {} }).body).not.toMatch(/Call|Write|UTC|undefined/);
  });

  it('a problem document has the members of RFC 9457 and its own', () => {
    const { headers, body } = ask('application/json', { look: { status: 429 } });
    expect(headers['Content-Type']).toBe('application/problem+json');
    expect(JSON.parse(body)).toEqual({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail:
        'Your access is blocked for now. Example is up and running, but it does not accept requests from your internet address at the moment.',
      reason: 'Too many failed log-ins',
      address: '203.0.113.7',
      reference: 'WM-4F7K-29',
      until: '2026-11-22T20:00:00.000Z',
      phone: '+49 (0)30 12 34-56',
      email: 'help+web@example.com',
    });
    const without = JSON.parse(ask('application/json', { visit: { until: null }, contact: {} }).body);
    expect(without).toMatchObject({ until: null, phone: null, email: null });
  });
});

describe('hostile text', () => {
  const HOSTILE = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    '{{site}}{{#phone}}',
    '$& $1 $` {site} {reference}',
    '</title></style></script><svg onload=x>',
    '&lt;b&gt; &#x3c;',
    'a\r\nSet-Cookie: x=1\r\n\r\nbody',
    '\u001b[2J\u001b]0;title\u0007',
    '\u202egnp.exe\u2066',
    '\ud800 half',
    'javascript:alert(1)',
    '\u0000',
  ];
  const text = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' }), fc.string());
  /** The page with every text replaced by a harmless one: the same tags must come out. */
  const shape = (html: string): string =>
    [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""')).join('');

  it('never becomes a tag, an attribute, a script or a header, whatever it is', () => {
    fc.assert(
      fc.property(text, text, text, text, (reason, address, reference, site) => {
        const hostile = {
          visit: { reason: `x${reason}`, address, reference: `x${reference}` },
          contact: { ...contact, site: `x${site}` },
        };
        const html = ask('text/html', hostile);
        expect(shape(html.body)).toBe(shape(ask('text/html').body));
        expect(html.headers).toEqual({ ...ask('text/html').headers, 'Content-Length': html.headers['Content-Length'] });
        const plain = ask('text/plain', hostile);
        expect(plain.body).not.toMatch(
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/,
        );
        expect(plain.body.split('\n').length).toBeLessThanOrEqual(ask('text/plain').body.split('\n').length);
        expect(JSON.parse(ask('application/json', hostile).body).status).toBe(403);
      }),
    );
  });

  it('in the contact neither', () => {
    fc.assert(
      fc.property(text, text, (phone, email) => {
        const { body } = ask('text/html', { contact: { phone: `1${phone}`, email: `a${email}` } });
        expect(shape(body)).toBe(shape(ask('text/html', { contact: { phone: '1', email: 'a' } }).body));
        expect(/href="(tel:[^"]*)"/.exec(body)![1]).toMatch(/^tel:\+?\d+$/);
        expect(/href="(mailto:[^"]*)"/.exec(body)![1]).toMatch(
          /^mailto:[\w@%.!~*'()-]+\?subject=[\w%.!~*'()-]+$|&#39;/,
        );
      }),
    );
  });

  it('is cut when it is long', () => {
    const { body } = ask('text/plain', { visit: { reason: '😀'.repeat(100_000) } });
    expect(body.length).toBeLessThan(3000);
    expect(body).not.toMatch(/\p{Surrogate}/u);
  });
});
