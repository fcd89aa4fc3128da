import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatAddress, formatPrefix } from '../ip/index.ts';
import type { Somebody } from './settings-allow.ts';
import { DEFAULT_SETTINGS, parseGuardSettings, settingsJsonSchema } from './settings.ts';

const named = (who: Somebody): string =>
  who.kind === 'prefix' ? formatPrefix(who.prefix) : `${who.kind} ${who.kind === 'name' ? who.name : who.path}`;

const faults = (text: string): readonly string[] =>
  parseGuardSettings(text, 'guard.yaml').diagnostics.map((d) => `${d.code} ${d.span!.line}:${d.span!.column}`);

describe('settings of the guard', () => {
  it('have a schema that is published: else npm run schemas', () => {
    const file = readFileSync(join(import.meta.dirname, '../../schema/guard.schema.json'), 'utf8');
    expect(JSON.parse(file)).toEqual(settingsJsonSchema());
  });
  it('are the usual ones when nothing is said', () => {
    expect(parseGuardSettings('', 'guard.yaml')).toEqual({ value: DEFAULT_SETTINGS, diagnostics: [] });
  });
  it('are read', () => {
    const { value, diagnostics } = parseGuardSettings(
      `ports: [ { site: 8080, page: 9080 } ]
engine: iptables
allow: [ 192.0.2.0/24, 2001:db8::1 ]
contact: { site: Example, phone: "+49 30 1234", email: help@example.org }
`,
      'guard.yaml',
    );
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({
      ports: [{ site: 8080, page: 9080, tls: false }],
      engine: 'iptables',
      contact: { site: 'Example', phone: '+49 30 1234', email: 'help@example.org' },
    });
    expect(value.allow.map(named)).toEqual(['192.0.2.0/24', '2001:db8::1/128']);
  });
  it('take detectors of your own, and what is different of those that are shipped', () => {
    const { value, diagnostics } = parseGuardSettings(
      `detectors:
  - { name: ssh-names, off: true }
  - { name: many-missing, most: 40 }
  - { name: flood, per-second: 50, block: { first: 1m, warn-first: true } }
  - name: orders
    reason: Too many orders
    counts: { methods: [POST], paths: [/Order/], agents: [Bot] }
    most: 5
    within: 1h
    weight: 0.5
    per: network
`,
      'guard.yaml',
    );
    expect(diagnostics).toEqual([]);
    const by = (name: string): unknown => value.detectors.find((d) => d.name === name);
    expect(value.detectors).toHaveLength(DEFAULT_SETTINGS.detectors.length);
    expect(by('ssh-names')).toBeUndefined();
    expect(by('many-missing')).toMatchObject({ measure: { most: 40, windowMs: 60_000, distinct: 'path' } });
    expect(by('flood')).toMatchObject({
      measure: { kind: 'bucket', most: 600, perSecond: 50 },
      sentence: { first: 60_000, factor: 4, warnFirst: true },
    });
    expect(by('orders')).toEqual({
      ...{ name: 'orders', reason: 'Too many orders', per: 'network', weight: 0.5 },
      counts: { happenings: ['request'], methods: ['POST'], paths: ['order'], agents: ['bot'] },
      measure: { kind: 'window', most: 5, windowMs: 3_600_000 },
      sentence: { first: 600_000, factor: 4, longest: 604_800_000, warnFirst: false },
    });
  });
  it.each([
    ['{ name: x, counts: {}, most: 1, within: 1m }', 'key-missing 1:14'],
    ['{ name: x, reason: y, most: 1, within: 1m }', 'key-missing 1:14'],
    ['{ name: x, reason: y, counts: {}, within: 1m }', 'key-missing 1:14'],
    ['{ name: x, reason: y, counts: {}, most: 1 }', 'key-missing 1:14'],
    ['{ name: x, reason: y, counts: {}, most: 1, within: soon }', 'duration-invalid 1:65'],
    ['{ name: flood, block: { first: forever } }', 'value-invalid 1:45'],
    ['{ name: flood, block: { first: 2w } }', 'value-invalid 1:36'],
    ['{ name: flood, within: 1m, per-second: 1 }', 'value-invalid 1:53'],
    ['{ name: floods, off: true }', 'value-invalid 1:22'],
    ['{ name: flood, counts: { statuses: [4] } }', 'value-invalid 1:50'],
  ])('say what is wrong with a detector: %s', (detector, fault) => {
    expect(faults(`detectors: [ ${detector} ]`)).toEqual([fault]);
  });
  it('have no more detectors than can be at work', () => {
    const own = Array.from(
      { length: 20 },
      (_, i) => `  - { name: x${i}, reason: y, counts: {}, most: 1, within: 1m }\n`,
    );
    expect(faults(`detectors:\n${own.join('')}`)).toEqual(['value-invalid 2:3']);
  });
  it('want a certificate for ports with TLS', () => {
    expect(faults('ports: [ { site: 80, page: 18080 }, { site: 443, page: 18443 } ]')).toEqual(['key-missing 1:37']);
    const files = 'certificates: [ { certificate: a.pem, key: /keys/a.key } ]';
    expect(
      parseGuardSettings(`ports: [ { site: 443, page: 18443 } ]\n${files}`, '/etc/waymark/guard.yaml'),
    ).toMatchObject({
      value: { ports: [{ tls: true }], certificates: [{ certificate: '/etc/waymark/a.pem', key: '/keys/a.key' }] },
      diagnostics: [],
    });
  });
  it('name whom not to block, and how the page looks; files count from the settings file', () => {
    const { value, diagnostics } = parseGuardSettings(
      `allow: [ 192.0.2.7, office.example.org, /srv/allow.txt, ./more.txt ]
proxies: [ 198.51.100.0/24 ]
peers: [ 2001:db8::7, page1 ]
search-engines: true
widest: { ipv4: 16 }
folder: ./state
page: { status: 429, template: page.html, logo: ../logo.png, languages: [ de, pl.yaml ] }
`,
      '/etc/waymark/guard.yaml',
    );
    expect(diagnostics).toEqual([]);
    const who = { allow: value.allow, proxies: value.proxies, peers: value.peers };
    expect(Object.fromEntries(Object.entries(who).map(([key, all]) => [key, all.map(named)]))).toEqual({
      allow: ['192.0.2.7/32', 'name office.example.org', 'file /srv/allow.txt', 'file /etc/waymark/more.txt'],
      proxies: ['198.51.100.0/24'],
      peers: ['2001:db8::7/128', 'name page1'],
    });
    expect(value).toMatchObject({
      searchEngines: true,
      folder: '/etc/waymark/state',
      socket: '/run/waymark/guard.sock',
      widest: { 4: 16, 6: 19 },
      page: {
        status: 429,
        template: '/etc/waymark/page.html',
        logo: '/etc/logo.png',
        languages: ['de', '/etc/waymark/pl.yaml'],
      },
    });
  });
  it('hint at the key that was meant, however deep', () => {
    const hint = (text: string): string | undefined => parseGuardSettings(text, 'x').diagnostics[0]?.hint;
    expect(hint('page: { stats: 403 }')).toContain("'status'");
    expect(hint('ports: [ { site: 80, page: 8080, tlss: true } ]')).toContain("'tls'");
    expect(hint('page: { status: 200 }')).toBeUndefined();
    expect(faults('page: { status: 200 }')).toEqual(['value-invalid 1:17']);
  });
  it('are told where they are wrong, all at once', () => {
    expect(faults('ports: []\nengin: nft\nallow: [10.0.0.1/8, 10.0.0.300, 4]\ncontact: { phones: 1 }\n')).toEqual([
      'value-invalid 1:8',
      'key-unknown 2:1',
      'prefix-host-bits 3:9',
      'address-invalid 3:21',
      'value-invalid 3:33',
      'key-unknown 4:12',
    ]);
  });
});

describe('settings of the way to the page', () => {
  const servers = 'servers: [{ address: 10.10.10.1 }, { address: "fd00:10::1", weight: 3 }]';
  it('are read, with what is usual', () => {
    const { value, diagnostics } = parseGuardSettings(
      `delivery: { way: keepalived, gone: polite, ${servers}, sorry: [10.10.10.9], keepalived: { mark: 7, kind: nat } }`,
      'guard.yaml',
    );
    expect(diagnostics).toEqual([]);
    const { delivery } = value;
    expect(delivery.ask).toBe(null);
    expect(delivery.servers.map((s) => `${formatAddress(s.address)} ${s.weight}`)).toEqual([
      '10.10.10.1 1',
      'fd00:10::1 3',
    ]);
    expect(delivery.keepalived).toMatchObject({ mark: 7, scheduler: 'wlc', pid: '/run/keepalived.pid' });
  });
  it.each([
    ['{ way: keepalived }', 'key-missing 1:18'],
    [`{ ${servers}, sorry: [10.10.10.9] }`, 'value-invalid'],
    [`{ ${servers}, gone: polite, sorry: [10.10.10.9, 10.10.10.8] }`, 'value-invalid'],
    ['{ servers: [{ address: 10.10.10.400 }] }', 'address-invalid 1:34'],
    [`{ way: keepalived, ${servers}, keepalived: { kind: dr } }`, 'value-invalid'],
    ['{ ask: { address: 10.10.10.254, port: 18079 } }', 'key-missing'],
    [`{ ${servers}, ask: { address: there, port: 18079 } }`, 'address-invalid'],
    [`{ ${servers} }\nengine: nginx`, 'value-invalid'],
    [`{ way: keepalived, ${servers} }\nports: [{ site: 80, page: 80 }, { site: 81, page: 8081 }]`, 'value-invalid'],
  ])('are refused where they contradict themselves: %s', (text, fault) => {
    expect(faults(`delivery: ${text}\n`).join()).toContain(fault);
  });
  it.each(['nginx', 'haproxy'])('are said to be unused by %s, all but `gone`', (engine) => {
    const said = '{ way: local, gone: polite, sorry: [10.10.10.9], keepalived: { mark: 7 } }';
    const { diagnostics } = parseGuardSettings(`delivery: ${said}\nengine: ${engine}\n`, 'guard.yaml');
    expect(diagnostics.map((d) => `${d.severity} ${d.code} ${d.span!.line}:${d.span!.column}`)).toEqual(
      [13, 39, 60].map((column) => `warning setting-unused 1:${column}`),
    );
    expect(faults(`delivery: { gone: polite }\nengine: ${engine}\n`)).toEqual([]);
    expect(faults(`delivery:\nengine: ${engine}\n`).join()).not.toContain('setting-unused');
    expect(faults(`delivery: ${said}\n`).join()).not.toContain('setting-unused');
  });
  it('let one port be another there', () => {
    expect(faults(`delivery: { way: keepalived, ${servers} }\nports: [{ site: 80, page: 8080 }]`)).toEqual([]);
  });
});

describe('settings of logs', () => {
  const origins = (text: string): unknown =>
    parseGuardSettings(text, '/etc/waymark/guard.yaml').value.logs.map((l) => l.origin);
  it('say where lines come from', () => {
    expect(
      origins(
        "logs: [ { file: a.log, backlog: true }, { file: '-' }, { journal: [ssh.service, _COMM=sshd] }, { socket: /run/x, group: adm } ]",
      ),
    ).toEqual([
      { kind: 'file', file: '/etc/waymark/a.log', backlog: true },
      { kind: 'file', file: '-', backlog: false },
      { kind: 'journal', words: ['ssh.service', '_COMM=sshd'], folder: null },
      { kind: 'socket', socket: '/run/x', group: 'adm' },
    ]);
  });
  it.each([
    ['{ }', 'value-invalid 1:9'],
    ['{ file: a, socket: b }', 'value-invalid'],
    ['{ file: a, group: b }', 'value-invalid'],
    ['{ journal: --file=/etc/shadow }', 'value-invalid 1:20'],
    ['{ journal: [] }', 'value-invalid'],
    ['{ file: a, format: $status }', 'value-invalid 1:28'],
    ['{ file: a, formats: json }', 'key-unknown 1:20'],
  ])('are told where they are wrong: %s', (log, fault) => {
    const said = faults(`logs: [ ${log} ]`);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(fault);
  });
  it.each(['nginx', 'haproxy'])('say that Keepalived is not for %s, instead of asking for page servers', (engine) => {
    const said = parseGuardSettings(`engine: ${engine}\ndelivery: { way: keepalived }\n`, 'g.yaml').diagnostics;
    expect(said.map((d) => [d.code, d.span?.line, d.message])).toEqual([
      [
        'value-invalid',
        2,
        `${engine} brings blocked visitors to the page by itself, on this machine: Keepalived is for nft and iptables`,
      ],
    ]);
    expect(said[0]!.hint).toBe('take `way` out of `delivery`, or let the firewall carry blocks out: engine: nft');
    const both = `engine: ${engine}\ndelivery: { way: keepalived, servers: [ { address: 10.0.0.1 } ] }\n`;
    expect(parseGuardSettings(both, 'g.yaml').diagnostics[0]!.hint).toContain('take `way` and `servers` out');
  });
});
