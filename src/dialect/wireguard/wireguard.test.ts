import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { formatPrefix, type Diagnostic } from '../../ip/index.ts';
import { hideKeys, parseWgDump, parseWgQuick } from './index.ts';

const PRIVATE = 'CEDiSaN07Po/3zU21TZrRHnhO15y5SOU/DHXz6EujFc=';
const PUBLIC = 'QPL3XKMOu0JQy7NCUPdyCWRmCO5qwmkqCvNl16j4sj4=';
const OTHER = 'U+hKjQiiR5XHRYWw6cZ9fzPym1soQRTYSOaLtdfyECQ=';
const PRESHARED = 'IBtqTFH0ILRD+Q1Gtq9wT1QluP809KAblBa3LELeDkg=';

const FILE = `# PrivateKey = ${PRESHARED}
[Interface]
Address = 10.99.0.1/24, fd00:99::1/64
privatekey=${PRIVATE}
ListenPort = 51820
FwMark = 0xca6c
Table = 100
[Peer]
PublicKey = ${OTHER} # branch
PresharedKey = ${PRESHARED}
AllowedIPs = 10.2.0.7/24, fd00:2::/64
Endpoint = [2001:db8::1]:51821
PersistentKeepalive = 25
`;

const DUMP = [
  `wg0\t${PRIVATE}\t${PUBLIC}\t51820\t0xca6c`,
  `wg0\t${OTHER}\t${PRESHARED}\t203.0.113.7:40000\t10.2.0.0/24,10.99.0.2/32\t1700000000\t1\t2\t25`,
  `wg0\t${PUBLIC}\t(none)\t(none)\t(none)\t0\t0\t0\toff`,
  '',
].join('\n');

/** Whether anything that was made of a text has a key that must not be kept. */
const keeps = (value: unknown): boolean => {
  const text = JSON.stringify(value);
  return text.includes(PRIVATE) || text.includes(PRESHARED);
};

const codes = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map((d) => `${d.code} ${d.span?.line}`);

describe('a file of wg-quick', () => {
  it('is read', () => {
    const { value, diagnostics } = parseWgQuick(FILE, 'wg0.conf', 'wg0');
    expect(diagnostics).toEqual([]);
    const { wireguard, addresses, table } = value;
    expect(addresses.map(formatPrefix)).toEqual(['10.99.0.1/24', 'fd00:99::1/64']);
    expect(table).toBe(100);
    expect(wireguard).toMatchObject({ dev: 'wg0', listenPort: 51820, fwmark: 51820, publicKey: PUBLIC });
    expect(wireguard.peers).toHaveLength(1);
    expect(wireguard.peers[0]).toMatchObject({
      publicKey: OTHER,
      keepalive: 25,
      endpoint: { host: '2001:db8::1', port: 51821 },
    });
    expect(wireguard.peers[0]!.allowedIps.map((a) => formatPrefix(a.prefix))).toEqual(['10.2.0.0/24', 'fd00:2::/64']);
  });
  it('leaves no private and no preshared key, also where it is wrong', () => {
    const wrong = FILE.replace(
      '[Interface]',
      `PrivateKey = ${PRIVATE}\n[Interface]\nPrivateKey ${PRIVATE}\nPrivatKey = ${PRIVATE}`,
    );
    for (const text of [FILE, wrong, FILE.replaceAll('\n', '\r\n'), FILE.replaceAll('=', ' =\t')])
      expect(keeps(parseWgQuick(text, 'wg0.conf', 'wg0')), text).toBe(false);
    expect(hideKeys(FILE).split('\n')).toHaveLength(FILE.split('\n').length);
  });
  it.skipIf(spawnSync('wg', ['--version']).status !== 0)('has the public key that wg tells', () => {
    for (let i = 0; i < 5; i++) {
      const key = spawnSync('wg', ['genkey'], { encoding: 'utf8' }).stdout.trim();
      const told = spawnSync('wg', ['pubkey'], { input: key, encoding: 'utf8' }).stdout.trim();
      expect(parseWgQuick(`[Interface]\nPrivateKey = ${key}\n`, 'x', 'wg0').value.wireguard.publicKey).toBe(told);
    }
  });
  it('gives a network that two peers name to the later one, and says so', () => {
    const second = `[Peer]\nPublicKey = ${PUBLIC}\nAllowedIPs = 10.2.0.0/24\n`;
    const { value, diagnostics } = parseWgQuick(FILE + second, 'wg0.conf', 'wg0');
    expect(value.wireguard.peers.map((p) => p.allowedIps.map((a) => formatPrefix(a.prefix)))).toEqual([
      ['fd00:2::/64'],
      ['10.2.0.0/24'],
    ]);
    expect(codes(diagnostics)).toEqual(['allowed-ip-moved 11']);
  });
  it('says each line that it cannot follow, at its place', () => {
    const text = `[Interface]\nAddress = 10.0.0.300\nListenPort = 70000\nPostUp = iptables -A FORWARD -j ACCEPT\nColour = red\n[Peer]\nPublicKey = short\nEndpoint = nowhere\nAllowedIPs = 10.0.0.0/33\n`;
    expect(codes(parseWgQuick(text, 'x', 'wg0').diagnostics)).toEqual([
      'address-invalid 2',
      'value-invalid 3',
      'line-not-modelled 4',
      'line-unknown 5',
      'value-invalid 7',
      'value-invalid 8',
      'prefix-invalid 9',
      'key-missing 6',
    ]);
  });
});

describe('wg show all dump', () => {
  it('is read, without private and preshared keys', () => {
    const parsed = parseWgDump(DUMP, 'wg show all dump');
    expect(parsed.diagnostics).toEqual([]);
    expect(parsed.value).toMatchObject([
      {
        dev: 'wg0',
        publicKey: PUBLIC,
        listenPort: 51820,
        fwmark: 51820,
        peers: [
          {
            publicKey: OTHER,
            endpoint: { host: '203.0.113.7', port: 40000 },
            keepalive: 25,
            latestHandshake: 1700000000,
          },
          { publicKey: PUBLIC, allowedIps: [], keepalive: 0, latestHandshake: 0 },
        ],
      },
    ]);
    expect(keeps(parsed)).toBe(false);
  });
  it('says other lines, without their keys', () => {
    const parsed = parseWgDump(`nonsense\n${DUMP.replace(/^wg0/gm, 'x\twg0')}`, 'x');
    expect(parsed.diagnostics.every((d) => d.code === 'line-unknown')).toBe(true);
    expect(parsed.diagnostics.length).toBeGreaterThan(2);
    expect(keeps(parsed)).toBe(false);
  });
});
