import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress } from '../ip/index.ts';
import { setting, TABLE, type Host } from '../model/index.ts';
import { formatRoute, formatRule } from '../dialect/index.ts';
import { MAX_YAML } from '../dialect/yaml/index.ts';
import { loadText, parseNetworkFile, type Files, type NetworkFile } from './index.ts';

const root = join(import.meta.dirname, '../..');
const golden = join(import.meta.dirname, 'golden');
const filesOf = (texts: Readonly<Record<string, string>>): Files => ({
  read: (path) => texts[path] ?? null,
  list: (path) =>
    Object.keys(texts)
      .filter((f) => join(f, '..') === path)
      .map((f) => f.slice(f.lastIndexOf('/') + 1)),
});
const none = filesOf({});
const facts = filesOf(
  Object.fromEntries(
    readdirSync(golden)
      .filter((f) => f.endsWith('.facts'))
      .map((f) => [f, readFileSync(join(golden, f), 'utf8')]),
  ),
);

const examples = [...readFileSync(join(root, 'docs/network-file.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  (m) => m[1]!,
);
const design = `networks:
  office:   10.5.5.0/24
  vpn:      10.8.0.0/24
  internet: internet            # carries public addresses only and drops private ones, as any provider does
hosts:
  router:       { on: { office: 10.5.5.1, internet: 203.0.113.1 }, forwards: true, routes: [default via 203.0.113.254] }
  vpn-server:   { on: { office: 10.5.5.5 }, facts: vpn-server.facts }
  linux-server: { on: { office: 10.5.5.20 }, routes: [default via 10.5.5.1] }
  laptop:       { facts: laptop.facts }
expect:
  - laptop reaches linux-server by ping
  - laptop reaches linux-server on tcp/22
  - internet cannot reach linux-server
`;

const read = (text: string, files = none): NetworkFile => {
  const { value, diagnostics } = parseNetworkFile(text, 'net.yaml', files);
  expect(diagnostics.filter((d) => d.severity !== 'note')).toEqual([]);
  return value;
};
const hostOf = (file: NetworkFile, name: string): Host => file.hosts.find((h) => h.name === name)!;
const routesOf = (host: Host, table: number = TABLE.main): string[] =>
  host.routes.filter((r) => r.table === table).map(formatRoute);
/** `code line:column what-stands-there`, in the order they are noted. */
const faults = (text: string, files = none): string[] =>
  parseNetworkFile(text, 'net.yaml', files).diagnostics.map((d) => {
    const { line, column, length, text: whole } = d.span!;
    return `${d.code} ${line}:${column} ${whole?.slice(column - 1, column - 1 + length) ?? ''}`;
  });
const hints = (text: string, files = none): (string | undefined)[] =>
  parseNetworkFile(text, 'net.yaml', files).diagnostics.map((d) => d.hint);
const office = (host: string): string =>
  `networks: { office: 10.5.5.0/24 }\nhosts:\n  h: { on: { office: 10.5.5.1 }, ${host} }\n`;

describe('network file', () => {
  it('reads the design’s example', () => {
    const file = read(design, facts);
    expect(file.hosts.map((h) => [h.name, h.knowledge])).toEqual([
      ['router', 'declared'],
      ['vpn-server', 'collected'],
      ['linux-server', 'declared'],
      ['laptop', 'collected'],
    ]);
    expect(file.declarations.networks.map((n) => [n.name, n.kind, n.complete])).toEqual([
      ['office', 'lan', true],
      ['vpn', 'lan', true],
      ['internet', 'internet', false],
    ]);
    expect(file.declarations.expectations).toMatchObject([
      { from: 'laptop', to: 'linux-server', reaches: true, protocol: 'icmp', port: 0 },
      { from: 'laptop', to: 'linux-server', reaches: true, protocol: 'tcp', port: 22 },
      { from: 'internet', to: 'linux-server', reaches: false, protocol: 'icmp', port: 0 },
    ]);
    expect(hostOf(file, 'vpn-server').interfaces.find((i) => i.name === 'eth0')!.link).toBe('office');
    const router = hostOf(file, 'router');
    expect(router.routes.find((r) => r.prefix.length === 0)!.fact).toEqual({
      source: 'net.yaml',
      line: 6,
      text: 'default via 203.0.113.254',
    });
    expect(router.interfaces[1]!.addresses[0]!.fact).toEqual({ source: 'net.yaml', line: 6, text: 'office: 10.5.5.1' });
    expect(setting(router, 'ipv4/conf/eth0/forwarding').value).toBe('1');
  });

  it.each(examples.map((text, i) => [i + 1, text] as const))('reads example %i of the document', (_, text) => {
    const { hosts, declarations } = read(text);
    expect(hosts.length + declarations.networks.length).toBeGreaterThan(1);
  });

  it('makes the routes that the kernel makes', () => {
    // as `ip route show table all` of Linux 6.18 lists them for the same addresses, link-local ones left out
    const host = hostOf(
      read(`networks: { n: { prefixes: [] } }
hosts: { h: { forwards: true, routes: [], on: { n: [10.5.5.1/24, 10.5.5.2/24, 10.6.5.2/31, 10.7.5.2/32, "fd00::1/64"] } } }`),
      'h',
    );
    expect(host.routes.map(formatRoute).sort()).toEqual(
      [
        '10.5.5.0/24 dev eth0 proto kernel scope link src 10.5.5.1',
        '10.6.5.2/31 dev eth0 proto kernel scope link src 10.6.5.2',
        'local 10.5.5.1 dev eth0 table local proto kernel scope host src 10.5.5.1',
        'local 10.5.5.2 dev eth0 table local proto kernel scope host src 10.5.5.1',
        'broadcast 10.5.5.255 dev eth0 table local proto kernel scope link src 10.5.5.1',
        'local 10.6.5.2 dev eth0 table local proto kernel scope host src 10.6.5.2',
        'local 10.7.5.2 dev eth0 table local proto kernel scope host src 10.7.5.2',
        'local 127.0.0.0/8 dev lo table local proto kernel scope host src 127.0.0.1',
        'local 127.0.0.1 dev lo table local proto kernel scope host src 127.0.0.1',
        'broadcast 127.255.255.255 dev lo table local proto kernel scope link src 127.0.0.1',
        'fd00::/64 dev eth0 proto kernel metric 256',
        'local ::1 dev lo table local proto kernel metric 0',
        'anycast fd00:: dev eth0 table local proto kernel metric 0',
        'local fd00::1 dev eth0 table local proto kernel metric 0',
        'multicast ff00::/8 dev eth0 table local proto kernel metric 256',
      ].sort(),
    );
    expect(host.interfaces[1]!.addresses.map((a) => a.secondary)).toEqual([false, true, false, false, false]);
  });

  it('finds the interface of a gateway as the kernel does', () => {
    const host = hostOf(
      read(`networks: { wide: 10.0.0.0/8, narrow: 10.5.5.0/24 }
hosts: { h: { on: { wide: 10.1.1.1, narrow: 10.5.5.1 }, routes: [10.9.0.0/16 via 10.2.2.2, default via 10.5.5.254, 172.16.0.0/12 via 10.9.9.9] } }`),
      'h',
    );
    // 10.9.9.9 is behind a gateway itself: only the route without one counts
    expect(routesOf(host).slice(2)).toEqual([
      '10.9.0.0/16 via 10.2.2.2 dev eth0',
      'default via 10.5.5.254 dev eth1',
      '172.16.0.0/12 via 10.9.9.9 dev eth0',
    ]);
  });

  it('assumes a default route only where nothing is said of routes', () => {
    const file = read(`networks: { office: 10.5.5.0/24, internet: internet }
hosts:
  router: { on: { office: 10.5.5.1, internet: 203.0.113.1 }, forwards: true }
  silent: { on: { office: 10.5.5.2 } }
  said: { on: { office: 10.5.5.3 }, routes: [] }`);
    const defaults = file.hosts.map((h) =>
      h.routes.filter((r) => r.prefix.length === 0).map((r) => [formatRoute(r), r.fact.source]),
    );
    expect(defaults).toEqual([
      [['default dev eth1 scope link', 'assumption']],
      [['default via 10.5.5.1 dev eth0', 'assumption']],
      [],
    ]);
  });

  it('adds rules where the kernel would', () => {
    const host = hostOf(
      read(
        office(
          'rules: [from 10.5.5.0/24 lookup 100, fwmark 7 lookup 200, from all lookup 5 priority 40000, "ip -6 rule add lookup 9"]',
        ),
      ),
      'h',
    );
    expect(host.rules.filter((r) => r.family === 4).map(formatRule)).toEqual([
      '0: from all lookup local',
      '32764: from all fwmark 0x7 lookup 200',
      '32765: from 10.5.5.0/24 lookup 100',
      '32766: from all lookup main',
      '32767: from all lookup default',
      '40000: from all lookup 5',
    ]);
    expect(host.rules.filter((r) => r.family === 6).map((r) => r.priority)).toEqual([0, 32765, 32766]);
  });

  it('switches all interfaces with ip_forward, whatever the order', () => {
    const host = hostOf(
      read(
        office(
          'settings: { net.ipv4.conf.eth0.forwarding: 0, net.ipv4.ip_forward: true, net.ipv4.conf.all.rp_filter: 2 }',
        ),
      ),
      'h',
    );
    const values = [
      'ipv4/ip_forward',
      'ipv4/conf/lo/forwarding',
      'ipv4/conf/eth0/forwarding',
      'ipv4/conf/all/accept_redirects',
      'ipv4/conf/all/rp_filter',
    ];
    expect(values.map((k) => setting(host, k).value)).toEqual(['1', '1', '0', '0', '2']);
  });

  it('reads filters by what they look like, and knows when there is none', () => {
    const nft =
      '{"nftables": [{"metainfo": {"json_schema_version": 1}}, {"table": {"family": "inet", "name": "t", "handle": 1}}]}';
    const file = read(`hosts:
  a: { filter: none }
  b: {}
  c:
    filter:
      - |
        ${nft}
      - |
        # Generated by ip6tables-save v1.8.9
        *filter
        :INPUT DROP [0:0]
        COMMIT
  d:
    iptables: |
      *filter
      :INPUT ACCEPT [0:0]
      -A INPUT -p tcp -j DROP
      COMMIT
`);
    expect(
      file.hosts.map((h) => [
        h.name,
        h.ruleset.known,
        h.ruleset.tables.map((t) => `${t.engine} ${t.family} ${t.name}`),
      ]),
    ).toEqual([
      ['a', true, []],
      ['b', false, []],
      ['c', true, ['iptables ip6 filter', 'nftables inet t']],
      ['d', true, ['iptables ip filter']],
    ]);
    const rule = hostOf(file, 'd').ruleset.tables[0]!.chains.get('INPUT')!.rules[0]!;
    expect(rule.fact).toEqual({ source: 'net.yaml', line: 17, text: '-A INPUT -p tcp -j DROP' });
  });

  it('takes interfaces from a pasted routing table', () => {
    const text =
      'default via 192.168.1.1 dev ens3 proto dhcp src 192.168.1.7 metric 100\n192.168.1.0/24 dev ens3 proto kernel scope link src 192.168.1.7 metric 100\n';
    const host = hostOf(
      read(
        'networks: { home: 192.168.1.0/24 }\nhosts: { h: { facts: r.txt, on: { home: 192.168.1.7 } } }',
        filesOf({ 'r.txt': text }),
      ),
      'h',
    );
    expect(host.interfaces.map((i) => [i.name, i.link, i.addresses.map((a) => formatAddress(a.address))])).toEqual([
      ['ens3', 'home', ['192.168.1.7']],
    ]);
    expect(routesOf(host)).toHaveLength(2);
    expect(routesOf(host, TABLE.local)).toContain(
      'local 192.168.1.7 dev ens3 table local proto kernel scope host src 192.168.1.7',
    );
  });

  it('adds what is written to what was collected', () => {
    const file = read(
      'hosts: { laptop: { facts: laptop.facts, routes: [10.77.0.0/16 via 10.8.0.1], settings: { net.ipv4.ip_forward: 1 } } }',
      facts,
    );
    const host = file.hosts[0]!;
    expect(routesOf(host)).toContain('10.77.0.0/16 via 10.8.0.1 dev tun0');
    expect(setting(host, 'ipv4/conf/tun0/forwarding')).toMatchObject({ value: '1', fact: { source: 'net.yaml' } });
  });
});

describe('faults of a network file', () => {
  it('a network of all addresses is no network', () => {
    expect(faults('networks: { wan: 0.0.0.0/0, six: { prefixes: ["::/0"] } }\n', none)).toEqual([
      'value-invalid 1:18 0.0.0.0/0',
      'value-invalid 1:48 ::/0',
    ]);
  });

  it('are noted all at once, each at its place', () => {
    const text = `networks:
  office: 10.5.5.1/24
  lab: 010.6.0.0/24
  dmz: { prefix: 192.0.2.0/24 }
hosts:
  one: { on: { ofice: 10.5.5.1 }, forward: true }
  two:
    on: { office: 10.5.5 }
    routes: [default vai 10.5.5.1, 10.9.0.0/16 dev eth7]
    facts: tow.facts
  three: { on: { dmz: 7 }, settings: { kernel.foo: 1, net.ipv4.conf.et0.rp_filter: 1 } }
expect:
  - one reaches tow
  - one likes two
  - two reaches one on tcp/99999
`;
    expect(faults(text, filesOf({ 'two.facts': '' }))).toEqual([
      'prefix-host-bits 2:11 10.5.5.1/24',
      'address-octal 3:8 010.6.0.0/24',
      'key-missing 4:8 { prefix: 192.0.2.0/24 }',
      'key-unknown 4:10 prefix',
      'name-unknown 6:16 ofice',
      'key-unknown 6:35 forward',
      'address-short 8:19 10.5.5',
      'key-unknown 9:22 vai',
      'name-unknown 9:36 10.9.0.0/16 dev eth7',
      'file-missing 10:12 tow.facts',
      'value-invalid 11:23 7',
      'key-unknown 11:40 kernel.foo',
      'name-unknown 11:55 net.ipv4.conf.et0.rp_filter',
      'name-unknown 13:17 tow',
      'expectation-invalid 14:5 one likes two',
      'port-invalid 15:5 two reaches one on tcp/99999',
    ]);
    const said = hints(text, filesOf({ 'two.facts': '' }));
    expect(said.filter((h) => h?.startsWith('did you mean'))).toEqual(
      ['prefixes', 'office', 'forwards', 'via', 'eth0', 'two.facts', 'two'].map((w) => `did you mean '${w}'?`),
    );
  });

  it.each([
    [
      'an address outside its network',
      office('forwards: false').replace('10.5.5.1', '10.6.5.1'),
      ['value-invalid 3:22 10.6.5.1'],
    ],
    [
      'the broadcast address',
      office('forwards: false').replace('10.5.5.1', '10.5.5.255'),
      ['value-invalid 3:22 10.5.5.255'],
    ],
    [
      'an address twice',
      office('forwards: false').replace('10.5.5.1', '[10.5.5.1, 10.5.5.1]'),
      ['address-duplicate 3:33 10.5.5.1'],
    ],
    [
      'a route twice',
      office('routes: [10.0.0.0/8 via 10.5.5.2, 10.0.0.0/8 via 10.5.5.3]'),
      ['name-duplicate 3:68 10.0.0.0/8 via 10.5.5.3'],
    ],
    ['a connected route again', office('routes: [10.5.5.0/24 dev eth0]'), ['name-duplicate 3:43 10.5.5.0/24 dev eth0']],
    [
      'an interface twice',
      'networks: { a: 10.1.0.0/16 }\nhosts: { h: { on: { a: [{ interface: e }, { interface: e }] } } }',
      ['name-duplicate 2:43 { interface: e }'],
    ],
    ['a key twice', 'hosts:\n  a: {}\n  a: {}', ['name-duplicate 3:3 a']],
    ['a host named as a network', 'networks: { a: internet }\nhosts: { a: {} }', ['name-duplicate 2:10 a']],
    ['a name that is an address', 'hosts: { 10.0.0.1: {} }', ['value-invalid 1:20 {}']],
    ['a name that is none', 'hosts: { "a b": {} }', ['value-invalid 1:11 a b']],
    [
      'a name of an interface that is none',
      'hosts: { a: { interfaces: { "x\\ny": 10.0.0.1 } } }',
      ['value-invalid 1:30 x\\ny'],
    ],
    ['a list for a map', 'hosts: [a]', ['value-invalid 1:8 [a]']],
    ['a word alone', 'nonsense', ['value-invalid 1:1 nonsense']],
    ['several documents', 'hosts: {}\n---\nhosts: {}', ['yaml-invalid 2:1 -']],
    ['broken YAML', 'hosts: { a: [ }', ['yaml-invalid 1:15 }', 'yaml-invalid 1:15 }']],
    [
      'a fault in an inline filter',
      'hosts:\n  h:\n    iptables: |\n      *filter\n      nonsense\n      COMMIT\n',
      ['line-unknown 5:1 nonsense'],
    ],
    ['facts of another kind', 'hosts: { h: { facts: f } }', ['input-unrecognised 1:22 f']],
  ])('%s', (_, text, expected) => expect(faults(text, filesOf({ f: 'hello' }))).toEqual(expected));

  it('keep the rest of a list, with its places', () => {
    const { value, diagnostics } = parseNetworkFile(
      office('routes: [5, 10.0.0.0/8 via 10.5.5.2, [x], 172.16.0.0/12 via 1.2]'),
      'net.yaml',
      none,
    );
    expect(
      diagnostics.map((d) => d.span!.text!.slice(d.span!.column - 1, d.span!.column - 1 + d.span!.length)),
    ).toEqual(['5', '[x]', '1.2']);
    expect(routesOf(value.hosts[0]!)).toContain('10.0.0.0/8 via 10.5.5.2 dev eth0');
  });
});

describe('hostile network files', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]!},`.repeat(9)}]`)
    .join('\n')}`;
  it.each([
    ['an alias bomb', bomb],
    ['an alias to itself', 'hosts: &a { x: *a }'],
    ['deep brackets', `hosts: ${'['.repeat(200_000)}`],
    ['deep keys', '? '.repeat(300_000)],
    ['deep lists', '- '.repeat(300_000)],
    ['closing brackets', ']'.repeat(MAX_YAML)],
    ['many keys', Array.from({ length: 40_000 }, (_, i) => `k${i}: 1`).join('\n')],
    [
      'many hosts',
      `hosts:\n${Array.from({ length: 5_000 }, (_, i) => `  h${i}: { on: { nowher: 1.1.1.1 } }`).join('\n')}`,
    ],
    ['ten million characters', 'x: y\n'.repeat(2_000_000)],
    ['a prototype', 'hosts: { __proto__: { routes: [x] }, constructor: { on: { toString: 1.1.1.1 } } }'],
    ['no text', '\0\u0001\ufeff'],
  ])('end: %s', (_, text) => {
    const { diagnostics } = parseNetworkFile(text, 'net.yaml', none);
    expect(diagnostics.some((d) => d.severity === 'error')).toBe(true);
  });

  it('an empty file is an empty network', () => {
    expect(read('')).toMatchObject({ hosts: [] });
    expect(read('# nothing\n')).toMatchObject({ hosts: [] });
  });

  const isSound = (text: string): void => {
    const { value, diagnostics } = loadText(text, 'net.yaml', facts);
    for (const d of diagnostics) {
      expect(d.message).toMatch(/^[^\n]+$/);
      if (d.span) expect(d.span.line).toBeGreaterThan(0);
      if (d.span?.source === 'net.yaml') expect(d.span.line).toBeLessThanOrEqual(text.split('\n').length + 1);
    }
    for (const h of value.hosts.values())
      expect(new Set(h.interfaces.map((i) => i.name)).size).toBe(h.interfaces.length);
  };

  it('random texts never make it throw', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), isSound), { numRuns: 300 });
  });

  it('changed examples never make it throw', () => {
    const cut = fc.record({
      text: fc.constantFrom(design, ...examples),
      at: fc.nat(),
      length: fc.nat(12),
      by: fc.oneof(
        fc.string({ maxLength: 6 }),
        fc.constantFrom('{', '}', '\n', ': ', '*a', '&a ', '|', '10.0.0.0/0', '::'),
      ),
    });
    const change = fc.array(cut, { minLength: 1, maxLength: 4 }).map((cuts) =>
      cuts.reduce((text, c) => {
        const at = c.at % text.length;
        return text.slice(0, at) + c.by + text.slice(at + c.length);
      }, cuts[0]!.text),
    );
    fc.assert(fc.property(change, isSound), { numRuns: 500 });
  });

  it('random values never make it throw', () => {
    const word = fc.constantFrom(
      'office',
      '10.5.5.1',
      '10.5.5.0/24',
      'default via 10.5.5.1',
      'fd00::1/64',
      'eth0',
      'lo',
      'none',
      'internet',
      '',
      '\0',
      '{',
      'a reaches b',
      'tun0',
      'client\nremote x',
    );
    const key = fc.constantFrom(
      'on',
      'interfaces',
      'routes',
      'rules',
      'settings',
      'filter',
      'iptables',
      'openvpn',
      'facts',
      'interface',
      'addresses',
      'mtu',
      'config',
      'ccd',
      'office',
      'net.ipv4.ip_forward',
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const host = fc.dictionary(key, value, { maxKeys: 5 });
    const file = fc.record(
      {
        networks: fc.oneof(value, fc.constant({ office: '10.5.5.0/24' })),
        hosts: fc.oneof(value, fc.dictionary(word, host)),
        expect: fc.oneof(value, fc.array(word)),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(file, (f) => isSound(JSON.stringify(f))),
      { numRuns: 500 },
    );
  });
});
