import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { builtInto, GuardProcess } from './guard-process.ts';
import { makeSite, SITE, type Site } from './site.ts';

const reason = whyNoLab(['ip', 'nft', 'setpriv', 'flock']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-command-'));
const settings = join(folder, 'guard.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

const GET = `
const [from, to, language] = process.argv.slice(1);
const headers = { 'Accept-Language': language, Accept: 'text/plain' };
const r = require('node:http').get({ host: to, port: 80, localAddress: from, headers, timeout: 3000 }, (answer) => {
  let body = '';
  answer.on('data', (d) => (body += d)).on('end', () => console.log(answer.statusCode + ' ' + body));
});
r.on('error', (e) => console.log(e.code)).on('timeout', () => r.destroy(new Error('timeout')));
`;

const SCRAPE = `fetch('http://127.0.0.1:29180/metrics').then((r) => r.text()).then(console.log)`;

// the folder's own user can't be nobody's: the page reads its settings
describe.skipIf(reason !== null)('the guard as commands', () => {
  let site: Site;
  let guard: GuardProcess;
  beforeAll(async () => {
    site = await makeSite();
    writeFileSync(
      settings,
      `ports: [ { site: 80, page: 28080 } ]\nmetrics: { port: 29180 }\ncontact: { phone: "+49 30 123" }\nfolder: ${folder}/state\nsocket: ${folder}/guard.sock\n`,
    );
    chmodSync(folder, 0o755);
    guard = new GuardProcess({ namespace: site.namespaces.site, program: builtInto(folder), settings });
  });
  afterEach(async () => guard.end());
  afterAll(() => site.remove());

  const waymark = (...words: string[]): ReturnType<GuardProcess['waymark']> => guard.waymark(...words);
  const get = (from: string, language = 'en'): string =>
    spawnSync(
      'ip',
      [
        'netns',
        'exec',
        site.namespaces.visitors,
        process.execPath,
        '-e',
        GET,
        from,
        from.includes(':') ? SITE[6] : SITE[4],
        language,
      ],
      { encoding: 'utf8' },
    ).stdout.trim();
  const metrics = (): string =>
    spawnSync('ip', ['netns', 'exec', site.namespaces.site, process.execPath, '-e', SCRAPE], { encoding: 'utf8' })
      .stdout;
  const processes = (): readonly string[] =>
    spawnSync('ip', ['netns', 'pids', site.namespaces.site], { encoding: 'utf8' })
      .stdout.trim()
      .split('\n')
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        } catch {
          return '';
        }
      })
      .filter((line) => line.includes('guard\0page'));

  it('show a blocked visitor the page, in their language, and nobody else', { timeout: 60_000 }, async () => {
    expect(await guard.start()).toBe('the guard runs: 0 decisions, ports 80\n');
    const blocked = waymark(
      'block',
      '10.77.0.2',
      '--for',
      '2h',
      '--reason',
      'Too many <failed> logins',
      '--ref',
      'K7P-4QD',
    );
    expect(blocked).toMatchObject({ code: 0, err: '' });
    expect(blocked.out).toMatch(/^10\.77\.0\.2 is shown the page until .* UTC \(2 hours\), reference K7P-4QD\n$/);
    const page = get('10.77.0.2');
    expect(page).toMatch(/^403 /);
    for (const word of ['Too many <failed> logins', 'K7P-4QD', '10.77.0.2', '+49 30 123']) expect(page).toContain(word);
    expect(get('10.77.0.2', 'de')).toContain('Grund');
    const counted = metrics();
    expect(counted).toContain('waymark_decisions{family="ipv4",origin="hand"} 1\n');
    expect(counted).toContain('waymark_page_answers_total{status="403",kind="text"} 2\n');
    await expect
      .poll(() => guard.said)
      .toMatch(/^blocked 10\.77\.0\.2 until=\S+ reference=K7P-4QD by=\S+ reason="Too many <failed> logins"$/m);
    expect(get('10.77.1.2')).not.toContain('403');
    expect(waymark('blocked', '10.77.0.2').out).toContain('why     Too many <failed> logins');
    expect(waymark('blocked', '10.77.1.2')).toMatchObject({ code: 1, out: '', err: '10.77.1.2 is not blocked\n' });
    expect(waymark('unblock', '10.77.0.2')).toMatchObject({ code: 0, out: '10.77.0.2 is shown the page no more\n' });
    expect(get('10.77.0.2')).not.toContain('403');
    expect(waymark('unblock', '10.77.0.2')).toMatchObject({ code: 1, out: '' });
  });
  it('do what their dry run prints, which changes nothing', { timeout: 60_000 }, async () => {
    await guard.start();
    const ruleset = async (): Promise<string> => (await site.machine.run(['nft', 'list', 'ruleset'])).stdout;
    const typed = (script: string): void =>
      expect(
        spawnSync('ip', ['netns', 'exec', site.namespaces.site, 'sh', '-e'], { input: script, encoding: 'utf8' }),
      ).toMatchObject({ status: 0, stderr: '' });
    const before = await ruleset();
    const dry = waymark('block', '10.77.0.2', '--for', 'forever', '--rest', 'drop', '--dry-run');
    expect(dry).toMatchObject({ code: 0, err: 'dry run: nothing was changed\n' });
    expect(await ruleset()).toBe(before);
    expect(waymark('blocked').code).toBe(1);
    // the way that it shows is the one that packets take
    const [, asItIs, blocked] = /as it is:\n([\s\S]*)# once it is blocked:\n([\s\S]*?)(?=\n[^#])/.exec(dry.out)!;
    expect(asItIs).toContain('tcp/80 gets a reply from 10.77.0.1');
    expect(asItIs).not.toContain('28080');
    expect(get('10.77.0.2')).not.toContain('403');
    expect(blocked!.replace(/\s*\n#\s*/g, ' ')).toContain('destination 10.77.0.1:80 becomes 10.77.0.1:28080');
    typed(dry.out);
    const typedRules = await ruleset();
    expect(typedRules).not.toBe(before);
    // a guard knows its own sets only
    await guard.end();
    await guard.start();
    expect(waymark('block', '10.77.0.2', '--for', 'forever', '--rest', 'drop').code).toBe(0);
    const after = await ruleset();
    expect(after).toBe(typedRules);
    expect(get('10.77.0.2')).toContain('403');
    const back = waymark('unblock', '10.77.0.2', '--dry-run');
    expect(await ruleset()).toBe(after);
    typed(back.out);
    expect(get('10.77.0.2')).not.toContain('403');
    expect(waymark('unblock', '10.77.0.2').code).toBe(0);
  });
  it('never block this machine itself, unless it is forced', { timeout: 60_000 }, async () => {
    await guard.start();
    const refused = waymark('block', '10.77.0.0/24', '10.77.0.2');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('error[never-blocked]');
    expect(refused.err).toContain('10.77.0.1 is an address of this machine, on v0');
    expect(get('10.77.0.2')).not.toContain('403');
    expect(waymark('block', '10.77.0.0/24', '--force').code).toBe(0);
    expect(get('10.77.0.2')).toMatch(/^403 /);
    waymark('unblock', '10.77.0.0/24');
  });
  it('block everybody on a list but those who must not be', { timeout: 60_000 }, async () => {
    await guard.start();
    const list = join(folder, 'list.txt');
    writeFileSync(list, '# mine\n10.77.0.2 # wp-login\n10.77.0.0/30\n2001:db8::/32\n192.0.2.1\n');
    const said = waymark('block', '--list', list, '--for', '1h');
    expect(said).toMatchObject({ code: 0, out: '3 entries are shown the page\n' });
    expect(said.err).toBe(
      'warning[never-blocked] 10.77.0.0/30 is left out: 10.77.0.1 is an address of this machine, on v0\n',
    );
    expect(get('10.77.0.2')).toMatch(/^403 /);
    expect(waymark('blocked', '10.77.0.2').out).toContain(`seen    ${list}: wp-login`);
    waymark('block', '--list', list, '--for', 'forever');
    expect(waymark('blocked', '10.77.0.2').out).toContain('until it is lifted');
    for (const target of ['10.77.0.2', '2001:db8::/32', '192.0.2.1']) expect(waymark('unblock', target).code).toBe(0);
    expect(get('10.77.0.2')).not.toContain('403');
  });
  it('keep what was decided, however the guard ends', { timeout: 90_000 }, async () => {
    const kept = waymark('block', 'fd77::2', '--for', 'forever');
    expect(kept.err).toContain('kept, but no guard runs');
    expect(get('fd77::2')).not.toContain('403');
    expect(await guard.start()).toBe('the guard runs: 1 decision, ports 80\n');
    expect(get('fd77::2')).toMatch(/^403 /);
    expect(processes()).toHaveLength(1);
    await guard.end('SIGKILL');
    for (let i = 0; i < 50 && processes().length > 0; i++) await new Promise((done) => setTimeout(done, 50));
    expect(processes()).toEqual([]);
    expect(get('fd77::2')).toBe('ECONNREFUSED');
    expect(waymark('guard', 'status').err).toContain('no guard runs, but its rules are in the kernel');
    expect(waymark('guard', 'clear')).toMatchObject({ code: 0, out: 'nothing of the guard is in the kernel\n' });
    expect((await site.machine.run(['nft', 'list', 'ruleset'])).stdout).toBe('');
    expect(get('fd77::2')).not.toBe('ECONNREFUSED');
    await guard.start();
    expect(waymark('guard', 'status').out).toContain('rules    whole\n');
    expect(waymark('guard', 'clear')).toMatchObject({ code: 2, out: '' });
    expect(get('fd77::2')).toMatch(/^403 /);
    expect(await guard.end()).toBe(0);
    expect((await site.machine.run(['nft', 'list', 'ruleset'])).stdout).toBe('');
    expect(get('fd77::2')).not.toContain('403');
    expect(waymark('unblock', 'fd77::2').code).toBe(0);
  });
});
