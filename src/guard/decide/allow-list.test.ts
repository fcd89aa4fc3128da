import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatAddress,
  fromBigInt,
  ipv4,
  overlaps,
  parseAddress,
  parsePrefix,
  prefixOf,
  type Address,
  type Prefix,
} from '../../ip/index.ts';
import {
  allowedByFacts,
  allowedByList,
  allowedByName,
  AllowList,
  parseSshConnection,
  type AllowEntry,
} from './allow-list.ts';

const prefix = (text: string): Prefix => {
  const read = parsePrefix(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};
const address = (text: string): Address => {
  const read = parseAddress(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};

const anyPrefix = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 10, 203), fc.nat(3), fc.nat(3), fc.nat(32))
    .map(([a, b, c, n]) => prefixOf(ipv4(a * 0x1000000 + b * 0x4000 + c), n)),
  fc
    .tuple(fc.constantFrom(0n, 0x20010db8n), fc.bigInt(0n, 3n), fc.constantFrom(0, 31, 32, 64, 126, 128))
    .map(([a, b, n]) => prefixOf(fromBigInt((a << 96n) | b, 6), n)),
);

const why = (allowed: readonly AllowEntry[], asked: string): string[] =>
  new AllowList(allowed).refusalsOf(prefix(asked)).map((r) => r.why);

describe('the allow list', () => {
  it('refuses what meets one of its entries, as a look at each of them says', () => {
    fc.assert(
      fc.property(fc.array(anyPrefix, { maxLength: 30 }), anyPrefix, (all, asked) => {
        const entries = all.map((p, i) => ({ prefix: p, why: `entry ${i}` }));
        const found = new AllowList(entries).refusalsOf(asked).map((r) => r.entry);
        expect(found).toEqual(entries.filter((e) => overlaps(e.prefix, asked)));
      }),
      { numRuns: 2000 },
    );
  });

  it('says why, in both directions', () => {
    const allowed = [
      ...allowedByFacts({
        own: [{ address: address('203.0.113.5'), name: 'eth0' }],
        gateways: [{ address: address('203.0.113.1'), name: 'eth0' }],
        nameServers: [address('9.9.9.9')],
        sshClient: address('198.51.100.7'),
      }),
      ...allowedByName('page-1', [address('10.0.0.2')], 'pageServers'),
      ...allowedByList([{ prefix: prefix('192.0.2.0/24') }], 'proxies'),
      ...allowedByList([{ prefix: prefix('10.0.0.3'), reason: 'berlin' }], 'peers'),
    ];
    expect(why(allowed, '203.0.113.0/24')).toEqual([
      '203.0.113.5 is an address of this machine, on eth0',
      '203.0.113.1 is a gateway of this machine, on eth0',
    ]);
    expect(why(allowed, '192.0.2.9')).toEqual([
      '192.0.2.9 lies in 192.0.2.0/24, which is a proxy that visitors come through',
    ]);
    expect(why(allowed, '9.9.9.9')).toEqual(['9.9.9.9 is a name server of this machine']);
    expect(why(allowed, '198.51.100.7')).toEqual(['198.51.100.7 is where your SSH connection comes from']);
    expect(why(allowed, '10.0.0.0/30')).toEqual([
      '10.0.0.2 is a server of the page as page-1',
      '10.0.0.3 is a peer that shares decisions (berlin)',
    ]);
    expect(why(allowed, '198.51.100.8')).toEqual([]);
    expect(why(allowed, '0.0.0.0/0')).toHaveLength(8);
  });

  it('always has loopback on it', () => {
    const allowed = allowedByFacts({});
    expect(why(allowed, '127.0.0.53')).toEqual([
      '127.0.0.53 lies in 127.0.0.0/8, which is this machine itself (loopback)',
    ]);
    expect(why(allowed, '::/64')).toEqual(['::1 is this machine itself (loopback)']);
  });

  it('protects the whole network of an SSH client with IPv6', () => {
    const allowed = allowedByFacts({ sshClient: address('2001:db8:1:2::7') });
    expect(why(allowed, '2001:db8:1:2:3::8')).toEqual([
      '2001:db8:1:2:3::8 lies in 2001:db8:1:2::/64, which is the network that your SSH connection comes from (2001:db8:1:2::7)',
    ]);
  });

  it('takes entries of the settings, with their remarks, and names', () => {
    const allowed = [
      ...allowedByList([{ prefix: prefix('192.0.2.0/24'), reason: 'the office' }, { prefix: prefix('192.0.2.1') }]),
      ...allowedByName('home.example.org', [address('198.51.100.7')]),
    ];
    expect(why(allowed, '192.0.2.1')).toEqual([
      '192.0.2.1 lies in 192.0.2.0/24, which is on the allow list (the office)',
      '192.0.2.1 is on the allow list',
    ]);
    expect(why(allowed, '198.51.100.0/24')).toEqual(['198.51.100.7 is on the allow list as home.example.org']);
  });
});

describe('an SSH connection', () => {
  it.each([
    ['198.51.100.7 51234 203.0.113.5 22', '198.51.100.7'],
    ['198.51.100.7 51234 22', '198.51.100.7'],
    ['::ffff:198.51.100.7 51234 ::ffff:203.0.113.5 22', '198.51.100.7'],
    ['fe80::1%eth0 51234 fe80::2%eth0 22', 'fe80::1'],
    ['UNKNOWN 65535 UNKNOWN 65535', null],
    ['', null],
    ['198.51.100.7', null],
    ['198.51.100.7 1 2 3 4', null],
  ])('%j comes from %s', (text, client) => {
    const found = parseSshConnection(text);
    expect(found === null ? null : formatAddress(found)).toBe(client);
  });
});
