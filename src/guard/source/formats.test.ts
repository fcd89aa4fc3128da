import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogFormat } from './log-format.ts';
import { foundInLine as found } from '../../../test/support/logs/found-in-line.ts';
import { knownFormats } from './recognise-format.ts';
import { COMBINED, webFormat } from './web-format.ts';

const NOW = Date.UTC(2026, 10, 22);
const all = knownFormats(() => NOW);
const named = (name: string): LogFormat => all.find((f) => f.name === name)!;
const [combined, common, json, sshd] = ['combined', 'common', 'json', 'sshd'].map(named) as [
  LogFormat,
  LogFormat,
  LogFormat,
  LogFormat,
];

const formatOf = (text: string): LogFormat => {
  const format = webFormat(text);
  if (!format.ok) throw new Error(format.message);
  return format.value;
};

const LINE = '192.0.2.1 - - [21/Nov/2026:10:00:00 +0100] "GET /a b?c HTTP/1.1" 404 5 "-" "A \\"b\\" c"';

describe('formats of logs', () => {
  it('find what nginx and Apache write', () => {
    const whole = {
      address: '192.0.2.1',
      time: '2026-11-21T09:00:00.000Z',
      method: 'GET',
      path: '/a b?c',
      status: 404,
    };
    expect(found(combined, LINE)).toMatchObject({ ...whole, agent: 'A \\"b\\" c', user: '-' });
    expect(found(formatOf('%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"'), LINE)).toEqual(
      found(combined, LINE),
    );
    expect(found(common, LINE.slice(0, LINE.indexOf(' "-"')))).toMatchObject(whole);
    expect(found(combined, '192.0.2.1 - - [21/Nov/2026:10:00:00 +0100] "\\x16\\x03" 400 5 "-" "-"')).toMatchObject({
      method: '',
      path: '',
      status: 400,
    });
    expect(found(formatOf('${msec} [$status] $remote_addr'), '1763683200.123 [200] ::1')).toMatchObject({
      address: '::1',
      status: 200,
      time: new Date(1_763_683_200_123).toISOString(),
    });
  });
  it('refuse a form in which strangers could name another address', () => {
    for (const text of ['$remote_user $remote_addr', '$http_x_forwarded_for $remote_addr [$time_local]', '%u %h %>s'])
      expect(webFormat(text)).toMatchObject({ ok: false, code: 'value-invalid' });
    expect(webFormat('"$http_referer" $remote_addr')).toMatchObject({ ok: true });
    expect(webFormat('$status')).toMatchObject({ ok: false });
    expect(webFormat('$remote_addr$status')).toMatchObject({ ok: false });
  });
  it('take address and time from their own place only, whatever a visitor writes', () => {
    // as Apache escapes what visitors send; nginx writes \\x22 and \\x5C
    const pieces = fc.constantFrom(
      ' [',
      '] ',
      '] "',
      ' - ',
      '203.0.113.9',
      '[01/Jan/2020:00:00:00 +0000]',
      '"',
      '\\',
      ' 200 ',
    );
    const text = fc
      .array(fc.oneof(pieces, fc.string({ maxLength: 4 })))
      .map((parts) => parts.join('').replaceAll(/["\\]/g, '\\$&'));
    fc.assert(
      fc.property(text, text, text, text, (user, path, referer, agent) => {
        const line = `192.0.2.1 - ${user} [21/Nov/2026:10:00:00 +0000] "GET /${path} HTTP/1.1" 403 7 "${referer}" "${agent}"`;
        const read = found(combined, line);
        if (read !== null)
          expect(read).toMatchObject({ address: '192.0.2.1', time: '2026-11-21T10:00:00.000Z', status: 403 });
        return read !== null || user === '';
      }),
      { numRuns: 1000 },
    );
  });
  it('read JSON of nginx, Caddy and Traefik', () => {
    const lines = [
      {
        time_iso8601: '2026-11-21T10:00:00+00:00',
        remote_addr: '192.0.2.1',
        request: 'GET /x HTTP/1.1',
        status: '404',
        http_user_agent: 'z',
      },
      {
        ts: 1_795_255_200.5,
        request: { client_ip: '192.0.2.1', method: 'GET', uri: '/x', headers: { 'User-Agent': ['z'] } },
        status: 404,
      },
      {
        StartUTC: '2026-11-21T10:00:00.25Z',
        ClientHost: '192.0.2.1',
        RequestMethod: 'GET',
        RequestPath: '/x',
        DownstreamStatus: 404,
        'request_User-Agent': 'z',
      },
    ];
    for (const line of lines)
      expect(found(json, JSON.stringify(line))).toMatchObject({
        address: '192.0.2.1',
        method: 'GET',
        path: '/x',
        agent: 'z',
        status: 404,
      });
    expect(found(json, '{"remote_addr": "192.0.2.1", "status": 404')).toBeNull();
    expect(found(json, '[]')).toBeNull();
  });
  it('read what sshd writes, and the address from its end', () => {
    const at = (text: string): unknown => found(sshd, `2026-11-21T10:00:00.123456+00:00 web sshd-session[77]: ${text}`);
    const evil = 'root from 203.0.113.9 port 1 ssh2';
    expect(at('Failed password for root from 192.0.2.1 port 5 ssh2')).toMatchObject({
      address: '192.0.2.1',
      user: 'root',
      time: '2026-11-21T10:00:00.123Z',
    });
    expect(at(`Failed password for invalid user ${evil} from 192.0.2.1 port 5 ssh2`)).toMatchObject({
      address: '192.0.2.1',
      user: evil,
    });
    expect(at(`Invalid user ${evil} from 192.0.2.1 port 5`)).toMatchObject({
      address: '192.0.2.1',
      happening: 'ssh-unknown-user',
    });
    expect(at(`Connection closed by invalid user ${evil} 192.0.2.1 port 5 [preauth]`)).toMatchObject({
      address: '192.0.2.1',
      happening: 'ssh-no-login',
    });
    expect(
      at(
        'Unable to negotiate with 192.0.2.1 port 5: no matching host key type found. Their offer: a from 203.0.113.9 port 1 [preauth]',
      ),
    ).toMatchObject({ address: '192.0.2.1' });
    expect(at('Accepted publickey for anna from 192.0.2.1 port 5 ssh2')).toBeNull();
    const old = found(sshd, 'Nov 21 10:00:00 web sshd[1]: Failed password for root from 192.0.2.1 port 5 ssh2');
    expect(old!['time']).toBe(new Date(2026, 10, 21, 10).toISOString());
    expect(
      found(sshd, 'Nov 21 10:00:00 web su[1]: sshd[1]: Failed password for root from 192.0.2.1 port 5 ssh2'),
    ).toBeNull();
  });
  it('look at any line, however long and whatever is in it, in bounded time', () => {
    const long = (piece: string): string => piece.repeat(Math.floor(65_000 / piece.length));
    const lines = [', rip=', '[::1]', '"', '\\"', ' [', '] "', ' port ', '{"a":', '%', '../', '\\'].flatMap((piece) => [
      long(piece),
      `192.0.2.1 - ${long(piece)}`,
      `192.0.2.1 - - [21/Nov/2026:10:00:00 +0000] "GET /${long(piece)}`,
      ...['sshd[1]: Failed password for ', 'postfix/smtpd[1]: warning: ', 'dovecot: imap-login: ', 'haproxy[1]: '].map(
        (begin) => `Nov 21 10:00:00 web ${begin}${long(piece)}`,
      ),
    ]);
    for (const format of [...all, formatOf(`x${COMBINED}`)])
      for (const text of lines) {
        // the shortest of some: other work on this machine is not the line's fault
        const times = [1, 2, 3, 4, 5].map(() => {
          const start = performance.now();
          found(format, text);
          return performance.now() - start;
        });
        expect(Math.min(...times)).toBeLessThan(50);
      }
  });
});
