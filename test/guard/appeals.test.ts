import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { appealsSchema } from '../../src/render/index.ts';
import { FROM_SOURCE, GuardProcess } from './guard-process.ts';
import { makeSite, SITE, type Site } from './site.ts';

const reason = whyNoLab(['ip', 'nft', 'setpriv', 'flock']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-appeals-'));
const settings = join(folder, 'guard.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

const POST = `
const [from, to, path, ...form] = process.argv.slice(1);
const headers = { Accept: 'text/plain', 'Content-Type': 'application/x-www-form-urlencoded' };
const r = require('node:http').request({ method: 'POST', host: to, path, localAddress: from, headers, timeout: 3000 }, (answer) => {
  let body = '';
  answer.on('data', (d) => (body += d)).on('end', () => console.log(answer.statusCode + ' ' + body.split('\\n')[0]));
});
r.on('error', (e) => console.log(e.code)).on('timeout', () => r.destroy(new Error('timeout')));
r.end(form[0]);
`;

// what else answers there stands in for the site
describe.skipIf(reason !== null)('an appeal', () => {
  let site: Site;
  let guard: GuardProcess;
  beforeAll(async () => {
    site = await makeSite();
    writeFileSync(
      settings,
      `ports: [ { site: 80, page: 28080 } ]\nfolder: ${folder}/state\nsocket: ${folder}/g.sock\n`,
    );
    spawnSync('chmod', ['755', folder]);
    guard = new GuardProcess({ namespace: site.namespaces.site, program: FROM_SOURCE, settings });
    expect(await guard.start()).toContain('the guard runs');
  });
  afterAll(async () => {
    await guard.end();
    await site.remove();
  });
  const waymark = (...words: string[]): ReturnType<GuardProcess['waymark']> => guard.waymark(...words);
  const post = (from: string, form: string, path = '/.well-known/waymark-appeal'): string => {
    const to = from.includes(':') ? SITE[6] : SITE[4];
    const argv = ['netns', 'exec', site.namespaces.visitors, process.execPath, '-e', POST, from, to, path, form];
    return spawnSync('ip', argv, { encoding: 'utf8' }).stdout.trim();
  };

  it('goes from the page to whoever runs the site', { timeout: 60_000 }, () => {
    expect(waymark('appeals')).toMatchObject({ code: 1, out: '', err: 'nobody has written\n' });
    waymark('block', '10.77.0.2', 'fd77::/64', '--ref', 'K7P-4QD', '--force');
    expect(post('10.77.0.2', 'message=It+was+n%6ft+me%0D%0A%1b[31m&contact=me%40example.org')).toMatch(
      /^200 Thank you/,
    );
    expect(post('fd77::2', `message=${'%E2%82%AC'.repeat(2000)}`)).toMatch(/^200 Thank you/);
    expect(post('fd77::2', `message=${'x'.repeat(2001)}`)).toMatch(/^400 /);
    expect(post('fd77::2', `message=${'x'.repeat(90_000)}`)).toMatch(/^400 /);
    expect(post('fd77::2', 'nothing')).toMatch(/^400 /);
    expect(post('10.77.0.2', 'message=x', '/elsewhere')).toMatch(/^403 Your access/);
    expect([1, 2, 3].map(() => post('10.77.0.2', 'message=again').slice(0, 3))).toEqual(['200', '200', '429']);
    const listed = waymark('appeals');
    expect(listed).toMatchObject({ code: 0, err: '' });
    expect(listed.out.split('\n')[0]).toMatch(/^1 {2}\d{4}-.* UTC {2}10\.77\.0\.2 +K7P-4QD {2}It was not me \[31m$/);
    expect(waymark('appeals', '1').out).toContain('reply to  me@example.org\n  | It was not me\n');
    const json: unknown = JSON.parse(waymark('appeals', '--json').out);
    expect(appealsSchema.parse(json)).toEqual(json);
    expect(json).toMatchObject([
      { id: 1, address: '10.77.0.2', prefix: '10.77.0.2/32', answered: null },
      { id: 2, address: 'fd77::2', prefix: 'fd77::/64', message: '€'.repeat(2000) },
      { id: 3 },
      { id: 4 },
    ]);
    expect(waymark('appeals', '1', '3', '--answered')).toMatchObject({
      code: 0,
      out: 'appeal 1 is answered\nappeal 3 is answered\n',
    });
    expect(waymark('appeals', '4', '9', '--remove')).toMatchObject({ code: 1, err: 'there is no appeal 9\n' });
    expect(waymark('appeals').out).toMatch(/^2 .*\n$/);
    const all: unknown = JSON.parse(waymark('appeals', '--all', '--json').out);
    expect(appealsSchema.parse(all)).toEqual(all);
    expect(waymark('appeals', '--all').out).toMatch(/^1 .*\n2 .*\n3 .*\n$/);
  });
});
