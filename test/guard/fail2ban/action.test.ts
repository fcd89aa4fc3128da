import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../../support/lab-available.ts';
import { isFail2banHere } from '../../support/fail2ban/installed.ts';
import { builtInto, GuardProcess } from '../guard-process.ts';
import { makeSite, type Site } from '../site.ts';

const reason = whyNoLab(['ip', 'nft', 'setpriv', 'flock']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-fail2ban-'));
const settings = join(folder, 'guard.yaml');
const config = join(folder, 'fail2ban');
const log = join(folder, 'shop.log');
afterAll(() => rmSync(folder, { recursive: true }));

const client = (...words: string[]): string => {
  const files = ['-c', config, '-s', join(folder, 'f2b.sock'), '-p', join(folder, 'f2b.pid')];
  const { stdout, stderr } = spawnSync('fail2ban-client', [...files, ...words], { encoding: 'utf8' });
  return stdout + stderr;
};

function writeConfig(): void {
  for (const part of ['filter.d', 'action.d']) mkdirSync(join(config, part), { recursive: true });
  const action = resolve(import.meta.dirname, '../../../share/fail2ban/waymark.py');
  copyFileSync(action, join(config, 'action.d/waymark.py'));
  writeFileSync(
    join(config, 'fail2ban.conf'),
    `[Definition]\nloglevel = INFO\nlogtarget = ${folder}/f2b.log\nsyslogsocket = auto\nsocket = ${folder}/f2b.sock\npidfile = ${folder}/f2b.pid\ndbfile = None\ndbmaxmatches = 10\n`,
  );
  writeFileSync(join(config, 'filter.d/shop.conf'), '[Definition]\nfailregex = ^\\s*no login for .* from <ADDR>$\n');
  writeFileSync(
    join(config, 'jail.conf'),
    `[DEFAULT]\nport = http\nprotocol = tcp\nchain = INPUT\naction = %(banaction)s[port="%(port)s", protocol="%(protocol)s", chain="%(chain)s", socket="${folder}/guard.sock"]\nbanaction = waymark.py\nusedns = no\nignoreself = false\n[shop]\nenabled = true\nbackend = polling\nfilter = shop\nlogpath = ${log}\nmaxretry = 2\nfindtime = 600\nbantime = 900\n`,
  );
}

describe.skipIf(reason !== null || !isFail2banHere)("fail2ban's bans", () => {
  let site: Site;
  let guard: GuardProcess;
  let server: ReturnType<typeof spawn>;
  beforeAll(async () => {
    site = await makeSite();
    writeConfig();
    writeFileSync(log, '');
    writeFileSync(
      settings,
      `ports: [ { site: 80, page: 28080 } ]\nallow: [ 192.0.2.77 ]\nfolder: ${folder}/state\nsocket: ${folder}/guard.sock\n`,
    );
    chmodSync(folder, 0o755);
    guard = new GuardProcess({ namespace: site.namespaces.site, program: builtInto(folder), settings });
    await guard.start();
    const files = ['-c', config, '-s', join(folder, 'f2b.sock'), '-p', join(folder, 'f2b.pid')];
    server = spawn('ip', ['netns', 'exec', site.namespaces.site, 'fail2ban-server', '-f', ...files, 'start']);
    await until(() => client('ping').includes('pong'));
  }, 60_000);
  afterEach(async () => guard.end());
  afterAll(async () => {
    client('stop');
    server.kill();
    await site.remove();
  });

  const blocked = (): readonly { prefix: string; by: string; evidence: string[]; until: number }[] =>
    JSON.parse(guard.waymark('blocked', '--json').out || '[]') as never[];

  it('become decisions with reason, end and lines; unbans lift them; nobody who is allowed is among them', async () => {
    const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
    const evil = `$(touch ${folder}/owned);'"\\`;
    for (const address of ['192.0.2.1', '2001:db8::1', '192.0.2.77'])
      appendFileSync(log, `${at} no login for ${evil} from ${address}\n`.repeat(2));
    await until(() => blocked().length >= 2);
    await until(() => client('status', 'shop').includes('192.0.2.77'));
    const found = blocked();
    expect(found.map((d) => d.prefix).sort()).toEqual(['192.0.2.1/32', '2001:db8::1/128']);
    expect(found[0]).toMatchObject({ by: 'fail2ban shop' });
    expect(found[0]!.evidence.join('\n')).toContain(evil);
    expect(existsSync(join(folder, 'owned'))).toBe(false);
    expect(Math.abs(found[0]!.until - Date.now() - 900_000)).toBeLessThan(30_000);
    client('set', 'shop', 'unbanip', '192.0.2.1');
    await until(() => blocked().length === 1);
    const many = Array.from({ length: 2000 }, (_, i) => `198.51.${100 + (i >> 8)}.${i & 255}`);
    const start = performance.now();
    client('set', 'shop', 'banip', ...many);
    await until(() => blocked().length >= 2001);
    const ms = performance.now() - start;
    console.log(`2,000 bans through fail2ban's action: ${Math.round(2_000_000 / ms)} a second`);
    expect(ms).toBeLessThan(20_000);
  }, 60_000);
});

/** Waits until it is so, 20 seconds at most. */
async function until(isSo: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!isSo()) {
    if (performance.now() > end) throw new Error('it did not come to it');
    await new Promise((done) => setTimeout(done, 100));
  }
}
