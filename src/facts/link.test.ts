import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../ip/index.ts';
import { emptyRuleset, type Host, type Interface, type InterfaceKind, type Network } from '../model/index.ts';
import { formatRoute } from '../dialect/index.ts';
import { parseBundle, sectionOf } from './bundle.ts';
import { hostFromBundle, link, loadText, noDeclarations, parseNetworkFile, type Files } from './index.ts';
import { stringify } from 'yaml';

const none: Files = { read: () => null, list: () => [] };
const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', `${name}.facts`), 'utf8');
const bundleHost = (name: string): Host =>
  hostFromBundle(parseBundle(golden(name), `${name}.facts`).value, { name }).value;

const linksOf = (network: Network): Record<string, string[]> =>
  Object.fromEntries(
    [...network.links.values()].map((l) => [
      `${l.name}${l.complete ? '' : ' …'}`,
      l.attachments.map((a) => `${a.host}.${a.interface}`),
    ]),
  );

interface Dev {
  readonly name: string;
  readonly kind?: InterfaceKind;
  readonly address?: string;
  readonly master?: string;
  readonly peer?: [index: number, namespace?: string];
  readonly link?: string;
}

/** A collected host; the interfaces are numbered from 1. */
function host(name: string, devs: readonly Dev[]): Host {
  const fact = { source: `${name}.facts`, line: 1, text: name };
  const interfaces = devs.map((d, i): Interface => {
    const parsed =
      d.address === undefined
        ? []
        : parseNetworkFile(`hosts: { h: { interfaces: { x0: "${d.address}" } } }`, 'x', none).value.hosts[0]!
            .interfaces[1]!.addresses;
    return {
      name: d.name,
      index: i + 1,
      kind: d.kind ?? 'ethernet',
      mtu: 1500,
      up: true,
      carrier: true,
      fact,
      addresses: parsed.map((a) => ({ ...a, fact: { ...fact, text: d.address! } })),
      ...(d.master !== undefined && { master: d.master }),
      ...(d.link !== undefined && { link: d.link }),
      ...(d.peer && { peer: { index: d.peer[0], ...(d.peer[1] !== undefined && { namespace: d.peer[1] }) } }),
    };
  });
  return {
    name,
    interfaces,
    routes: [],
    rules: [],
    neighbours: [],
    settings: new Map(),
    ruleset: emptyRuleset(true),
    openvpn: [],
    virtualServers: [],
    knowledge: 'collected',
    manager: 'unknown',
    fact,
  };
}

const linked = (hosts: readonly Host[]): Record<string, string[]> => linksOf(link(hosts, noDeclarations).value);
const load = (text: string): ReturnType<typeof loadText> => loadText(text, 'net.yaml', none);
const codes = (text: string): string[] =>
  load(text).diagnostics.map(
    (d) =>
      `${d.severity} ${d.code} ${d.span!.line}:${d.span!.column} ${d.span!.text!.slice(d.span!.column - 1, d.span!.column - 1 + d.span!.length)}`,
  );

describe('links of collected hosts', () => {
  it('are found by equal prefixes, and are then not complete', () => {
    const hosts = [
      host('a', [
        { name: 'eth0', address: '10.5.5.1/24' },
        { name: 'lo', kind: 'loopback', address: '10.9.9.1/24' },
      ]),
      host('b', [
        { name: 'ens3', address: '10.5.5.2/24' },
        { name: 'tun0', kind: 'tun', address: '10.8.0.1/24' },
      ]),
      host('c', [
        { name: 'eth0', address: '10.5.5.3/25' },
        { name: 'tun0', kind: 'tun', address: '10.8.0.2/24' },
      ]),
    ];
    expect(linked(hosts)).toEqual({ '10.5.5.0/24 …': ['a.eth0', 'b.ens3'], '10.5.5.0/25 …': ['c.eth0'] });
    const found = link(hosts, noDeclarations).diagnostics;
    expect(found.map((d) => [d.code, d.span!.source])).toEqual([['network-overlap', 'c.facts']]);
  });

  it('both families of one interface are one link', () => {
    const two = (n: number): Dev[] => [{ name: 'eth0', address: `10.5.5.${n}/24` }];
    const six = { ...host('c', [{ name: 'eth0', address: 'fd00::3/64' }]) };
    const a = host('a', two(1));
    const both: Host = {
      ...a,
      interfaces: [
        { ...a.interfaces[0]!, addresses: [...a.interfaces[0]!.addresses, ...six.interfaces[0]!.addresses] },
      ],
    };
    const network = link([both, host('b', two(2)), six], noDeclarations).value;
    expect(linksOf(network)).toEqual({ '10.5.5.0/24 …': ['a.eth0', 'b.eth0', 'c.eth0'] });
    expect(network.links.get('10.5.5.0/24')!.prefixes.map(formatPrefix)).toEqual(['10.5.5.0/24', 'fd00::/64']);
    expect(network.hosts.get('c')!.interfaces[0]!.link).toBe('10.5.5.0/24');
  });

  it('are the cables of one machine: veth pairs and bridges wherever they lie', () => {
    // a switch of its own namespace, a router with a bridge that has an address, and a pair without any
    expect(
      linked([
        host('a', [{ name: 'eth0', address: '10.5.5.1/24', peer: [2, 'switch'] }]),
        host('switch', [
          { name: 'br0', kind: 'bridge' },
          { name: 'to-a', master: 'br0', peer: [1, 'a'] },
          { name: 'to-r', master: 'br0', peer: [2, 'router'] },
        ]),
        host('router', [
          { name: 'lan', kind: 'bridge', address: '10.5.5.254/24' },
          { name: 'p1', master: 'lan', peer: [3, 'switch'] },
          { name: 'p2', master: 'lan', peer: [1, 'b'] },
          { name: 'wan', address: '192.0.2.1/24', peer: [2, 'b'] },
        ]),
        host('b', [
          { name: 'eth0', address: '10.5.5.2/24', peer: [3, 'router'] },
          { name: 'eth1', address: '192.0.2.2/24', peer: [4, 'router'] },
        ]),
      ]),
    ).toEqual({ '10.5.5.0/24': ['a.eth0', 'router.lan', 'b.eth0'], '192.0.2.0/24': ['router.wan', 'b.eth1'] });
  });

  it('equal prefixes do not join what different cables keep apart', () => {
    const pair = (a: string, b: string): Host[] => [
      host(a, [{ name: 'eth0', address: '10.5.5.1/24', peer: [1, b] }]),
      host(b, [{ name: 'eth0', address: '10.5.5.2/24', peer: [1, a] }]),
    ];
    expect(linked([...pair('a', 'b'), ...pair('c', 'd')])).toEqual({
      '10.5.5.0/24': ['a.eth0', 'b.eth0'],
      '10.5.5.0/24 on c': ['c.eth0', 'd.eth0'],
    });
  });

  it('bridges for containers stay by themselves, bridges with a real port do not', () => {
    const machine = (name: string, n: number): Host =>
      host(name, [
        { name: 'docker0', kind: 'bridge', address: '172.17.0.1/16' },
        { name: 'veth1', master: 'docker0', peer: [9, '0'] },
        { name: 'br0', kind: 'bridge', address: `10.5.5.${n}/24` },
        { name: 'eth0', master: 'br0' },
      ]);
    const { value, diagnostics } = link([machine('a', 1), machine('b', 2)], noDeclarations);
    expect(linksOf(value)).toEqual({
      '172.17.0.0/16 …': ['a.docker0'],
      '10.5.5.0/24 …': ['a.br0', 'b.br0'],
      '172.17.0.0/16 on b …': ['b.docker0'],
    });
    expect(diagnostics.map((d) => d.code)).toEqual(['network-overlap']);
  });

  it('a peer that several may be is said', () => {
    const end = (name: string): Host => host(name, [{ name: 'eth0', address: '10.5.5.1/24', peer: [1, '0'] }]);
    expect(link([end('a'), end('b'), end('c')], noDeclarations).diagnostics.map((d) => d.code)).toContain(
      'link-ambiguous',
    );
    expect(link([end('a'), end('b')], noDeclarations).diagnostics.map((d) => d.code)).not.toContain('link-ambiguous');
  });
});

describe('links of a network file', () => {
  it('a public gateway is on the internet, if there is just one', () => {
    const names = ['laptop', 'site-b', 'router', 'vpn-server', 'linux-server'];
    const networks = [
      {
        name: 'net',
        kind: 'internet' as const,
        prefixes: [],
        complete: false,
        fact: { source: 'n', line: 1, text: 'net' },
      },
    ];
    const { value } = link(names.map(bundleHost), { networks, expectations: [] });
    expect(linksOf(value)).toEqual({
      'net …': ['laptop.eth0', 'site-b.eth0', 'router.wan'],
      '10.5.5.0/24 …': ['router.eth0', 'vpn-server.eth0', 'linux-server.eth0'],
      '192.168.50.0/24': ['site-b.lan'],
    });
  });

  it('reports duplicates, masks and gateways at their lines', () => {
    const text = `networks: { office: 10.5.5.0/24, lab: 10.5.5.128/25 }
hosts:
  a: { on: { office: 10.5.5.1 }, routes: [default via 10.6.6.6] }
  b: { on: { office: 10.5.5.1 }, routes: [] }
  c: { on: { office: 10.5.5.7/16 }, routes: [default via 10.6.6.6 dev eth0 onlink] }
`;
    expect(codes(text)).toEqual([
      'error address-duplicate 4:14 office: 10.5.5.1',
      'warning mask-mismatch 4:14 office: 10.5.5.1',
      'warning network-overlap 1:34 lab: 10.5.5.128/25',
      'warning gateway-off-link 3:43 default via 10.6.6.6',
    ]);
  });

  it('a host that is there twice is refused', () => {
    const bundle = golden('laptop');
    const { value, diagnostics } = loadText(bundle + bundle, 'two.facts', none);
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.code)).toEqual(['name-duplicate']);
    expect(value.hosts.size).toBe(1);
  });
});

describe('tunnels', () => {
  const clients = (network: Network): unknown[] =>
    network.tunnels.map((t) => [
      t.name,
      `${t.server.host}.${t.server.interface}`,
      t.clients
        .map((c) => [
          c.commonName,
          c.host,
          c.interface,
          c.addresses.map(formatAddress),
          c.connected,
          c.iroutes.map((r) => formatPrefix(r.prefix)),
        ])
        .sort(),
    ]);

  it('joins a collected server with the clients that its status lists', () => {
    const { value } = link(['vpn-server', 'laptop', 'site-b'].map(bundleHost), noDeclarations);
    expect(clients(value)).toEqual([
      [
        'vpn-server tun0',
        'vpn-server.tun0',
        [
          ['laptop', 'laptop', 'tun0', ['10.8.0.2', 'fd00:8::1000'], true, []],
          ['site-b', 'site-b', 'tun0', ['10.8.0.50', 'fd00:8::50'], true, ['192.168.50.0/24', 'fd00:50::/64']],
        ],
      ],
    ]);
  });

  /** The golden scene as a person would write it: configurations from the bundles, interfaces and routes not. */
  const server = parseBundle(golden('vpn-server'), 'x').value;
  const file = (path: string): string => sectionOf(server, `file /etc/openvpn/server/${path}`)!.text;
  const declared = (config: string): string =>
    stringify({
      networks: { office: '10.5.5.0/24', internet: 'internet' },
      hosts: {
        'vpn-server': {
          on: { office: '10.5.5.5', internet: '203.0.113.5' },
          forwards: true,
          openvpn: { config, ccd: { 'site-b': file('ccd/site-b') } },
        },
        laptop: { on: { internet: '198.51.100.10' }, openvpn: 'client\ndev tun\nremote 203.0.113.5\n' },
        'site-b': {
          on: { internet: '198.51.100.20' },
          forwards: true,
          openvpn: 'client\ndev tun\nremote vpn-server\n',
        },
      },
    });

  it('makes of declared processes what OpenVPN made of the same configuration', () => {
    const made = loadText(declared(file('server.conf')), 'net.yaml', none);
    expect(made.diagnostics.filter((d) => d.severity !== 'note')).toEqual([]);
    expect(clients(made.value)).toEqual([
      [
        'vpn-server tun0',
        'vpn-server.tun0',
        [
          ['laptop', 'laptop', 'tun0', ['10.8.0.2', 'fd00:8::1000'], true, []],
          ['site-b', 'site-b', 'tun0', ['10.8.0.50', 'fd00:8::50'], true, ['192.168.50.0/24', 'fd00:50::/64']],
        ],
      ],
    ]);
    const tunnel = (h: Host): string[] =>
      h.routes
        .filter((r) => r.nexthops[0]?.dev === 'tun0')
        .map(formatRoute)
        .filter((r) => !r.includes('fe80:'))
        .sort();
    for (const name of ['vpn-server', 'laptop', 'site-b'])
      expect(tunnel(made.value.hosts.get(name)!), name).toEqual(tunnel(bundleHost(name)));
  });

  it('net30: what 2.6 does without a topology', () => {
    const { value } = loadText(
      declared(
        'dev tun\nserver 10.8.0.0 255.255.255.0\nroute 192.168.50.0 255.255.255.0\npush "route 10.5.5.0 255.255.255.0"\n',
      ),
      'net.yaml',
      none,
    );
    const tunnel = (name: string): string[] =>
      value.hosts
        .get(name)!
        .routes.filter((r) => r.table === 254 && r.nexthops[0]?.dev === 'tun0')
        .map(formatRoute);
    expect(tunnel('vpn-server')).toEqual([
      '10.8.0.0/24 via 10.8.0.2 dev tun0',
      '192.168.50.0/24 via 10.8.0.2 dev tun0',
      '10.8.0.2 dev tun0 proto kernel scope link src 10.8.0.1',
    ]);
    expect(tunnel('laptop')).toEqual([
      '10.8.0.1 via 10.8.0.5 dev tun0',
      '10.5.5.0/24 via 10.8.0.5 dev tun0',
      '10.8.0.5 dev tun0 proto kernel scope link src 10.8.0.6',
    ]);
  });

  it('redirect-gateway takes both halves, and keeps the way to the server', () => {
    const { value } = loadText(
      declared(`${file('server.conf')}push "redirect-gateway def1"\n`).replace(
        'internet: 198.51.100.10',
        'internet: 198.51.100.10\n    routes: [default via 198.51.100.1]',
      ),
      'net.yaml',
      none,
    );
    const routes = value.hosts
      .get('laptop')!
      .routes.filter((r) => r.table === 254)
      .map(formatRoute);
    expect(routes).toEqual(
      expect.arrayContaining([
        '203.0.113.5 via 198.51.100.1 dev eth0',
        '0.0.0.0/1 via 10.8.0.1 dev tun0',
        '128.0.0.0/1 via 10.8.0.1 dev tun0',
      ]),
    );
  });

  it('notes clients without a server and servers without clients', () => {
    const alone = (openvpn: string): string[] =>
      load(`hosts:\n  h: { openvpn: ${JSON.stringify(openvpn)} }\n`)
        .diagnostics.filter((d) => d.code === 'tunnel-unmatched')
        .map((d) => d.severity);
    expect(alone('client\ndev tun\nremote vpn.example.net\n')).toEqual(['note']);
    expect(alone('dev tun\ntopology subnet\nserver 10.8.0.0 255.255.255.0\n')).toEqual(['note']);
  });
});
