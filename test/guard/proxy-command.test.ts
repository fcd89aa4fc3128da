import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { FROM_SOURCE, GuardProcess } from './guard-process.ts';
import { makeProxySite, type Proxy, type ProxySite } from './proxy-site.ts';
import { SITE } from './site.ts';

const HERE = (['nginx', 'haproxy'] as const).filter((p) => whyNoLab(['ip', 'setpriv', 'flock', p]) === null);

const ASK = `
const [from, to, method, path, body] = process.argv.slice(1);
const headers = { Accept: 'text/plain', 'X-Waymark-Address': '1.2.3.4', 'Content-Type': 'application/x-www-form-urlencoded' };
const r = require('node:http').request({ method, host: to, path, localAddress: from, headers, timeout: 3000 }, (answer) => {
  let said = '';
  answer.on('data', (d) => (said += d)).on('end', () => console.log(answer.statusCode + ' ' + said));
});
r.on('error', (e) => console.log(e.code)).on('timeout', () => r.destroy(new Error('timeout')));
r.end(body);
`;

describe.skipIf(HERE.length === 0).each(HERE)('the guard with engine: %s', (name: Proxy) => {
  let site: ProxySite;
  let guard: GuardProcess;
  const own = mkdtempSync(join(tmpdir(), 'waymark-proxied-'));
  const settings = join(own, 'guard.yaml');
  beforeAll(async () => {
    site = await makeProxySite(name);
    const place =
      name === 'nginx'
        ? `nginx: { folder: ${site.folder}, config: ${site.config} }`
        : `haproxy: { folder: ${site.folder}, socket: ${site.folder}/../socket }`;
    writeFileSync(
      settings,
      `engine: ${name}\n${place}\nports: [ { site: 80, page: 18090 } ]\nfolder: ${own}/state\nsocket: ${own}/g.sock\n`,
    );
    spawnSync('chmod', ['755', own]);
    guard = new GuardProcess({ namespace: site.namespaces.site, program: FROM_SOURCE, settings });
    expect(await guard.start()).toBe(`the guard runs: 0 decisions, ${name}\n`);
    // the backend's port is in the file that HAProxy reads when it starts
    if (name === 'haproxy') await site.stopProxy();
    if (name === 'haproxy') await site.startProxy();
  });
  afterAll(async () => {
    await guard.end();
    await site.remove();
    rmSync(own, { recursive: true });
  });
  const waymark = (...words: string[]): string => {
    const { out, err } = guard.waymark(...words);
    return out + err;
  };
  const ask = (from: string, method = 'GET', path = '/', body = ''): string => {
    const to = from.includes(':') ? SITE[6] : SITE[4];
    const argv = ['netns', 'exec', site.namespaces.visitors, process.execPath, '-e', ASK, from, to, method, path, body];
    return spawnSync('ip', argv, { encoding: 'utf8' }).stdout;
  };

  it(
    'shows a blocked visitor the page about their own address, and takes their appeal',
    { timeout: 60_000 },
    async () => {
      expect(ask('10.77.0.2')).toContain('200 site');
      waymark('block', '10.77.0.2', 'fd77::2', '--ref', 'K7P-4QD', '--reason', 'Too many failed logins', '--force');
      await expect.poll(() => ask('fd77::2'), { timeout: 5000 }).toMatch(/^403 /);
      const page = ask('10.77.0.2');
      for (const words of ['Too many failed logins', 'K7P-4QD', ' 10.77.0.2\n']) expect(page).toContain(words);
      expect(ask('fd77::2')).toContain(' fd77::2\n');
      expect(ask('10.77.1.2')).toContain('200 site');
      expect(ask('10.77.0.2', 'POST', '/.well-known/waymark-appeal', 'message=please')).toMatch(/^200 Thank you/);
      expect(JSON.parse(waymark('appeals', '--json'))).toMatchObject([{ address: '10.77.0.2', message: 'please' }]);
      waymark('unblock', '10.77.0.2');
      await expect.poll(() => ask('10.77.0.2'), { timeout: 5000 }).toMatch(/^200 site/);
    },
  );
});
