import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { whyNoLab } from '../support/lab-available.ts';
import { builtInto, GuardProcess } from './guard-process.ts';
import { makeSite, type Site } from './site.ts';

const reason = whyNoLab(['ip', 'nft', 'iptables', 'ipset', 'setpriv', 'flock', 'ss']);
const folder = mkdtempSync(join(tmpdir(), 'waymark-check-'));
const settings = join(folder, 'guard.yaml');
afterAll(() => rmSync(folder, { recursive: true }));

// one firewall, told twice: it takes in what the site serves, and drops the rest
const DROPS = `table inet mine {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iif lo accept
    meta l4proto { icmp, icmpv6 } accept
    tcp dport { 22, 80, 443 } accept
  }
}
`;
const iptables = (icmp: string): string => `*filter
:INPUT DROP [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -i lo -j ACCEPT
-A INPUT -p ${icmp} -j ACCEPT
-A INPUT -p tcp -m multiport --dports 22,80,443 -j ACCEPT
COMMIT
`;

describe.skipIf(reason !== null)('guard check and dry runs, beside a firewall that drops', () => {
  let site: Site;
  let guard: GuardProcess;
  beforeAll(async () => {
    site = await makeSite();
    for (const [family, via] of [
      ['-4', '10.77.1.2'],
      ['-6', 'fd77:0:0:1::2'],
    ] as const)
      await ran(['ip', family, 'route', 'add', 'default', 'via', via]);
    chmodSync(folder, 0o755);
    guard = new GuardProcess({ namespace: site.namespaces.site, program: builtInto(folder), settings });
  }, 60_000);
  afterEach(async () => {
    await guard.end();
    await ran(['nft', 'flush', 'ruleset']);
    await site.machine.run(['ipset', 'destroy']);
  });
  afterAll(() => site.remove());

  async function ran(argv: readonly string[], stdin = ''): Promise<void> {
    expect(await site.machine.run(argv, { stdin })).toMatchObject({ code: 0 });
  }
  const setUp = (engine: string, more = ''): void =>
    writeFileSync(
      settings,
      `engine: ${engine}\nports: [ { site: 80, page: 28080 }, { site: 443, page: 28443, tls: false } ]\nfolder: ${folder}/state\nsocket: ${folder}/guard.sock\n${more}`,
    );
  /** The faults of `guard check` with their hints, as lines. */
  const check = (): readonly string[] => guard.waymark('guard', 'check').err.trimEnd().split('\n');

  it.each(['nft', 'iptables'])(
    'says that it drops the page, and what lets it in: %s',
    { timeout: 60_000 },
    async (engine) => {
      setUp(engine);
      expect(guard.waymark('guard', 'check')).toMatchObject({ code: 0, out: 'the guard can run\n' });
      if (engine === 'nft') await ran(['nft', '-f', '-'], DROPS);
      else {
        await ran(['iptables-restore'], iptables('icmp'));
        await ran(['ip6tables-restore'], iptables('ipv6-icmp'));
      }
      const before = (await site.machine.run(['nft', 'list', 'ruleset'])).stdout;
      const said = check();
      expect((await site.machine.run(['nft', 'list', 'ruleset'])).stdout).toBe(before);
      expect(said.filter((l) => l.startsWith('error'))).toEqual([
        expect.stringMatching(
          /^error\[page-filtered\] .*guard\.yaml:2:\d+: the firewall of this machine stops blocked visitors of port 80 \(the page's port 28080\) on their way to the page, over IPv4/,
        ),
        expect.stringMatching(/^error\[page-filtered\] .*port 443 \(the page's port 28443\)/),
      ]);
      // what the hint says is enough for both families of nft's table, and for IPv4's own of iptables
      await expect(visitBlocked()).resolves.toBe('timeout');
      const hints = said.filter((l) => l.includes('let them in:')).map((l) => l.replace(/^.*let them in: /, ''));
      expect(hints).toHaveLength(2);
      for (const hint of hints) await ran(['sh', '-ec', hint]);
      await expect(visitBlocked()).resolves.not.toBe('timeout');
      const left = check().filter((l) => l.startsWith('error'));
      expect(left.filter((l) => l.includes('over IPv4'))).toEqual([]);
      expect(left).toHaveLength(engine === 'nft' ? 0 : 2);
    },
  );

  /** What a blocked visitor of port 80 comes to, while a guard runs. */
  async function visitBlocked(): Promise<string> {
    expect(await guard.start()).toContain('the guard runs');
    expect(guard.waymark('block', '10.77.0.3').code).toBe(0);
    const seen = await site.visit('10.77.0.3', 80);
    expect(guard.waymark('unblock', '10.77.0.3').code).toBe(0);
    await guard.end();
    return seen;
  }

  it.each(['nft', 'iptables'])(
    'traces all ports of all who would be blocked, though no guard runs: %s',
    { timeout: 60_000 },
    (engine) => {
      setUp(engine);
      const { out, code, err } = guard.waymark('block', '10.77.0.2', '10.77.0.3', '--dry-run');
      expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('no guard runs') as string });
      const text = out.replace(/\s*\n#\s*/g, ' ');
      for (const [port, page] of [
        [80, 28080],
        [443, 28443],
      ] as const) {
        expect(text).toContain(`the way of 10.77.0.2 to port ${port}, as it is:`);
        expect(text).toContain(`destination 10.77.0.1:${port} becomes 10.77.0.1:${page}`);
        expect(out).toContain(`# the way of 10.77.0.3 to port ${port}: as that of 10.77.0.2\n`);
      }
      expect(text).toContain('once a guard runs and it is blocked:');
    },
  );

  it('traces the first ones of many, and says how many more there are', { timeout: 60_000 }, () => {
    setUp('nft');
    const all = Array.from({ length: 22 }, (_, i) => `10.77.2.${i + 1}`);
    const { out } = guard.waymark('block', ...all, '--dry-run');
    expect(out.match(/^# the way of /gm)).toHaveLength(40);
    expect(out).toContain('# the ways of 2 more are not traced\n');
  });

  it('says plainly that a proxy shows the page by itself', () => {
    setUp('nginx', 'visitor-address: x-forwarded-for\nproxies: [ 192.0.2.1 ]\n');
    const { out } = guard.waymark('block', '10.77.0.2', '--dry-run');
    expect(out).toContain(
      '# the way of packets stays as it is: nginx itself sends the requests of these visitors to the page on port 28080',
    );
    expect(out).not.toContain('as it is:\n');
  });

  it('says who has the port on which page servers would ask', { timeout: 60_000 }, () => {
    setUp('nft', 'delivery: { servers: [ { address: 10.77.0.3 } ], ask: { address: 10.77.0.1, port: 18080 } }\n');
    expect(check()).toContainEqual(
      expect.stringMatching(
        /^error\[port-taken\] .*guard\.yaml:5:\d+: node \(process \d+\) listens on port 18080 already/,
      ),
    );
    setUp('nft', 'delivery: { servers: [ { address: 10.77.0.3 } ], ask: { address: 10.77.0.1, port: 18079 } }\n');
    expect(check().filter((l) => l.startsWith('error'))).toEqual([]);
  });
});
