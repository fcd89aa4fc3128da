import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routeEditSchema, routeListSchema, translateSchema } from '../../src/render/index.ts';
import { whyNoLab } from '../support/lab-available.ts';
import { parseScript } from './script.ts';
import { root, runIn } from './world.ts';

const printed = (stdout: string): unknown => JSON.parse(stdout);

describe('what commands of routes print as JSON', () => {
  it.each([
    ['sudo route -n add -net 10.67.0.0/16 192.168.120.254', false],
    ['ip route add prohibit 2001:db8::/32 metric 7 table 100', false],
    ['no ip route 10.67.0.0 255.255.0.0', true],
  ])('fits the schema of route translate: %s', async (text, takesAway) => {
    const { stdout, code } = await runIn({}, ['route', 'translate', text, '--json']);
    expect(code).toBe(0);
    const json = translateSchema.strict().parse(printed(stdout));
    expect(json).toEqual(printed(stdout));
    expect(json).toMatchObject({ takesAway, left: 0 });
    expect(json.routes[0]).toMatch(takesAway ? / del / : / add /);
    expect(json.translations.length).toBeGreaterThan(25);
  });

  it('counts what is left out', async () => {
    const listing =
      'default via 10.0.0.1 dev eth0 proto dhcp\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.5\n';
    const { stdout } = await runIn({ stdin: listing }, ['route', 'translate', '-', '--to', 'ios', '--json']);
    expect(translateSchema.parse(printed(stdout))).toMatchObject({
      from: 'iproute2',
      left: 1,
      routes: [expect.anything()],
    });
  });

  it('fits the schema of route list', async () => {
    const routes = [
      { dst: '10.67.0.0/16', gateway: '10.0.0.1', dev: 'eth0', protocol: '119', flags: [] },
      { dst: 'default', gateway: '10.0.0.1', dev: 'eth0', protocol: '3', metric: 50, flags: [] },
    ];
    const commands = { 'uname -s': 'Linux', 'ip -4 -j -d -N route show table all': JSON.stringify(routes), 'ip -6 -j -d -N route show table all': '[]' }; // prettier-ignore
    const { stdout, stderr } = await runIn({ commands }, ['route', 'list', '--all', '--json']);
    expect(stderr).toBe('');
    const json = routeListSchema.strict().parse(printed(stdout));
    expect(json).toEqual(printed(stdout));
    expect(json.routes).toMatchObject([
      { prefix: '10.67.0.0/16', own: true, hops: [{ via: '10.0.0.1', dev: 'eth0' }] },
      { prefix: '0.0.0.0/0', own: false, metric: 50 },
    ]);
  });

  it('fits the schema of a change, when it is a dry run or is so already', async () => {
    const { commands } = parseScript(readFileSync(join(import.meta.dirname, 'memory/route-edit.txt'), 'utf8'));
    const dry = await runIn({ commands }, ['route', 'blackhole', '198.51.100.0/24', '--dry-run', '--json']);
    expect(routeEditSchema.strict().parse(printed(dry.stdout))).toEqual({
      asked: 'add blackhole 198.51.100.0/24',
      outcome: 'dry-run',
      commands: ['ip route add blackhole 198.51.100.0/24 proto 119'],
      keptBy: null,
      files: [],
      moved: [expect.stringContaining('198.51.100.0/24: now via 10.0.0.1')],
      dangers: [],
      change: null,
      confirm: null,
    });
    const wrong = await runIn({ commands }, ['route', 'add', '10.67.0.0/16', 'via', '10.0.0.9', '--dry-run', '--json']);
    expect(wrong).toMatchObject({ stdout: '', code: 2 });
  });
});

const reason = whyNoLab(['ip']);

describe.skipIf(reason !== null)('what a real change prints as JSON', () => {
  it('is what was done, and what there is to confirm', { timeout: 60_000 }, () => {
    const namespace = `wm-${process.pid}-json`;
    const folder = mkdtempSync(join(tmpdir(), 'wm-json-'));
    const inside = (...words: readonly string[]) =>
      spawnSync('ip', ['netns', 'exec', namespace, ...words], {
        encoding: 'utf8',
        env: { ...process.env, WAYMARK_CHANGES: folder, SSH_CONNECTION: '' },
      });
    const waymark = (...words: readonly string[]) =>
      inside(join(root, 'node_modules/.bin/tsx'), join(root, 'src/app/cli/bin.ts'), 'route', ...words, '--json');
    const edit = (...words: readonly string[]) => routeEditSchema.strict().parse(printed(waymark(...words).stdout));
    spawnSync('ip', ['netns', 'add', namespace]);
    try {
      for (const line of [
        'link set lo up',
        'link add eth0 type veth peer name eth1',
        'link set eth1 up',
        'link set eth0 up',
        'addr add 10.0.0.5/24 dev eth0',
      ])
        expect(inside('ip', ...line.split(' ')).status).toBe(0);
      const command = 'ip route add 10.68.0.0/16 via 10.0.0.9 dev eth0 proto 119';
      expect(edit('add', '10.68.0.0/16', 'via', '10.0.0.9', '-y')).toMatchObject({ outcome: 'done', commands: [command], change: 1, confirm: null }); // prettier-ignore
      expect(edit('replace', '10.68.0.0/16', 'via', '10.0.0.9', '-y')).toMatchObject({ outcome: 'so-already', commands: [], change: null }); // prettier-ignore
      const listed = routeListSchema.parse(printed(waymark('list').stdout));
      expect(listed.routes).toMatchObject([{ prefix: '10.68.0.0/16', own: true }]);
      expect(edit('del', '10.68.0.0/16', '-y')).toMatchObject({ outcome: 'done', change: 2 });
      expect(inside('ip', 'route', 'show', '10.68.0.0/16').stdout).toBe('');
    } finally {
      spawnSync('ip', ['netns', 'del', namespace]);
      rmSync(folder, { recursive: true });
    }
  });
});
