import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRoute } from '../dialect/index.ts';
import { formatAddress, formatPrefix } from '../ip/index.ts';
import type { Host } from '../model/index.ts';
import { parseBundle, type Bundle, type BundleSection } from './bundle.ts';
import { hostFromBundle } from './host-from-bundle.ts';

const HOSTS = ['laptop', 'site-b', 'router', 'vpn-server', 'linux-server'] as const;
const golden = (name: string): string => readFileSync(new URL(`golden/${name}.facts`, import.meta.url), 'utf8');
const bundleOf = (name: string): Bundle => {
  const { value, diagnostics } = parseBundle(golden(name), `${name}.facts`);
  expect(diagnostics).toEqual([]);
  return value;
};
const addresses = (host: Host): string[] =>
  host.interfaces
    .filter((i) => i.kind !== 'loopback')
    .map((i) => `${i.name} ${i.addresses.map((a) => `${formatAddress(a.address)}/${a.length}`)[0] ?? '-'}`);
const tables = (host: Host): string[] =>
  host.ruleset.tables.map((t) => `${t.engine} ${t.family} ${t.name}: ${[...t.chains.keys()].join(' ')}`);

/** A bundle with these sections only. */
const sections = (list: Readonly<Record<string, string | Partial<BundleSection>>>): Bundle => ({
  source: 'x.facts',
  firstLine: 1,
  sections: Object.entries(list).map(([command, s]) => ({
    ...{ command, text: '', firstLine: 2, errors: [], code: 0 },
    ...(typeof s === 'string' ? { text: s } : s),
  })),
});
const BASE = {
  'ip -j -d addr show': '[]',
  'ip -4 -j -d -N route show table all': '[]',
  'nft -j list ruleset': '{"nftables": []}',
};
const from = (list: Parameters<typeof sections>[0]) => hostFromBundle(sections({ ...BASE, ...list }));

describe('the office', () => {
  it.each(HOSTS)('%s is read without a complaint', (name) => {
    const { value, diagnostics } = hostFromBundle(bundleOf(name));
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({ name, knowledge: 'collected', manager: 'unknown', ruleset: { known: true } });
    expect(value.settings.get('ipv4/conf/all/rp_filter')?.value).toBe('0');
    expect(value.rules.filter((r) => r.priority === 0).map((r) => r.family)).toEqual([4, 6]);
  });

  it('has the server with its clients, and the networks behind them', () => {
    const host = hostFromBundle(bundleOf('vpn-server')).value;
    expect(addresses(host)).toEqual(['eth0 10.5.5.5/24', 'tun0 10.8.0.1/24']);
    expect(host.interfaces[1]!.peer).toMatchObject({ namespace: 'office' });
    expect(host.routes.map(formatRoute)).toContain('192.168.50.0/24 via 10.8.0.2 dev tun0');
    expect(host.settings.get('ipv4/ip_forward')).toMatchObject({
      value: '1',
      fact: { source: 'vpn-server.facts: grep -H . /proc/sys/net', line: 1 },
    });
    expect(tables(host)).toEqual(['iptables ip filter: INPUT FORWARD OUTPUT']);
    const [server] = host.openvpn;
    expect(server).toMatchObject({
      role: 'server',
      dev: 'tun0',
      topology: 'subnet',
      port: 1194,
      statusKnown: true,
      dco: false,
    });
    expect(server!.serverPrefixes.map(formatPrefix)).toEqual(['10.8.0.0/24', 'fd00:8::/64']);
    expect(server!.fact).toEqual({
      source: 'vpn-server.facts: /etc/openvpn/server/server.conf',
      line: 6,
      text: 'server 10.8.0.0 255.255.255.0',
    });
    expect(
      server!.clients
        .map((c) => `${c.commonName} ${c.connected} ${c.addresses.map(formatAddress).sort().join()}`)
        .sort(),
    ).toEqual(['laptop true 10.8.0.2,fd00:8::1000', 'site-b true 10.8.0.50,fd00:8::50']);
    expect(
      server!.clients
        .find((c) => c.commonName === 'site-b')!
        .iroutes.map((i) => formatPrefix(i.prefix))
        .sort(),
    ).toEqual(['192.168.50.0/24', 'fd00:50::/64']);
  });

  it('has the laptop, whose tunnel got its name and address while it ran', () => {
    const host = hostFromBundle(bundleOf('laptop')).value;
    const [client] = host.openvpn;
    expect(client).toMatchObject({
      role: 'client',
      dev: 'tun0',
      topology: 'subnet',
      remotes: [{ host: '203.0.113.1', port: 1194 }],
    });
    expect(client!.addresses.map(formatAddress)).toEqual(['10.8.0.2', 'fd00:8::1000']);
    expect(host.routes.map(formatRoute)).toContain('10.5.5.0/24 via 10.8.0.1 dev tun0');
  });

  it('has filters and sets, each table once', () => {
    expect(tables(hostFromBundle(bundleOf('router')).value)).toEqual(['nftables ip gw: pre post']);
    const linux = hostFromBundle(bundleOf('linux-server')).value;
    expect(tables(linux)).toEqual(['iptables ip filter: INPUT FORWARD OUTPUT']);
    expect([...linux.ruleset.ipsets.keys()]).toEqual(['office']);
    expect(linux.rules.find((r) => r.mark)).toMatchObject({
      mark: { value: 0x65 },
      action: { kind: 'table', table: 100 },
    });
    expect(linux.routes.find((r) => r.table === 100)).toBeDefined();
  });

  it('never holds a secret', () => {
    for (const name of [...HOSTS, 'vpn-server-without-root'])
      expect(golden(name)).not.toMatch(/hunter2|PRIVATE KEY|BEGIN|[0-9A-F]{2}(:[0-9A-F]{2}){8}/);
  });
});

describe('without root', () => {
  it('says what could not be read, and knows the rest', () => {
    const { value, diagnostics } = hostFromBundle(bundleOf('vpn-server-without-root'));
    expect(new Set(diagnostics.map((d) => `${d.severity} ${d.code}`))).toEqual(new Set(['warning privilege-missing']));
    expect(diagnostics.find((d) => d.message.startsWith('nft'))?.span).toMatchObject({
      text: '=== nft -j list ruleset',
    });
    expect(value.ruleset).toMatchObject({ known: false, tables: [] });
    expect(value.openvpn).toEqual([]);
    expect(addresses(value)).toEqual(['eth0 10.5.5.5/24', 'tun0 10.8.0.1/24']);
  });
});

describe('packet filters', () => {
  const save = (version: string): string =>
    `# Generated by iptables-save ${version} on Sun\n*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j DROP\nCOMMIT\n`;
  const native = JSON.stringify({
    nftables: [
      { table: { family: 'ip', name: 'filter', handle: 1 } },
      {
        chain: {
          family: 'ip',
          table: 'filter',
          name: 'INPUT',
          handle: 1,
          type: 'filter',
          hook: 'input',
          prio: 0,
          policy: 'accept',
        },
      },
      {
        rule: {
          family: 'ip',
          table: 'filter',
          chain: 'INPUT',
          handle: 2,
          expr: [{ xt: { type: 'match', name: 'x' } }, { drop: null }],
        },
      },
    ],
  });
  const known = (list: Parameters<typeof sections>[0]): boolean => from(list).value.ruleset.known;
  const gone = { code: 127, errors: ['not found'] };
  const denied = { code: 4, errors: ['Permission denied (you must be root)'] };

  it('are counted once, with what is to be said of them', () => {
    const { value, diagnostics } = from({ 'iptables-save': save('v1.8.9 (nf_tables)'), 'nft -j list ruleset': native });
    expect(tables(value)).toEqual(['iptables ip filter: INPUT']);
    expect(diagnostics.filter((d) => d.code === 'line-not-modelled')).toEqual([]);
    expect(tables(from({ 'iptables-save': gone, 'nft -j list ruleset': native }).value)).toEqual([
      'nftables ip filter: INPUT',
    ]);
  });
  it('of both iptables are told apart', () => {
    const nf = save('v1.8.9 (nf_tables)');
    const legacy = save('v1.8.9');
    expect(from({ 'iptables-save': nf, 'iptables-legacy-save': legacy }).value.ruleset.tables).toHaveLength(2);
    expect(from({ 'iptables-save': legacy, 'iptables-legacy-save': legacy }).value.ruleset.tables).toHaveLength(1);
  });
  it('are known when something answered and nothing refused', () => {
    expect(known({ 'iptables-save': gone, 'ip6tables-save': gone })).toBe(true);
    expect(known({ 'nft -j list ruleset': gone, 'iptables-save': '' })).toBe(true);
    expect(known({ 'nft -j list ruleset': gone, 'iptables-save': gone })).toBe(false);
    expect(known({ 'nft -j list ruleset': denied, 'iptables-save': '' })).toBe(false);
    expect(known({ 'iptables-legacy-save': gone })).toBe(false);
  });
});

describe('OpenVPN', () => {
  const process = 'openvpn process 7 in /etc/openvpn';
  const conf = 'file /etc/openvpn/server.conf';

  it('takes its files from where it runs', () => {
    const { value, diagnostics } = from({
      [process]: 'config "server.conf"\nstatus "/run/status"\n',
      [conf]: 'server 10.8.0.0 255.255.255.0\nclient-config-dir /etc/ccd/\n',
      'ls /etc/ccd': 'a b\nsub\n',
      'file /etc/ccd/a b': 'iroute 192.168.50.0 255.255.255.0\n',
      'file /etc/ccd/sub/c': 'iroute 192.168.60.0 255.255.255.0\n',
      'file /run/status': { code: 1, errors: ['cat: /run/status: No such file or directory'] },
    });
    expect(value.openvpn).toMatchObject([{ role: 'server', statusKnown: false, clients: [{ commonName: 'a b' }] }]);
    expect(diagnostics.filter((d) => d.message.includes('/run/status'))).toMatchObject([{ code: 'command-failed' }]);
  });
  it('asks the management socket where there is no status file', () => {
    const status =
      'TITLE,OpenVPN 2.6.14\nHEADER,CLIENT_LIST,Common Name,Real Address\nCLIENT_LIST,a,192.0.2.1:5\nEND\n';
    const { value } = from({
      [process]: 'server 10.8.0.0 255.255.255.0\nmanagement m unix',
      'management /etc/openvpn/m': status,
    });
    expect(value.openvpn).toMatchObject([{ statusKnown: true, clients: [{ commonName: 'a', connected: true }] }]);
  });
  it('that has just ended is passed over', () => {
    expect(from({ [process]: '\n' }).value.openvpn).toEqual([]);
  });
  it('that does not run is named', () => {
    const { value, diagnostics } = from({ [conf]: 'client\n' });
    expect(value.openvpn).toEqual([]);
    expect(diagnostics.filter((d) => d.code === 'openvpn-not-running')).toMatchObject([{ severity: 'note' }]);
  });
});

describe('who keeps the network', () => {
  const eth0 = JSON.stringify([
    { ifindex: 2, ifname: 'eth0', flags: ['UP'], link_type: 'ether', mtu: 1500, addr_info: [] },
  ]);
  it.each([
    ['running systemd-network\nfile /etc/netplan/01.yaml\n', 'netplan'],
    ['file /etc/netplan/01.yaml\n', 'unknown'],
    ['running systemd-network\n', 'networkd'],
    ['running NetworkManager\n', 'nmcli'],
    ['running NetworkManager\niface lo inet loopback\niface eth0 inet static\n', 'ifupdown'],
    ['running NetworkManager\niface lo inet loopback\niface eth9 inet dhcp\n', 'nmcli'],
    ['', 'unknown'],
  ])('%j: %s', (managers, expected) => {
    expect(from({ managers, 'ip -j -d addr show': eth0 }).value.manager).toBe(expected);
  });
});

it('takes the plain text of an ip without JSON, where there is a parser for it', () => {
  const { value, diagnostics } = hostFromBundle(
    sections({
      'ip addr show': '1: lo: <LOOPBACK,UP> mtu 65536\n',
      'ip -4 route show table all': 'default via 10.5.5.1 dev eth0 \n',
      'ip -4 rule show': '0:\tfrom all lookup local \n32766:\tfrom all lookup main \n',
    }),
  );
  expect(value.routes.map(formatRoute)).toEqual(['default via 10.5.5.1 dev eth0']);
  expect(value.rules.filter((r) => r.family === 4)).toHaveLength(2);
  expect(diagnostics.filter((d) => d.severity === 'error')).toMatchObject([{ code: 'fact-unreadable' }]);
});

it('takes the name it is given', () => {
  expect(hostFromBundle(sections({ 'uname -n': 'deb\n', 'ip netns identify': '\n' })).value.name).toBe('deb');
  expect(hostFromBundle(sections({ 'uname -n': 'deb\n' }), { name: 'x' }).value.name).toBe('x');
});

describe('never throws', () => {
  const text = golden('vpn-server');
  const read = (t: string) => {
    const parsed = parseBundle(t, 'x');
    return [...parsed.diagnostics, ...hostFromBundle(parsed.value).diagnostics];
  };
  it('on a bundle cut at every section', () => {
    for (const m of text.matchAll(/^=== /gm)) {
      expect(read(text.slice(0, m.index)).some((d) => d.severity === 'error')).toBe(true);
    }
  });
  it('on a bundle without one of its lines, or cut and joined anywhere', () => {
    const lines = text.split('\n');
    fc.assert(
      fc.property(fc.nat(lines.length - 1), fc.nat(text.length), fc.nat(text.length), (line, a, b) => {
        read(lines.toSpliced(line, 1).join('\n'));
        read(text.slice(0, Math.min(a, b)) + text.slice(Math.max(a, b)));
      }),
      { numRuns: 150 },
    );
  });
  it('on noise in a section', () => {
    const commands = parseBundle(text, 'x').value.sections.map((s) => s.command);
    const noise = fc.oneof(
      fc.string(),
      fc.json(),
      fc.constantFrom('[{}]', '[null]', '{"nftables":[null,{"rule":1}]}', '*filter\n-A', 'END'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...commands), noise, fc.nat(255), (command, content, code) => {
        const { value } = parseBundle(text, 'x');
        const changed = value.sections.map((s) =>
          s.command === command ? { ...s, text: content, code: code % 3 } : s,
        );
        hostFromBundle({ ...value, sections: changed });
      }),
      { numRuns: 300 },
    );
  });
});
