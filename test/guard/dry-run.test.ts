import { describe, expect, it } from 'vitest';
import { fakeMachine, type FakeAnswer } from '../../src/host/index.ts';
import { runOn } from '../cli/world.ts';

const SS = `0      0            10.0.0.1:80          192.0.2.7:50123
0      0            10.0.0.1:22          192.0.2.7:50124
0      0      [::ffff:10.0.0.1]:80 [::ffff:192.0.2.9]:4000
0      0       [2001:db8::1]:80     [2001:db8:5::7]:4001
`;
const FORWARDED = `tcp      6 431999 ESTABLISHED src=192.0.2.200 dst=10.0.0.5 sport=1024 dport=80 src=10.0.0.5 dst=192.0.2.200 sport=80 dport=1024 [ASSURED] mark=0 use=1
`;

async function dryRun(words: readonly string[], more: Readonly<Record<string, FakeAnswer>> = {}) {
  const machine = fakeMachine({
    files: {
      '/usr/sbin/conntrack': '',
      '/etc/waymark/guard.yaml': 'allow: [ 198.51.100.7 ]\n',
      '/tmp/list.txt': '192.0.2.7\n198.51.100.7\n192.0.2.8\n',
    },
    commands: {
      'nft -t list ruleset': '',
      'ss -Hnt state established': SS,
      'conntrack -L -f ipv4 -p tcp --state ESTABLISHED -s 192.0.2.0/24': FORWARDED,
      ...more,
    },
  });
  const before = machine.render().split(/^\$ /m)[0];
  const said = await runOn(machine, [...words, '--dry-run']);
  expect(machine.render().split(/^\$ /m)[0]).toBe(before);
  expect(machine.transcript.filter((t) => t.argv[0] === 'nft' && !t.argv.includes('list'))).toEqual([]);
  return said;
}

describe('a dry run', () => {
  it('names the open connections, and prints commands', async () => {
    const { code, stdout, stderr } = await dryRun(['block', '192.0.2.0/24', '--for', 'forever']);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'dry run: nothing was changed; no guard runs: it would be kept, and carried out when one starts\n',
    );
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      '# 192.0.2.0/24 would be shown the page until it is lifted',
      '#   3 open connections would be reset, and get the page when they come again:',
      '#   192.0.2.7:50123 to port 80',
      '#   192.0.2.9:4000 to port 80',
      '#   192.0.2.200:1024 to port 80',
      '# the way is not shown: the facts of this machine could not be read',
      "nft -f - <<'END'",
    ]);
    expect(stdout).toContain('192.0.2.0');
    expect((await dryRun(['block', '2001:db8:5::/64'])).stdout).toContain('#   [2001:db8:5::7]:4001 to port 80\n');
  });
  it('names who must not be blocked, and leaves them out of a list', async () => {
    expect(await dryRun(['block', '198.51.100.7'])).toMatchObject({ code: 2, stdout: '' });
    const list = await dryRun(['block', '--list', '/tmp/list.txt']);
    expect(list).toMatchObject({ code: 0 });
    expect(list.stderr).toContain('198.51.100.7 is left out: 198.51.100.7 is on the allow list');
    expect(list.stdout).toContain('# 192.0.2.8 would be shown the page');
    expect(list.stdout).not.toContain('198.51.100.7');
  });
});
