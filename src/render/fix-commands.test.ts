import { shellLine } from '../dialect/index.ts';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { diagnose, type Fix } from '../diagnose/index.ts';
import { loadText } from '../facts/index.ts';
import { askFor } from '../reach/index.ts';
import { roundTrip } from '../trace/index.ts';
import type { Change, Host, Network, NetworkManager } from '../model/index.ts';
import { fixCommands } from './fix-commands.ts';
import { writeLines } from './write-lines.ts';
import { office, officeFindings } from './test-support/office.ts';
import { route } from './test-support/build.ts';

const fixOf = (changes: readonly Change[]): Fix => ({ ...officeFindings[0]!.fixes[0]!, changes });

const withRouter = (over: Partial<Host>): Network => {
  const hosts = new Map(office.hosts);
  return { ...office, hosts: hosts.set('router', { ...hosts.get('router')!, ...over }) };
};

const back = { ...route('10.8.0.0/24', '10.5.5.5', 'eth0'), protocol: 'boot' };
const add = (by: 'hand' | 'dhcp' | 'push', host = 'router'): Change => ({ kind: 'add-route', host, route: back, by });

/** Whether sh can read the lines. */
const readable = (lines: readonly string[]): string => {
  const run = spawnSync('sh', ['-n'], { input: lines.join('\n') + '\n', encoding: 'utf8' });
  return run.stderr;
};

describe('fixCommands', () => {
  it.each([
    ['netplan', '/etc/netplan/90-waymark-10.8.0.0-24.yaml'],
    ['networkd', "# in the .network file that 'networkctl status eth0' names:"],
    ['ifupdown', '# in /etc/network/interfaces, below the addresses of eth0:'],
    ['nmcli', '"$(nmcli -g GENERAL.CONNECTION device show eth0)"'],
    ['unknown', '# what keeps the routes of router over a reboot is not known'],
  ] as [NetworkManager, string][])('keeps a route in the language of the box: %s', (manager, words) => {
    const { router } = fixCommands(withRouter({ manager }), fixOf([add('hand')]));
    expect(router!.apply).toEqual(['ip route add 10.8.0.0/24 via 10.5.5.5 dev eth0']);
    expect(router!.persist.join('\n')).toContain(words);
    expect(router!.undo[0]).toMatch(/^ip route del 10\.8\.0\.0\/24 via 10\.5\.5\.5 dev eth0/);
    for (const lines of Object.values(router!)) expect(readable(lines as string[])).toBe('');
  });

  it.each([
    ['br0', 'bridge', 'bridges'],
    ['bond0', 'other', 'bonds'],
    ['eth0.5', 'ethernet', 'vlans'],
    ['wlp3s0', 'ethernet', 'wifis'],
    ['eth0', 'ethernet', 'ethernets'],
  ] as const)('keeps a route of %s below the heading that netplan has it under', (name, kind, section) => {
    const dev = { ...office.hosts.get('router')!.interfaces[0]!, name, kind };
    const route: Change = {
      ...add('hand'),
      route: { ...back, nexthops: [{ ...back.nexthops[0]!, dev: name }] },
    } as Change;
    const { router } = fixCommands(withRouter({ manager: 'netplan', interfaces: [dev] }), fixOf([route]));
    expect(router!.persist).toContain(`  ${section}:`);
  });

  it('hands a route out by DHCP with the default route in it', () => {
    const commands = fixCommands(office, fixOf([add('dhcp', 'linux-server')]));
    expect(Object.keys(commands)).toEqual(['DHCP server of office']);
    expect(commands['DHCP server of office']!.apply).toContain(
      'dhcp-option=121,10.8.0.0/24,10.5.5.5,0.0.0.0/0,10.5.5.1',
    );
  });

  it('pushes a route from the OpenVPN server', () => {
    const commands = fixCommands(office, fixOf([add('push', 'laptop')]));
    expect(Object.keys(commands)).toEqual(['vpn-server']);
    expect(commands['vpn-server']!.apply[1]).toBe('#   push "route 10.8.0.0 255.255.255.0"');
  });

  it('sets and resets a setting', () => {
    const settings = new Map([
      ['ipv4/conf/eth0.5/rp_filter', { value: '1', fact: { source: 's', line: 1, text: '' } }],
    ]);
    const set: Change = { kind: 'set', host: 'router', key: 'ipv4/conf/eth0.5/rp_filter', value: '2' };
    const { router } = fixCommands(withRouter({ settings }), fixOf([set]));
    expect(router!.apply).toEqual(['sysctl -w net.ipv4.conf.eth0/5.rp_filter=2']);
    expect(router!.undo[0]).toBe('sysctl -w net.ipv4.conf.eth0/5.rp_filter=1');
    expect(router!.persist[1]).toBe('net.ipv4.conf.eth0/5.rp_filter = 2');
  });

  it('puts back what the switch for forwarding writes as well', () => {
    const fact = { source: 's', line: 1, text: '' };
    const settings = new Map([
      ['ipv4/ip_forward', { value: '0', fact }],
      ['ipv4/conf/all/accept_redirects', { value: '0', fact }],
      ['ipv4/conf/eth0/forwarding', { value: '1', fact }],
      ['ipv4/conf/eth1/forwarding', { value: '0', fact }],
    ]);
    const set: Change = { kind: 'set', host: 'router', key: 'ipv4/ip_forward', value: '1' };
    const undo = (over: typeof settings): readonly string[] =>
      fixCommands(withRouter({ settings: over }), fixOf([set]))['router']!.undo.filter((l) => !l.startsWith('#'));
    expect(undo(settings)).toEqual([
      'sysctl -w net.ipv4.ip_forward=0',
      'sysctl -w net.ipv4.conf.eth0.forwarding=1',
      'sysctl -w net.ipv4.conf.all.accept_redirects=0',
    ]);
    expect(undo(new Map())).toEqual(['sysctl -w net.ipv4.ip_forward=0']);
  });

  it('puts a removed route back in front of one that it stood before', () => {
    const own = { ...route('10.8.0.0/24', null, 'eth0'), protocol: 'kernel' };
    const remove: Change = { kind: 'remove-route', host: 'router', route: back };
    const undo = (routes: Host['routes']): string =>
      fixCommands(withRouter({ routes }), fixOf([remove]))['router']!.undo[0]!;
    expect(undo([back, own])).toBe('ip route prepend 10.8.0.0/24 via 10.5.5.5 dev eth0');
    expect(undo([back])).toBe('ip route add 10.8.0.0/24 via 10.5.5.5 dev eth0');
  });

  it('speaks iptables where the box does, else nft', () => {
    const rule = officeFindings[0]!.fixes[2]!.changes[0]! as Extract<Change, { kind: 'add-rule' }>;
    const old = fixCommands(office, fixOf([rule]))['vpn-server']!;
    expect(old.apply).toEqual(['iptables -t nat -A POSTROUTING -s 10.8.0.6 -o eth0 -j MASQUERADE']);
    expect(old.undo).toEqual(['iptables -t nat -D POSTROUTING -s 10.8.0.6 -o eth0 -j MASQUERADE']);
    const table = { ...rule.newTable!, engine: 'nftables', name: 'waymark' } as const;
    const place = { ...rule.place, table: 'waymark' };
    const young = fixCommands(office, fixOf([{ ...rule, place, newTable: table }]))['vpn-server']!;
    expect(young.apply.at(-1)).toMatch(/^nft insert rule ip waymark POSTROUTING '.*masquerade'$/);
    expect(young.undo[0]).toBe('nft delete table ip waymark');
    for (const lines of Object.values(young)) expect(readable(lines as string[])).toBe('');
  });

  it.each([
    ['ufw', ['ufw route allow in on tun0 out on eth0 from 10.8.0.0/24 to 10.5.5.0/24'], '# ufw keeps it'],
    ['firewalld', [expect.stringMatching(/^nft add rule inet firewalld /)], '# firewalld forgets it'],
  ])('leaves it to %s, which keeps rules of its own', (name, apply, kept) => {
    const text = readFileSync(new URL(`../../test/scenario/${name}.yaml`, import.meta.url), 'utf8');
    const network = loadText(text, name, { read: () => null, list: () => [] }).value;
    const question = askFor(network, 'laptop', 'linux-server', { protocol: 'icmp', port: 0 });
    if (!question.ok) throw new Error(question.message);
    const [finding] = diagnose(network, question.value, roundTrip(network, question.value));
    const commands = fixCommands(network, finding!.fixes[0]!)['vpn-server']!;
    expect(commands.apply).toEqual(apply);
    expect(commands.persist).toEqual([expect.stringContaining(kept)]);
    expect(commands.undo.join('\n')).not.toContain('nftables.conf');
  });

  it('gathers changes by box and undoes them backwards', () => {
    const other = { ...back, prefix: route('10.9.0.0/24', null, 'eth0').prefix };
    const { router } = fixCommands(
      office,
      fixOf([add('hand'), { kind: 'remove-route', host: 'router', route: other }]),
    );
    expect(router!.apply.map((l) => l.split(' ')[2])).toEqual(['add', 'del']);
    expect(router!.undo.filter((l) => l.startsWith('ip')).map((l) => l.split(' ')[2])).toEqual(['add', 'del']);
  });
});

describe('shell words', () => {
  it('come back as they were', () => {
    const word = fc.string({ unit: 'binary' }).filter((w) => !/[\u0000\ud800-\udfff]/.test(w));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
        const run = spawnSync('sh', ['-c', `printf '%s\\0' ${shellLine(words)}`], { encoding: 'utf8' });
        expect(run.stdout.split('\u0000').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });
  it('write a file as it is, whatever stands in it', () => {
    const [head, ...rest] = writeLines('/tmp/a b', '>', 'EOF\n$HOME `x`\n');
    expect(head).toBe("cat > '/tmp/a b' <<'EOF_'");
    const run = spawnSync('sh', ['-c', ["cat <<'EOF_'", ...rest].join('\n')], { encoding: 'utf8' });
    expect(run.stdout).toBe('EOF\n$HOME `x`\n');
  });
});
