import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foundInLine as found } from '../../../test/support/logs/found-in-line.ts';
import type { LogFormat } from './log-format.ts';
import { formatNamed, knownFormats, recogniseFormat } from './recognise-format.ts';

const clock = (): number => Date.UTC(2026, 10, 22);
const formats = knownFormats(clock);
const named = (name: string): LogFormat => formats.find((f) => f.name === name)!;
const zoneBefore = process.env['TZ'];
beforeAll(() => (process.env['TZ'] = 'UTC'));
afterAll(() => {
  if (zoneBefore === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneBefore;
});

const HEAD = 'Nov 21 10:00:00 mail ';
const at = (text: string): unknown => found(named('syslog'), HEAD + text);
const WEB = '192.0.2.1 - - [21/Nov/2026:10:00:00 +0000] "GET /a HTTP/1.1" 404 5 "-" "x"';

describe('messages of syslog', () => {
  it('are read with all that syslog writes before them', () => {
    const said = 'Failed password for root from 192.0.2.1 port 5 ssh2';
    for (const head of [
      'Nov 21 10:00:00 web sshd[7]: ',
      '<38>Nov 21 10:00:00 web sshd[7]: ',
      // over /dev/log
      '<38>Nov 21 10:00:00 sshd[7]: ',
      '2026-11-21T11:00:00+0100 web sshd[7]: ',
      '2026-11-21T10:00:00.5Z web sshd-session: ',
      '<38>1 2026-11-21T10:00:00.5Z web sshd 7 - - ',
      '<38>1 2026-11-21T10:00:00Z web sshd 7 ID1 [a@1 b="]\\"c"][d@2] \u{ef}\u{bb}\u{bf}',
    ]) {
      const read = found(named('sshd'), head + said);
      expect(read, head).toMatchObject({ address: '192.0.2.1', user: 'root', happening: 'ssh-failure' });
      expect(read!['time']).toMatch(/^2026-11-21T10:00:00/);
    }
    for (const head of [
      '<1234567>Nov 21 10:00:00 web sshd[7]: ',
      'Nov 21 10:00:00 sshd[7]: ',
      '',
      '<38',
      '<38>1 ',
      '<38>1 a b sshd - - ',
    ])
      expect(found(named('sshd'), head + said), head).toBeNull();
  });
  it('may be those of a web server', () => {
    for (const head of ['', '<190>Nov 21 10:00:00 web nginx: ', '2026-11-21T10:00:00Z web nginx: '])
      expect(found(named('combined'), head + WEB), head).toMatchObject({
        address: '192.0.2.1',
        path: '/a',
        status: 404,
      });
    const json =
      '{"remote_addr":"192.0.2.1","request":"GET /a HTTP/1.1","status":404,"time_iso8601":"2026-11-21T10:00:00Z"}';
    expect(found(named('json'), `Nov 21 10:00:00 web caddy[1]: ${json}`)).toMatchObject({
      address: '192.0.2.1',
      path: '/a',
    });
    const own = formatNamed('$status $remote_addr [$time_local]', clock, true);
    const line = '404 192.0.2.1 [21/Nov/2026:10:00:00 +0000]';
    expect(own.ok && found(own.value, `<190>Nov 21 10:00:00 web nginx: ${line}`)).toMatchObject({
      address: '192.0.2.1',
      status: 404,
    });
    expect(own.ok && found(own.value, line)).toBeNull();
  });
  it('of several programs stand in one log', () => {
    const log = [
      `${HEAD}postfix/smtpd[9]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6`,
      `${HEAD}dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<bob>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, session=<x>`,
    ];
    expect(recogniseFormat(log.join('\n'), formats)!.name).toBe('syslog');
    expect(recogniseFormat(WEB, formats)!.name).toBe('combined');
    expect(recogniseFormat(`www.example:80 ${WEB}`, formats)!.name).toBe('vhost-combined');
  });
});

describe("Apache's log of all sites", () => {
  it('has the address behind the name of the site', () => {
    expect(found(named('vhost-combined'), `www.example:80 ${WEB}`)).toMatchObject({ address: '192.0.2.1', path: '/a' });
    expect(found(named('combined'), `www.example:80 ${WEB}`)).toBeNull();
    expect(found(named('common'), `www.example:80 ${WEB}`)).toBeNull();
  });
});

describe("HAProxy's log", () => {
  const rest = '[21/Nov/2026:10:00:00.655] web~ static/srv1 10/0/30/69/109 404 2750 - - ---- 1/1/1/1/0 0/0';
  it('is read with captured headers, over syslog, and for requests that are none', () => {
    expect(
      found(
        named('haproxy'),
        `${HEAD}haproxy[14389]: 192.0.2.1:33317 ${rest} {a.example|[9] 203.0.113.9} {} "GET /x?y HTTP/1.1"`,
      ),
    ).toMatchObject({
      address: '192.0.2.1',
      time: '2026-11-21T10:00:00.000Z',
      method: 'GET',
      path: '/x?y',
      status: 404,
    });
    expect(found(named('haproxy'), `2001:db8::1:33317 ${rest} "<BADREQ>"`)).toMatchObject({
      address: '2001:db8::1',
      path: '',
      status: 404,
    });
    expect(found(named('haproxy'), `192.0.2.1:33317 ${rest.replace(' 404 ', ' -1 ')} "GET / HTTP/1.1"`)).toMatchObject({
      status: 0,
    });
    for (const line of [
      '192.0.2.1:33317 [21/Nov/2026:10:00:00.655] web/1: SSL handshake failure',
      `x 203.0.113.9:1 ${rest} "GET / HTTP/1.1"`,
    ])
      expect(found(named('haproxy'), line)).toBeNull();
  });
  it('as JSON', () => {
    const line = { time: '2026-11-21T10:00:00Z', client_ip: '192.0.2.1', method: 'GET', path: '/x', status_code: 404 };
    expect(found(named('json'), `${HEAD}haproxy[1]: ${JSON.stringify(line)}`)).toMatchObject({
      address: '192.0.2.1',
      path: '/x',
      status: 404,
    });
  });
});

describe("mail servers' logs", () => {
  it('Postfix', () => {
    const smtpd = 'postfix/submission/smtpd[9]: ';
    expect(
      at(
        `${smtpd}warning: host.example[192.0.2.1]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=bob@x`,
      ),
    ).toMatchObject({
      address: '192.0.2.1',
      happening: 'mail-failure',
      user: 'bob@x',
    });
    expect(at('postfix-in/smtpd[9]: lost connection after AUTH from unknown[2001:db8::1]')).toMatchObject({
      address: '2001:db8::1',
    });
    const reject = `${smtpd}NOQUEUE: reject: RCPT from unknown[192.0.2.1]: `;
    expect(
      at(`${reject}454 4.7.1 <a@b>: Relay access denied; from=<c@d> to=<a@b> proto=ESMTP helo=<x[203.0.113.9]>`),
    ).toMatchObject({
      address: '192.0.2.1',
      happening: 'mail-relay',
    });
    expect(
      at(
        `${reject}550 5.1.1 <a@b>: Recipient address rejected: User unknown in local recipient table; from=<c@d> to=<a@b> proto=SMTP helo=<x>`,
      ),
    ).toMatchObject({
      happening: 'mail-unknown-user',
      user: 'a@b',
    });
    for (const other of [
      'postfix/smtpd[9]: connect from unknown[192.0.2.1]',
      'postfix/smtpd[9]: warning: hostname x does not resolve to address 192.0.2.1',
      'postfix/cleanup[9]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x',
      'smtpd[9]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x',
      'postfix/smtpd[9]: lost connection after AUTH from unknown[192.0.2.1] x',
      'postfix/smtpd[9]: too many errors after RCPT from a b[192.0.2.1]',
    ])
      expect(at(other), other).toBeNull();
  });
  it('Dovecot', () => {
    const fields = 'method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, TLS, session=<x>';
    for (const said of [
      `imap-login: Disconnected (auth failed, 3 attempts in 6 secs): user=<bob>, ${fields}`,
      `pop3-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) (auth_failed): user=<bob>, ${fields}`,
      'imap-login: Aborted login (auth failed, 1 attempts): user=<bob>, rip=192.0.2.1',
    ])
      expect(at(`dovecot: ${said}`), said).toMatchObject({
        address: '192.0.2.1',
        user: 'bob',
        happening: 'mail-failure',
      });
    for (const said of [
      `imap-login: Disconnected (no auth attempts in 0 secs): user=<>, ${fields}`,
      `imap-login: Login: user=<(auth failed, 1 attempts)>, ${fields}`,
      `imap(bob): imap-login: x (auth failed, 1 attempts): user=<bob>, ${fields}`.replace(
        'imap(bob)',
        'imap(bobbobbobbobbobbobbob)',
      ),
    ])
      expect(at(`dovecot: ${said}`), said).toBeNull();
  });
  it('whatever a visitor writes, the address is theirs', () => {
    const pieces = fc.constantFrom(
      ' from ',
      '[203.0.113.9]',
      ': ',
      ', rip=203.0.113.9',
      '>, ',
      'user=<',
      ' port 1 ',
      'sasl_username=',
      ': SASL x authentication failed:',
      '203.0.113.9',
      ']: ',
    );
    const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 4 }))).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (evil) => {
        const lines = [
          `postfix/smtpd[9]: warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x, sasl_username=${evil}`,
          `postfix/smtpd[9]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <${evil.replaceAll(' ', '_')}>: Relay access denied; from=<${evil}> to=<${evil}> proto=ESMTP helo=<${evil}>`,
          `dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<${evil}>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.9, session=<x>`,
          `sshd[9]: Failed password for invalid user ${evil} from 192.0.2.1 port 5 ssh2`,
          `sshd[9]: Invalid user ${evil} from 192.0.2.1 port 5`,
        ];
        for (const line of lines) expect(at(line), line).toMatchObject({ address: '192.0.2.1' });
      }),
      { numRuns: 500 },
    );
  });
});
