import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  formatPrefix,
  ipv4,
  parsePrefix,
  prefixOf,
  type Diagnostic,
  type Prefix,
} from '../../ip/index.ts';
import type { OpenVpn } from '../../model/index.ts';
import {
  joinOpenVpn,
  parseCcdFile,
  parseOpenVpnConfig,
  parseOpenVpnStatus,
  printCcdFile,
  printClientConfig,
  printServerConfig,
} from './index.ts';

const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
const prefix = (text: string): Prefix => {
  const r = parsePrefix(text);
  if (!r.ok) throw new Error(text);
  return r.value;
};
const codes = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map((d) => `${d.span?.line}:${d.span?.column} ${d.severity} ${d.code}`);
const read = (text: string) => {
  const { value, diagnostics } = parseOpenVpnConfig(text, 'x.conf');
  return { ...value, codes: codes(diagnostics), diagnostics };
};
const prefixes = (list: readonly { prefix: Prefix }[]): string[] => list.map((r) => formatPrefix(r.prefix));

describe('a server', () => {
  const server = `# the office
port 1195
proto tcp-server
dev tun0
server 10.8.0.0 255.255.255.0
server-ipv6 fd00:8::/64
topology subnet
push "route 10.5.5.0 255.255.255.0"
push 'route-ipv6 fd00:5::/64'
push "redirect-gateway def1"
push "dhcp-option DNS 10.5.5.1"
push
route 192.168.50.0 255.255.255.0 10.8.0.2 50
route-ipv6 fd00:50::/64
client-to-client
client-config-dir "/etc/openvpn/c c d"
status /run/status 10
management /run/m unix
ca [inline]
<key>
server 1.2.3.4 255.255.255.255
</key>
`;
  it('says what decides', () => {
    const s = read(server);
    expect(s.codes).toEqual([]);
    expect(s).toMatchObject({
      role: 'server',
      dev: 'tun0',
      protocol: 'tcp',
      port: 1195,
      topology: 'subnet',
      clientToClient: true,
      redirectGateway: true,
      extra: {
        clientConfigDir: '/etc/openvpn/c c d',
        statusFile: '/run/status',
        managementSocket: '/run/m',
        topologyWritten: true,
      },
    });
    expect(s.serverPrefixes.map(formatPrefix)).toEqual(['10.8.0.0/24', 'fd00:8::/64']);
    expect(s.addresses.map(formatAddress)).toEqual(['10.8.0.1', 'fd00:8::1']);
    expect(prefixes(s.routes)).toEqual(['192.168.50.0/24', 'fd00:50::/64']);
    expect(s.routes[0]).toMatchObject({ gateway: '10.8.0.2', metric: 50, fact: { source: 'x.conf', line: 13 } });
    expect(prefixes(s.pushedRoutes)).toEqual(['10.5.5.0/24', 'fd00:5::/64']);
    expect(s.fact).toEqual({ source: 'x.conf', line: 5, text: 'server 10.8.0.0 255.255.255.0' });
  });
  it('has topology net30 when nothing is said', () => {
    expect(read('server 10.8.0.0 255.255.255.0')).toMatchObject({
      topology: 'net30',
      protocol: 'udp',
      port: 1194,
      dev: 'tun',
    });
  });
  it('is also one by mode server', () => {
    expect(read('mode server\ntls-server\nifconfig 10.8.0.1 10.8.0.2')).toMatchObject({ role: 'server' });
  });
});

describe('a client', () => {
  it('takes remotes in order, with the ports of their blocks', () => {
    const c = read(
      'client\ndev tun\nremote a.example 1195 tcp\n<connection>\nremote 203.0.113.1\nport 443\n</connection>\nremote b\nrport 7\nroute-metric 9\nroute 10.0.0.0 255.0.0.0\n',
    );
    expect(c).toMatchObject({ role: 'client', protocol: 'tcp', port: 1195, codes: [] });
    expect(c.remotes).toEqual([
      { host: 'a.example', port: 1195 },
      { host: '203.0.113.1', port: 443 },
      { host: 'b', port: 7 },
    ]);
    expect(c.routes[0]).toMatchObject({ metric: 9 });
  });
  it('without pull is a peer', () => {
    expect(read('remote x\nifconfig 10.4.0.1 10.4.0.2\nsecret k')).toMatchObject({ role: 'peer', topology: 'p2p' });
  });
});

describe('faults', () => {
  it.each([
    ['route 10.5.5.0/24', ['1:7 error value-invalid'], 'write 10.5.5.0 255.255.255.0'],
    ['route 10.5.5.0', ['1:7 warning netmask-missing'], 'write the netmask, for instance 255.255.255.0'],
    ['route 10.5.5.7', [], undefined],
    ['route 10.5.5.1 255.255.255.0', ['1:7 warning prefix-host-bits'], 'the network is 10.5.5.0 255.255.255.0'],
    ['server 10.8.0.1 255.255.255.0', ['1:8 error prefix-host-bits'], 'the network is 10.8.0.0 255.255.255.0'],
    ['route 10.5.5.0 255.0.255.0', ['1:16 error prefix-invalid'], 'write it like 255.255.255.0'],
    ['route 10.5.5.0 24', ['1:16 error prefix-invalid'], 'write it like 255.255.255.0'],
    ['route 010.5.5.0 255.255.255.0', ['1:7 error address-invalid'], undefined],
    ['route office 255.255.255.0', ['1:7 warning line-not-modelled'], undefined],
    ['route vpn_gateway', ['1:7 warning line-not-modelled'], undefined],
    ['route', ['1:1 error value-invalid'], undefined],
    ['route-ipv6 10.0.0.0/8', ['1:12 error address-invalid'], undefined],
    ['route-ipv6 fd00::1/64', ['1:12 warning prefix-host-bits'], 'the network is fd00::/64'],
    ['push "route 10.5.5.0 24"', ['1:22 error prefix-invalid'], 'write it like 255.255.255.0'],
    ['port 70000', ['1:6 error port-invalid'], 'write a number from 1 to 65535'],
    ['proto sctp', ['1:7 error value-invalid'], undefined],
    ['topology ring', ['1:10 error value-invalid'], undefined],
    ['dev tap0', ['1:5 warning line-not-modelled'], undefined],
    ['up "/etc/x"', ['1:1 note line-not-modelled'], undefined],
    ['client-connect /x', ['1:1 warning line-not-modelled'], undefined],
    ['sever 10.8.0.0 255.255.255.0', ['1:1 warning line-unknown'], undefined],
    ['constructor', ['1:1 warning line-unknown'], undefined],
    ['push "toString"', ['1:1 warning line-unknown'], undefined],
    ['dev "tun0', ['1:1 error value-invalid'], undefined],
    ['<key>\nabc', ['1:1 error input-cut-off'], undefined],
    ['config other.conf', ['1:8 warning file-missing'], undefined],
  ])('%s', (text, expected, hint) => {
    const r = read(text);
    expect(r.codes).toEqual(expected);
    expect(r.diagnostics[0]?.hint).toBe(hint);
  });
  it('are all told at once', () => {
    expect(read('route x/y\nport 0x\nfoo').codes).toHaveLength(3);
  });
});

it('reads files that config names, but not for ever', () => {
  const files: Record<string, string> = { 'a.conf': 'config b.conf\nport 7', 'b.conf': 'client\nremote x' };
  const include = (path: string) => (path in files ? { text: files[path]!, source: path } : undefined);
  const r = parseOpenVpnConfig('status s\nconfig a.conf', 'process 1', include);
  expect(r).toMatchObject({ diagnostics: [], value: { role: 'client', port: 7, extra: { statusFile: 's' } } });
  files['b.conf'] = 'config b.conf';
  expect(parseOpenVpnConfig('config b.conf', 'x', include).diagnostics).toMatchObject([{ code: 'file-missing' }]);
  files['b.conf'] = 'config b.conf\n'.repeat(1000);
  expect(parseOpenVpnConfig('config b.conf', 'x', include).diagnostics).toHaveLength(101);
});

describe('a client file', () => {
  it('names networks and addresses', () => {
    const { value, diagnostics } = parseCcdFile(
      'ifconfig-push 10.8.0.50 255.255.255.0\niroute 192.168.50.0 255.255.255.0\niroute-ipv6 fd00:50::/64\nifconfig-ipv6-push fd00:8::50/64 fd00:8::1\npush "route 10.9.0.0 255.255.0.0"\npush "dhcp-option DNS 1.1.1.1"\n',
      'ccd/site-b',
    );
    expect(prefixes(value.iroutes)).toEqual(['192.168.50.0/24', 'fd00:50::/64']);
    expect(value.iroutes[0]!.fact).toEqual({
      source: 'ccd/site-b',
      line: 2,
      text: 'iroute 192.168.50.0 255.255.255.0',
    });
    expect(value.addresses.map(formatAddress)).toEqual(['10.8.0.50', 'fd00:8::50']);
    expect(value.disabled).toBe(false);
    expect(codes(diagnostics)).toEqual(['5:1 note line-not-modelled']);
    expect(parseCcdFile('disable', 'x').value.disabled).toBe(true);
    expect(codes(parseCcdFile('iroute 192.168.50.0\nserver 1\n', 'x').diagnostics)).toEqual([
      '1:8 warning netmask-missing',
      '2:1 warning line-unknown',
    ]);
  });
});

describe('a status', () => {
  const summary = (text: string) => {
    const { value, diagnostics } = parseOpenVpnStatus(text, 'status');
    return {
      codes: codes(diagnostics),
      clients: value.clients
        .map((c) => `${c.commonName} ${c.realAddress ? formatAddress(c.realAddress) : '-'} ${c.realPort ?? '-'}`)
        .sort(),
      routes: value.routes.map((r) => `${r.commonName} ${formatPrefix(r.prefix)}${r.learned ? ' learned' : ''}`).sort(),
    };
  };
  it.each(['status-1.txt', 'status-2.txt', 'status-3.txt', 'management.txt'])('%s', (file) => {
    expect(summary(golden(file))).toEqual({
      codes: [],
      clients: [
        expect.stringMatching(/^laptop 198\.51\.100\.10 \d+$/),
        expect.stringMatching(/^site-b 198\.51\.100\.130 \d+$/),
      ],
      routes: [
        'laptop 10.8.0.2/32',
        'laptop fd00:8::1000/128',
        'site-b 10.8.0.50/32',
        'site-b 192.168.50.0/24',
        'site-b 192.168.50.1/32 learned',
        'site-b fd00:50::/64',
        'site-b fd00:8::50/128',
      ],
    });
  });
  it('knows the version and the offload', () => {
    expect(parseOpenVpnStatus(golden('status-2.txt'), 's').value).toMatchObject({
      kind: 'server',
      version: '2.6.14',
      dco: false,
    });
    expect(parseOpenVpnStatus(golden('status-2.txt').replace('dco_enabled,0', 'dco_enabled,1'), 's').value.dco).toBe(
      true,
    );
  });
  it('reads addresses outside in all their forms', () => {
    const row = (real: string) =>
      `TITLE,OpenVPN 2.7.0\nHEADER,CLIENT_LIST,Common Name,Real Address\nCLIENT_LIST,x,${real}\nEND\n`;
    expect(summary(row('udp4:198.51.100.1:5')).clients).toEqual(['x 198.51.100.1 5']);
    expect(summary(row('[2001:db8::1]:5')).clients).toEqual(['x 2001:db8::1 5']);
    expect(summary(row('2001:db8::1')).clients).toEqual(['x 2001:db8::1 -']);
    expect(summary(row('unix')).clients).toEqual(['x - -']);
  });
  it('tells what is not a status, cut off, or short of columns', () => {
    expect(parseOpenVpnStatus('hello\n', 's').diagnostics.map((d) => d.code)).toContain('input-unrecognised');
    const whole = golden('status-2.txt');
    expect(summary(whole.slice(0, whole.indexOf('GLOBAL_STATS'))).codes).toHaveLength(1);
    expect(summary(whole.replace('CLIENT_LIST,laptop,', 'CLIENT_LIST,')).codes).toEqual([
      expect.stringMatching(/^[45]:1 warning value-invalid$/),
    ]);
  });
  it('passes over a client’s numbers', () => {
    const text = 'OpenVPN STATISTICS\nUpdated,2026-11-22 14:37:09\nTUN/TAP read bytes,84\nEND\n';
    expect(parseOpenVpnStatus(text, 's')).toMatchObject({ diagnostics: [], value: { kind: 'client', clients: [] } });
  });
});

describe('joined', () => {
  const config = parseOpenVpnConfig('server 10.8.0.0 255.255.255.0\nclient-config-dir ccd', 's').value;
  const siteB = parseCcdFile('iroute 192.168.50.0 255.255.255.0', 'ccd/site-b').value;
  const show = (v: OpenVpn) =>
    v.clients
      .map(
        (c) =>
          `${c.commonName} ${c.connected} ${c.addresses.map(formatAddress).join()} ${prefixes(c.iroutes).sort().join()}`,
      )
      .sort();

  it('takes what is configured when there is no status', () => {
    const { value, diagnostics } = joinOpenVpn(
      config,
      new Map([
        ['site-b', siteB],
        ['DEFAULT', siteB],
      ]),
    );
    expect(show(value)).toEqual(['site-b undefined  192.168.50.0/24']);
    expect(value).toMatchObject({ statusKnown: false, topology: 'net30' });
    expect(value).not.toHaveProperty('extra');
    expect(diagnostics).toEqual([]);
  });
  it('reads no client file where the configuration names no directory', () => {
    const without = parseOpenVpnConfig('server 10.8.0.0 255.255.255.0', 's').value;
    const { value, diagnostics } = joinOpenVpn(without, new Map([['site-b', siteB]]));
    expect(value.clients).toEqual([]);
    expect(value.idleIroutes).toMatchObject([{ commonName: 'site-b', why: 'no-directory' }]);
    expect(diagnostics.map((d) => d.code)).toEqual(['iroute-not-active']);
  });
  it('takes the server’s own table when there is one', () => {
    const gone = parseCcdFile('iroute 192.168.60.0 255.255.255.0', 'ccd/site-c').value;
    const status = parseOpenVpnStatus(golden('status-2.txt'), 's').value;
    const { value, diagnostics } = joinOpenVpn(
      config,
      new Map([
        ['site-b', siteB],
        ['site-c', gone],
      ]),
      status,
    );
    expect(show(value)).toEqual([
      'laptop true 10.8.0.2,fd00:8::1000 ',
      'site-b true 10.8.0.50,fd00:8::50 192.168.50.0/24,fd00:50::/64',
      'site-c false  192.168.60.0/24',
    ]);
    expect(value.statusKnown).toBe(true);
    expect(diagnostics).toEqual([]);
  });
  it('finds the same in version 1', () => {
    const v = (n: number) =>
      joinOpenVpn(config, new Map(), parseOpenVpnStatus(golden(`status-${n}.txt`), 's').value).value;
    const sorted = (n: number) =>
      v(n)
        .clients.map((c) => c.addresses.map(formatAddress).sort().join())
        .sort();
    expect(sorted(1)).toEqual(sorted(2));
  });
  it('tells one host behind a client from the client’s own address', () => {
    const text = golden('status-2.txt').replace('192.168.50.0/24', '192.168.50.9');
    const { clients } = joinOpenVpn(config, new Map(), parseOpenVpnStatus(text, 's').value).value;
    const b = clients.find((c) => c.commonName === 'site-b');
    expect(prefixes(b!.iroutes).sort()).toEqual(['192.168.50.9/32', 'fd00:50::/64']);
  });
  it('names an iroute that the server does not use', () => {
    const other = parseCcdFile('iroute 192.168.99.0 255.255.255.0', 'ccd/laptop').value;
    const status = parseOpenVpnStatus(golden('status-3.txt'), 's').value;
    const { diagnostics } = joinOpenVpn(config, new Map([['laptop', other]]), status);
    expect(diagnostics).toMatchObject([{ code: 'iroute-not-active', span: { source: 'ccd/laptop', line: 1 } }]);
  });
  it('knows that 2.7 has another default topology', () => {
    const status = parseOpenVpnStatus(golden('status-2.txt').replace('OpenVPN 2.6.14', 'OpenVPN 2.7.1'), 's').value;
    expect(joinOpenVpn(config, new Map(), status).value.topology).toBe('subnet');
  });
});

describe('printed and read again', () => {
  const keys = { cert: '/k/a "b".crt', key: '/k/a.key', trusts: { fingerprints: ['AA:BB'] } };
  const network = fc
    .tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 1, max: 30 }))
    .map(([n, length]) => prefixOf(ipv4(n), length));
  const routes = fc.array(
    fc.record({
      prefix: fc.oneof(network, fc.constant(prefix('fd00:7::/48'))),
      metric: fc.option(fc.integer({ min: 0, max: 99 }), { nil: undefined }),
    }),
    { maxLength: 4 },
  );
  const plain = (list: OpenVpn['routes']) => list.map((r) => ({ prefix: formatPrefix(r.prefix), metric: r.metric }));

  it('a server is the same', () => {
    fc.assert(
      fc.property(routes, routes, fc.boolean(), fc.boolean(), (a, b, redirectGateway, clientToClient) => {
        const base = parseOpenVpnConfig(
          'server 10.8.0.0 255.255.255.0\nserver-ipv6 fd00:8::/64\ntopology subnet\ndev tun3',
          'x',
        ).value;
        const withFact = (list: typeof a) =>
          list.map(({ prefix, metric }) => ({ prefix, ...(metric === undefined ? {} : { metric }), fact: base.fact }));
        const vpn = { ...base, routes: withFact(a), pushedRoutes: withFact(b), redirectGateway, clientToClient };
        const again = parseOpenVpnConfig(printServerConfig(vpn, { keys, clientConfigDir: '/c d', status: '/s' }), 'y');
        expect(again.diagnostics).toEqual([]);
        expect(again.value).toMatchObject({
          role: 'server',
          dev: 'tun3',
          topology: 'subnet',
          redirectGateway,
          clientToClient,
        });
        expect(plain(again.value.routes)).toEqual(plain(vpn.routes));
        expect(plain(again.value.pushedRoutes)).toEqual(plain(vpn.pushedRoutes));
        expect(again.value.extra).toMatchObject({ clientConfigDir: '/c d', statusFile: '/s' });
      }),
    );
  });
  it('a client and a client file are the same', () => {
    const vpn = parseOpenVpnConfig('client\nremote 203.0.113.1 1195\nproto tcp\ndev tun0', 'x').value;
    const again = parseOpenVpnConfig(printClientConfig(vpn, { ...keys, trusts: { ca: 'ca.crt' } }), 'y');
    expect(again.diagnostics).toEqual([]);
    expect(again.value).toMatchObject({ role: 'client', remotes: vpn.remotes, protocol: 'tcp', port: 1195 });
    const server = parseOpenVpnConfig('server 10.8.0.0 255.255.255.0\ntopology subnet', 'x').value;
    const text = 'ifconfig-push 10.8.0.50 255.255.255.0\niroute 192.168.50.0 255.255.255.0\niroute-ipv6 fd00:50::/64\n';
    const client = { commonName: 'b', ...parseCcdFile(text, 'x').value };
    expect(printCcdFile(server, client)).toBe(text);
  });
});

it('ends with very many lines, since it takes time in proportion', () => {
  const n = 15_000;
  const rows = (f: (i: number) => string) => Array.from({ length: n }, (_, i) => f(i)).join('\n');
  const host = (i: number) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
  const status = `TITLE,OpenVPN 2.6.14
HEADER,CLIENT_LIST,Common Name,Real Address,Virtual Address
${rows((i) => `CLIENT_LIST,c${i},192.0.2.1:${i},${host(i)}`)}
HEADER,ROUTING_TABLE,Virtual Address,Common Name,Real Address
${rows((i) => `ROUTING_TABLE,${host(i)},c0,192.0.2.1:0`)}
${rows((i) => `ROUTING_TABLE,${host(i)},c${i},192.0.2.1:${i}`)}
END`;
  const config = parseOpenVpnConfig(
    rows((i) => `foo${i} "`),
    'x',
  ).value;
  const ccd = parseCcdFile(
    rows((i) => `iroute ${host(i)} 255.255.255.255`),
    'x',
  ).value;
  const read = parseOpenVpnStatus(status, 's');
  const joined = joinOpenVpn({ ...config, role: 'server' }, new Map([['c0', ccd]]), read.value);
  expect(joined.value.clients).toHaveLength(n);
});

describe('never throws', () => {
  const pieces = fc.constantFrom(
    'route ',
    'server ',
    'push "',
    '"',
    "'",
    '\\',
    '<key>',
    '</key>',
    '<connection>',
    '10.0.0.0 ',
    '255.0.0.0',
    '\n',
    '::/0',
    ',',
    '\t',
    'HEADER,',
    'CLIENT_LIST',
    'iroute ',
    '__proto__',
    'END\n',
  );
  const soup = fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 })), { maxLength: 40 }).map((l) => l.join(''));
  it('on anything', () => {
    fc.assert(
      fc.property(soup, (text) => {
        const config = parseOpenVpnConfig(text, 'x');
        const ccd = parseCcdFile(text, 'x').value;
        joinOpenVpn(config.value, new Map([['__proto__', ccd]]), parseOpenVpnStatus(text, 'x').value);
        for (const d of config.diagnostics) expect(d.message).not.toContain('\n');
      }),
      { numRuns: 500 },
    );
  });
  it.each(['status-1.txt', 'status-2.txt', 'management.txt'])('on %s cut anywhere', (file) => {
    const text = golden(file);
    for (let i = 0; i < text.length - 5; i += 3)
      expect(parseOpenVpnStatus(text.slice(0, i), 's').diagnostics).not.toEqual([]);
  });
});
