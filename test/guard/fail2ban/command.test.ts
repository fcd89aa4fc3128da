import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../../../src/host/index.ts';
import { runOn } from '../../cli/world.ts';

const files = {
  '/etc/fail2ban/filter.d/base.conf':
    '[DEFAULT]\n_who = shop\n[Definition]\nprefix = ^\\s*<_who>(?:\\[\\d+\\])?:\\s+\n',
  '/etc/fail2ban/filter.d/shop.conf': `[INCLUDES]
before = base.conf
[Definition]
failregex = %(prefix)sno login for <F-USER>.*</F-USER> from <HOST>$
            ^ evil (?:a+)+b <HOST>$
ignoreregex = from 192\\.0\\.2\\.9$
mode = x
`,
  '/etc/fail2ban/filter.d/broken.conf': '[Definition]\nfailregex = ^(<HOST>\n   ^no address$\n   ^%(nobody)s <HOST>\n',
  '/etc/fail2ban/filter.d/broken2.conf': '[Definition]\nfailregex = ^(?P<a>x<HOST>\n            ^no address$\n',
  '/tmp/shop.log': [
    '2026-11-21 10:00:00 shop[7]: no login for anna from 192.0.2.1',
    '2026-11-21 10:00:01 shop[7]: no login for anna from 192.0.2.9',
    '2026-11-21 10:00:02 shop: no login for root from 203.0.113.9 from 2001:db8::1',
    `2026-11-21 10:00:03 evil ${'a'.repeat(40)}!`,
    '2026-11-21 10:00:04 something else',
    '',
  ].join('\n'),
};

const run = (...words: string[]): ReturnType<typeof runOn> =>
  runOn(fakeMachine({ files }), ['guard', 'test', ...words]);

describe('waymark guard test --filter', () => {
  it('says what a filter finds, and names a pattern that took too long', async () => {
    const { code, stdout, stderr } = await run('--filter', 'shop', '/tmp/shop.log');
    expect(code).toBe(0);
    expect(stdout).toContain('shop: 5 lines, 2 matched, 1 ignored, 2 missed\n');
    expect(stdout).toContain('whom\n  1  192.0.2.1\n  1  2001:db8::1\n');
    expect(stdout).toContain('missed\n  2026-11-21 10:00:03 evil aaa');
    expect(stderr).toContain('[pattern-slow] filter shop, failregex 2: switched off, it took too long for "evil aaa');
  });

  it('prints JSON', async () => {
    const { stdout } = await run('--filter', 'shop[mode=y]', '/tmp/shop.log', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ filter: 'shop', lines: 5, matched: 2, ignored: 1, missed: 2 });
  });

  it('names what is wrong, with file and line', async () => {
    expect(await run('--filter', 'nowhere', '/tmp/shop.log')).toMatchObject({ code: 2, stdout: '' });
    const unknown = await run('--filter', 'broken', '/tmp/shop.log');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('%(nobody)s: there is no option of that name');
    expect(unknown.stderr).toContain('/etc/fail2ban/filter.d/broken.conf:2');
    const pattern = await run('--filter', 'broken2', '/tmp/shop.log');
    expect(pattern.stderr).toContain('a ")" is missing');
    expect(pattern.stderr).toContain('failregex 2: it has no <HOST>, nobody could be blocked');
    expect((await run('--filter', 'a[b', '/tmp/shop.log')).code).toBe(2);
    expect((await run('--filter', 'shop', '--config', '/nowhere', '/tmp/shop.log')).code).toBe(2);
  });
});
