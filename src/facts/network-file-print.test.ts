import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../ip/index.ts';
import { TABLE, type Network } from '../model/index.ts';
import { formatRoute, formatRule } from '../dialect/index.ts';
import { formatExpectation, formatNetworkFile, loadText, type Files, type HostTexts } from './index.ts';

const golden = join(import.meta.dirname, 'golden');
const files: Files = {
  read: (path) => (path.endsWith('.facts') ? readFileSync(join(golden, path), 'utf8') : null),
  list: () => [],
};
const load = (text: string): Network => {
  const { value, diagnostics } = loadText(text, 'net.yaml', files);
  expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return value;
};

/** Everything of a network but where it is written. */
const essence = (network: Network): unknown => ({
  links: [...network.links.values()].map((l) => [l.kind, l.complete, l.prefixes.map(formatPrefix), l.attachments]),
  hosts: [...network.hosts.values()].map((h) => ({
    name: h.name,
    interfaces: h.interfaces
      .map((i) => [
        i.name,
        i.kind === 'bridge' ? 'ethernet' : i.kind,
        i.mtu,
        i.up,
        i.mac,
        i.addresses.map((a) => `${formatAddress(a.address)}/${a.length} ${a.scope} ${a.secondary}`),
      ])
      .sort(),
    // their order matters only among those of one prefix, and not in the kernel's own table
    routes: [...new Set(h.routes.map((r) => formatPrefix(r.prefix)))].sort().map((prefix) => {
      const own = h.routes.filter((r) => formatPrefix(r.prefix) === prefix);
      const local = own.filter((r) => r.table === TABLE.local).map(formatRoute);
      return [...own.filter((r) => r.table !== TABLE.local).map(formatRoute), ...local.sort()];
    }),
    rules: h.rules.map((r) => `${r.family} ${formatRule(r)}`).sort(),
    settings: [...h.settings].map(([k, s]) => `${k}=${s.value}`).sort(),
    tables: h.ruleset.tables.map((t) => `${t.family} ${t.name} ${[...t.chains.keys()].join(' ')}`),
    known: h.ruleset.known,
    manager: h.manager,
  })),
  expectations: network.expectations.map(formatExpectation),
});

const examples = [
  ...readFileSync(join(import.meta.dirname, '../../docs/network-file.md'), 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g),
].map((m) => m[1]!);

describe('printing a network file', () => {
  it('prints what a person would recognise', () => {
    const network = load(`networks: { office: 10.5.5.0/24, net: internet }
hosts:
  a: { on: { office: 10.5.5.1, net: 203.0.113.1 }, routes: [default via 203.0.113.254, 10.8.0.0/24 via 10.5.5.5], rules: [fwmark 1 lookup 100], settings: { net.ipv4.conf.eth0.rp_filter: 1 }, filter: none }
expect: [net cannot reach a on tcp/22]`);
    expect(formatNetworkFile(network)).toBe(`networks:
  office: 10.5.5.0/24
  net: internet
hosts:
  a:
    on:
      office:
        interface: eth0
        addresses:
          - 10.5.5.1/24
      net:
        interface: eth1
        addresses:
          - 203.0.113.1/24
    routes:
      - default via 203.0.113.254 dev eth1
      - 10.8.0.0/24 via 10.5.5.5 dev eth0
    rules:
      - "32765: from all fwmark 0x1 lookup 100"
    settings:
      net.ipv4.conf.eth0.rp_filter: "1"
    filter: none
expect:
  - net cannot reach a on tcp/22
`);
  });

  it.each(
    examples.map((text, i) => [i + 1, text] as const).filter(([, text]) => !/iptables|openvpn|facts: \|/.test(text)),
  )('example %i of the document reads back as the same', (_, text) => {
    const network = load(text);
    expect(essence(load(formatNetworkFile(network)))).toEqual(essence(network));
  });

  it.each(['router', 'linux-server', 'laptop', 'site-b'])(
    'collected %s reads back with the same interfaces, routes, rules and settings',
    (name) => {
      const network = load(`hosts: { ${name}: { facts: ${name}.facts } }`);
      const bare = {
        ...network,
        hosts: new Map(
          [...network.hosts].map(([n, h]) => [n, { ...h, ruleset: { ...h.ruleset, tables: [], known: true } }]),
        ),
      };
      expect(essence(load(formatNetworkFile(bare)))).toEqual(essence({ ...bare, tunnels: [] }));
    },
  );

  it('takes the texts that the model does not keep, and says which it lacks', () => {
    const save = '*filter\n:INPUT DROP [0:0]\nCOMMIT\n';
    const config = 'dev tun\ntopology subnet\nserver 10.8.0.0 255.255.255.0\nroute 10.9.0.0 255.255.0.0\n';
    const network = load(
      `networks: { n: 10.5.5.0/24 }\nhosts: { h: { on: { n: 10.5.5.1 }, routes: [], filter: ${JSON.stringify(save)}, openvpn: ${JSON.stringify(config)} } }`,
    );
    const texts = new Map<string, HostTexts>([['h', { filter: [save], openvpn: [{ config }] }]]);
    const again = load(formatNetworkFile(network, texts));
    expect(essence(again)).toEqual(essence(network));
    expect(again.tunnels).toHaveLength(1);
    expect(formatNetworkFile(network).split('\n').slice(0, 2)).toEqual([
      '# not in this file: the packet filter of h',
      '# not in this file: OpenVPN of h',
    ]);
  });

  it('keeps the order of routes that differ in their next hop only', () => {
    const network = load(`networks: { n: 10.5.5.0/24 }
hosts: { h: { on: { n: 10.5.5.1 }, routes: [ip route prepend 10.5.5.0/24 via 10.5.5.9 dev eth0 onlink, 10.9.0.0/16 via 10.5.5.2, ip route append 10.9.0.0/16 via 10.5.5.3] } }`);
    const order = (n: Network): string[] =>
      n.hosts
        .get('h')!
        .routes.filter((r) => r.table === 254)
        .map(formatRoute);
    expect(order(network)).toEqual([
      '10.5.5.0/24 via 10.5.5.9 dev eth0 onlink',
      '10.5.5.0/24 dev eth0 proto kernel scope link src 10.5.5.1',
      '10.9.0.0/16 via 10.5.5.2 dev eth0',
      '10.9.0.0/16 via 10.5.5.3 dev eth0',
    ]);
    expect(order(load(formatNetworkFile(network)))).toEqual(order(network));
  });

  it('random networks read back as the same', () => {
    const n = fc.integer({ min: 1, max: 250 });
    const routes = fc.uniqueArray(
      fc.tuple(n, n, fc.constantFrom('', ' metric 7', ' table 100', ' metric 9 mtu 1400')),
      {
        maxLength: 4,
        selector: ([a, , w]) => `${a}${w}`,
      },
    );
    const host = fc.record({
      one: n,
      two: n,
      routes,
      forwards: fc.boolean(),
      mark: fc.option(n),
      up: fc.boolean(),
      six: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(host, { minLength: 1, maxLength: 4 }), (hosts) => {
        const text = hosts.map(
          (h, i) => `  h${i}:
    on: { one: { interface: e1, addresses: [10.1.${i}.${h.one}/16${h.six ? `, "fd00::${i + 1}/64"` : ''}], up: ${h.up} }, two: 10.2.${i}.${h.two} }
    forwards: ${h.forwards}
    routes: [${h.routes.map(([a, b, words]) => `10.${a + 3}.0.0/16 via 10.2.${i}.${b}${words}`).join(', ')}]
    ${h.mark === null ? '' : `rules: [fwmark ${h.mark} lookup 100, "from all to 10.9.0.0/16 lookup 100 priority ${h.mark}"]`}`,
        );
        const network = load(
          `networks: { one: { prefixes: [10.1.0.0/16, "fd00::/64"], complete: false }, two: 10.2.0.0/16 }\nhosts:\n${text.join('\n')}\n`,
        );
        expect(essence(load(formatNetworkFile(network)))).toEqual(essence(network));
      }),
      { numRuns: 60 },
    );
  });
});
