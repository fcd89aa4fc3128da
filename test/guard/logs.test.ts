import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { stamp } from '../support/logs/access-log.ts';
import { builtInto, GuardProcess } from './guard-process.ts';
import { makeSite, SITE, type Site } from './site.ts';

const reason = whyNoLab(['ip', 'nft', 'setpriv', 'flock', 'perl', 'logger']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-logs-'));
const settings = join(folder, 'guard.yaml');
const log = join(folder, 'access.log');
afterAll(() => rmSync(folder, { recursive: true }));

const GET = `
const [from, to] = process.argv.slice(1);
const r = require('node:http').get({ host: to, port: 80, localAddress: from, timeout: 3000 }, (a) => console.log(a.statusCode));
r.on('error', (e) => console.log(e.code)).on('timeout', () => r.destroy(new Error('timeout')));
`;

describe.skipIf(reason !== null)('the guard reads logs', () => {
  let site: Site;
  let guard: GuardProcess;
  beforeAll(async () => {
    site = await makeSite();
    writeFileSync(
      settings,
      `ports: [ { site: 80, page: 28080 } ]\nlogs: [ { file: ${log} }, { file: ${folder}/auth.log }, { file: '-', format: common }, { socket: ${folder}/log.sock } ]\ndetectors: [ { name: scanners, block: { warn-first: true } } ]\nmost-a-minute: 2\nallow: [ 192.0.2.0/24 ]\nfolder: ${folder}/state\nsocket: ${folder}/guard.sock\n`,
    );
    writeFileSync(log, '');
    chmodSync(folder, 0o755);
    guard = new GuardProcess({ namespace: site.namespaces.site, program: builtInto(folder), settings });
  });
  afterEach(async () => guard.end());
  afterAll(() => site.remove());

  const waymark = (...words: string[]): string => guard.waymark(...words).out;
  const get = (from: string): string =>
    spawnSync('ip', ['netns', 'exec', site.namespaces.visitors, process.execPath, '-e', GET, from, SITE[4]], {
      encoding: 'utf8',
    }).stdout.trim();
  const probe = (address: string, paths = ['/.env', '/.git/config', '/phpmyadmin/']): string =>
    paths.map((path) => `${address} - - [${stamp(Date.now())}] "GET ${path} HTTP/1.1" 404 1 "-" "x"\n`).join('');

  it(
    'and blocks whom they tell of, once, with the lines; not whom the settings allow',
    { timeout: 60_000 },
    async () => {
      expect(await guard.start()).toContain('the guard runs');
      expect(get('10.77.0.2')).not.toBe('403');
      appendFileSync(log, probe('192.0.2.5') + probe('10.77.0.2'));
      await expect.poll(() => guard.said).toContain('blocked 10.77.0.2 ');
      expect(get('10.77.0.2')).toBe('403');
      expect(get('10.77.0.3')).not.toBe('403');
      const shown = waymark('blocked', '10.77.0.2');
      expect(shown).toContain('by probed-paths');
      expect(shown).toContain('seen    10.77.0.2 - - [');
      expect(guard.said).toContain(
        'left prefix=192.0.2.5 why="192.0.2.5 lies in 192.0.2.0/24, which is on the allow list"',
      );
      expect(waymark('unblock', '10.77.0.2')).toContain('no more');
      await guard.end();
      // written while no guard ran, and rotated
      appendFileSync(log, probe('10.77.0.3', ['/.env', '/.git/x']));
      renameSync(log, `${log}.1`);
      writeFileSync(log, probe('10.77.0.3', ['/pma/']));
      expect(await guard.start()).toContain('the guard runs');
      await expect.poll(() => guard.said).toContain('blocked 10.77.0.3 ');
      expect(waymark('blocked', '10.77.0.2')).toBe('');
      waymark('unblock', '10.77.0.3');
      // kept each second
      const known = (): string => readFileSync(join(folder, 'state/offenders'), 'utf8');
      await expect.poll(known, { timeout: 3000 }).toMatch(/\n10\.77\.0\.2\/32 1 \d+\n10\.77\.0\.3\/32 1 \d+\n$/);
    },
  );
  it('from many sources at once', { timeout: 60_000 }, async () => {
    writeFileSync(join(folder, 'auth.log'), '');
    expect(await guard.start()).toContain('the guard runs');
    const auth = [1, 2, 3, 4, 5, 6].map((n) => `sshd[${n}]: Failed password for root from 10.77.1.7 port ${n} ssh2\n`);
    appendFileSync(join(folder, 'auth.log'), auth.map((said) => `${new Date().toISOString()} web ${said}`).join(''));
    await expect.poll(() => guard.said, { timeout: 5000 }).toContain('blocked 10.77.1.7 ');
    guard.tell(probe('10.77.1.8').replaceAll(' "-" "x"', ''));
    await expect.poll(() => guard.said, { timeout: 5000 }).toContain('blocked 10.77.1.8 ');
    waymark('unblock', '10.77.1.7');
    waymark('unblock', '10.77.1.8');
    await guard.end();
    // the brake counts anew
    expect(await guard.start()).toContain('the guard runs');
    await expect.poll(() => existsSync(join(folder, 'log.sock')), { timeout: 5000 }).toBe(true);
    for (const said of probe('10.77.1.9').trim().split('\n'))
      spawnSync('logger', ['-u', join(folder, 'log.sock'), '-t', 'nginx', said]);
    await expect.poll(() => guard.said, { timeout: 5000 }).toContain('blocked 10.77.1.9 ');
    waymark('unblock', '10.77.1.9');
  });
  it('and only warns where the settings say so', { timeout: 60_000 }, async () => {
    expect(await guard.start()).toContain('the guard runs');
    const scan = `10.77.1.6 - - [${stamp(Date.now())}] "GET / HTTP/1.1" 200 1 "-" "sqlmap/1.7"\n`;
    appendFileSync(log, scan + scan);
    await expect.poll(() => guard.said, { timeout: 5000 }).toContain('warned prefix=10.77.1.6 by=scanners');
    expect(waymark('blocked', '10.77.1.6')).toBe('');
    appendFileSync(log, scan + scan);
    await expect.poll(() => guard.said, { timeout: 5000 }).toContain('blocked 10.77.1.6 ');
    waymark('unblock', '10.77.1.6');
  });
  it('and brakes when it would block too many', { timeout: 60_000 }, async () => {
    expect(await guard.start()).toContain('the guard runs');
    appendFileSync(log, [1, 2, 3, 4, 5].map((n) => probe(`198.51.100.${n}`)).join(''));
    await expect.poll(() => guard.said, { timeout: 5000 }).toContain('brake held=3 ');
    expect(waymark('blocked').trim().split('\n')).toHaveLength(2);
  });
});
