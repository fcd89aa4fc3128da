import { describe, expect, it } from 'vitest';
import { fakeMachine, type FakeAnswer } from '../../src/host/index.ts';
import { runOn } from '../cli/world.ts';

const SETTINGS = `
allow: [ office.example.org, ./allow.txt, gone.example.org ]
proxies: [ 192.0.2.0/24 ]
search-engines: true
widest: { ipv4: 16 }
`;

/** What the name server knows. */
const NAMES: Readonly<Record<string, FakeAnswer>> = {
  'getent ahosts office.example.org':
    '198.51.100.9    STREAM office.example.org\n198.51.100.9    DGRAM\n2001:db8::9 RAW\n',
  'getent ahosts gone.example.org': { code: 2 },
  'getent hosts 66.249.66.1': '66.249.66.1     crawl-66-249-66-1.googlebot.com\n',
  'getent ahosts crawl-66-249-66-1.googlebot.com': '66.249.66.1     STREAM crawl-66-249-66-1.googlebot.com\n',
  // whoever holds an address can name it as they like
  'getent hosts 203.0.113.66': '203.0.113.66     crawl-1.googlebot.com\n',
  'getent ahosts crawl-1.googlebot.com': '66.249.66.1     STREAM crawl-1.googlebot.com\n',
};

async function block(...words: string[]) {
  const machine = fakeMachine({
    files: {
      '/etc/waymark/guard.yaml': SETTINGS,
      '/etc/waymark/allow.txt': '203.0.113.0/28 # head office\n',
      '/tmp/list.txt': '66.249.66.1\n203.0.113.66\n10.0.0.0/12\n10.5.0.0/16\n192.0.2.9\n',
    },
    commands: NAMES,
  });
  const asked: { do: string; decision?: { prefix: string }; decisions?: { prefix: string }[] }[] = [];
  await machine.serve('/run/waymark/guard.sock', 0o600, (line) => {
    const request = JSON.parse(line) as (typeof asked)[number];
    asked.push(request);
    const decisions = request.decisions ?? [request.decision];
    return Promise.resolve(JSON.stringify({ decisions, diagnostics: [] }));
  });
  const { code, stderr } = await runOn(machine, ['block', ...words]);
  const blocked = asked.flatMap((r) => r.decisions ?? [r.decision!]).map((d) => d.prefix);
  const said = stderr
    .replaceAll(/\n {2}hint: /g, ' | ')
    .split('\n')
    .filter((line) => line !== '' && line !== UNRESOLVED);
  return { code, blocked, said, unresolved: stderr.includes(UNRESOLVED) };
}

const UNRESOLVED =
  'warning[name-unresolved] gone.example.org leads to no address at the moment: whoever it means may be blocked';

const STILL =
  'whoever is on the allow list of the guard still gets to the site, until they are off it; crawlers do not';

describe('never blocked are', () => {
  it.each([
    ['198.51.100.9', '198.51.100.9 is on the allow list as office.example.org'],
    ['2001:db8::/48', '2001:db8::9 is on the allow list as office.example.org'],
    ['203.0.113.2', '203.0.113.2 lies in 203.0.113.0/28, which is on the allow list (head office)'],
    ['192.0.2.7', '192.0.2.7 lies in 192.0.2.0/24, which is a proxy that visitors come through'],
    ['66.249.66.1', '66.249.66.1 is a crawler of Google'],
  ])('whoever the settings name: %s', async (target, why) => {
    const refused = await block(target);
    expect(refused).toMatchObject({ code: 2, blocked: [] });
    expect(refused.said).toEqual([
      `error[never-blocked] ${target} is not blocked: ${why} | --force blocks it all the same`,
    ]);
    const forced = await block(target, '--force');
    expect(forced).toMatchObject({ code: 0 });
    expect(forced.blocked).toHaveLength(1);
    expect(forced.said).toEqual([`warning[never-blocked] ${why}: blocked all the same | ${STILL}`]);
  });
  it('not those who only say that they are a search engine, and names without address are told of', async () => {
    const expected = { code: 0, blocked: ['203.0.113.66/32'], said: [], unresolved: true };
    expect(await block('203.0.113.66')).toEqual(expected);
  });
  it('prefixes wider than the settings let through, without a yes', async () => {
    expect(await block('10.0.0.0/12')).toMatchObject({
      code: 2,
      blocked: [],
      said: [
        'error[never-blocked] 10.0.0.0/12 is not blocked: it is wider than /16, and holds very many addresses | --yes blocks it all the same',
      ],
    });
    expect(await block('10.0.0.0/12', '--yes')).toMatchObject({ code: 0, blocked: ['10.0.0.0/12'] });
    expect(await block('192.0.2.0/24', '--yes')).toMatchObject({ code: 2, blocked: [] });
    expect(await block('10.5.0.0/16')).toMatchObject({ code: 0, blocked: ['10.5.0.0/16'] });
  });
  it('left out of a list', async () => {
    const list = await block('--list', '/tmp/list.txt');
    expect(list).toMatchObject({ code: 0, blocked: ['203.0.113.66/32', '10.5.0.0/16'] });
    expect(list.said.filter((line) => line.includes('never-blocked'))).toEqual([
      'warning[never-blocked] 66.249.66.1 is left out: 66.249.66.1 is a crawler of Google',
      'warning[never-blocked] 192.0.2.9 is left out: 192.0.2.9 lies in 192.0.2.0/24, which is a proxy that visitors come through',
    ]);
    expect((await block('--list', '/tmp/list.txt', '--yes')).blocked).toContain('10.0.0.0/12');
  });
});
