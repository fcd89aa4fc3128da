import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';

const root = resolve(import.meta.dirname, '../..');
const pictures = mkdtempSync(join(tmpdir(), 'waymark-pictures-'));
const own = mkdtempSync(join(tmpdir(), 'waymark-website-'));
afterAll(() => [pictures, own].forEach((folder) => rmSync(folder, { recursive: true })));

/** Width and height of a PNG. */
const sizeOf = (name: string): string => {
  const bytes = readFileSync(join(pictures, name));
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return `${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`;
};
const namespaces = (): string => spawnSync('ip', ['netns', 'list'], { encoding: 'utf8' }).stdout;

/** What runs from the folder where the script puts all that is its own. */
const processes = (): readonly string[] =>
  spawnSync('ps', ['axo', 'args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(own));

describe.skipIf(whyNoLab(['ip', 'nft', 'nginx', 'setpriv', 'flock', 'chromium']) !== null)('examples/website', () => {
  it('shows the site to one and the page to the other, and leaves nothing behind', { timeout: 240_000 }, () => {
    const waymark = `${process.execPath} --import tsx ${join(root, 'src/app/cli/bin.ts')}`;
    const env = { ...process.env, WAYMARK: waymark, TMPDIR: own };
    // as /tmp is: the page has another user
    chmodSync(own, 0o1777);
    const run = spawnSync('sh', ['examples/website/run.sh', pictures], { cwd: root, env, encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
    expect(processes()).toEqual([]);
    expect(readdirSync(own).filter((name) => name.startsWith("tmp."))).toEqual([]);
    const [, ordinary, blocked] = run.stdout.split('\n== ');
    expect(ordinary).toMatch(/^the ordinary visitor gets\n200 /);
    expect(ordinary).toContain('Juniper Books</h1>');
    expect(blocked).toMatch(/^the blocked visitor gets\n403 /);
    for (const words of ['Too many failed logins', 'K7P-4QD', ' 192.0.2.7\n', 'help@juniper.example'])
      expect(blocked).toContain(words);
    expect(readdirSync(pictures)).toHaveLength(5);
    expect(sizeOf('blocked.png')).toBe('1100x1000');
    // the page is not the site, dark is not light, and none of them is empty
    const all = readdirSync(pictures).map((name) => readFileSync(join(pictures, name)));
    expect(new Set(all.map((bytes) => bytes.toString('latin1'))).size).toBe(5);
    for (const bytes of all) expect(bytes.length).toBeGreaterThan(10_000);
    expect(namespaces()).not.toMatch(new RegExp(`^wm-${String(run.pid)}-`, 'm'));
  });
});
