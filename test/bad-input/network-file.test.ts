import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../../src/host/index.ts';
import { runOn } from '../cli/world.ts';

/** A network in which everything is right. Each case spoils it in one way. */
const GOOD = `networks:
  lan: 10.0.0.0/24
hosts:
  a: { on: { lan: 10.0.0.1 } }
  b: { on: { lan: 10.0.0.2 } }
`;

/** What is spoilt: the file as text or as bytes, the other files; then code, line, column and the marked piece. */
interface Case {
  readonly name: string;
  readonly text: string | Buffer;
  readonly files?: Readonly<Record<string, string>>;
  readonly says: string;
  /** What the carets stand below. */
  readonly marked?: string;
  readonly hint?: RegExp;
}

const spoilt = (from: string, to: string): string => {
  if (!GOOD.includes(from)) throw new Error(`not in the network: ${from}`);
  return GOOD.replace(from, to);
};
const atA = (more: string): string => spoilt('{ on: { lan: 10.0.0.1 } }', `{ on: { lan: 10.0.0.1 }, ${more} }`);
const png = Buffer.from([
  0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0x81, 0xff,
]);
const tar = Buffer.concat([
  Buffer.from([0x1f, 0x8b, 8, 0]),
  Buffer.from(Array.from({ length: 600 }, (_, i) => (i * 89) % 256)),
]);
const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${['b', 'c', 'd', 'e', 'f', 'g', 'h']
  .map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefg'[i]}`).join(', ')}]\n`)
  .join('')}`;
const rules = `*filter\n:OUTPUT ACCEPT [0:0]\n:ONE - [0:0]\n:TWO - [0:0]\n-A OUTPUT -j ONE\n-A ONE -j TWO\n-A TWO -j ONE\nCOMMIT\n`;
const nft = {
  nftables: [
    { table: { family: 'ip', name: 't' } },
    { chain: { family: 'ip', table: 't', name: 'c' } },
    { rule: { family: 'ip', table: 't', chain: 'c', expr: [{ jump: { target: 'c' } }] } },
  ],
};

const cases: readonly Case[] = [
  { name: 'empty', text: '', says: 'input-unrecognised net.yaml:1:1', hint: /network-file\.md/ },
  { name: 'only comments', text: '# to do\n', says: 'input-unrecognised net.yaml:1:1', marked: '# to do', hint: /hosts:/ },
  { name: 'an image', text: png, says: 'input-unrecognised net.yaml:1:1', hint: /network file/ },
  { name: 'a tarball', text: tar, says: 'input-unrecognised net.yaml:1:1', hint: /network file/ },
  { name: 'UTF-16', text: Buffer.from(`\ufeff${GOOD}`, 'utf16le'), says: 'input-unrecognised net.yaml:1:1', hint: /UTF-8/ },
  { name: 'UTF-16 without a mark', text: Buffer.from(GOOD, 'utf16le'), says: 'input-unrecognised net.yaml:1:1', hint: /UTF-8/ },
  { name: 'JSON of something else', text: '{"name": "x", "version": 1}', says: 'key-unknown net.yaml:1:3', marked: 'name', hint: /networks, hosts/ },
  { name: 'a list', text: '[1, 2, 3]', says: 'value-invalid net.yaml:1:1', marked: '[1, 2, 3]' },
  { name: 'iptables-save', text: rules, says: 'input-unrecognised net.yaml:1:1', marked: '*filter', hint: /iptables: FILE/ },
  { name: 'nft -j', text: JSON.stringify(nft), says: 'input-unrecognised net.yaml:1:1', hint: /nft-json: FILE/ },
  { name: 'ip route', text: 'default via 10.0.0.1 dev eth0\n', says: 'input-unrecognised net.yaml:1:1', hint: /facts: FILE/ },
  { name: 'OpenVPN', text: 'client\ndev tun\nremote vpn.example 1194\n', says: 'input-unrecognised net.yaml:1:1', marked: 'client', hint: /openvpn: FILE/ },
  { name: 'aliases that grow', text: bomb, says: 'yaml-invalid net.yaml:1:1', hint: /write the values out/ },
  { name: 'an alias of nothing', text: 'hosts: *nobody\n', says: 'yaml-invalid net.yaml:1:1', hint: /write the values out/ },
  { name: 'a set as a key', text: '? !!set {a: 1}\n: x\n', says: 'key-unknown net.yaml:1:1' },
  { name: 'nested lists', text: '['.repeat(100_000), says: 'yaml-invalid net.yaml:1:1', hint: /example/ },
  { name: 'nested maps', text: 'hosts: ' + '{ a: '.repeat(20_000), says: 'yaml-invalid net.yaml:1:1', hint: /example/ },
  { name: 'much too long', text: `${GOOD}# ${'x'.repeat(2_000_000)}`, says: 'input-too-large net.yaml:1:1', hint: /files of their own/ },
  { name: 'tabs', text: GOOD.replaceAll('  ', '\t'), says: 'yaml-invalid net.yaml:2:1' },
  { name: 'an open bracket', text: spoilt('10.0.0.2 } }', '10.0.0.2 }'), says: 'yaml-invalid net.yaml:6:1' },
  { name: 'a key misspelt', text: spoilt('networks', 'netwroks'), says: 'key-unknown net.yaml:1:1', marked: 'netwroks', hint: /'networks'/ },
  { name: 'the same behind a byte order mark', text: '\ufeff' + spoilt('networks', 'netwroks'), says: 'key-unknown net.yaml:1:1', marked: 'netwroks' },
  { name: 'the same with CRLF', text: spoilt('networks', 'netwroks').replaceAll('\n', '\r\n'), says: 'key-unknown net.yaml:1:1', marked: 'netwroks' },
  { name: 'a key misspelt in a host', text: atA('forward: true'), says: 'key-unknown net.yaml:4:31', marked: 'forward', hint: /'forwards'/ },
  { name: 'a value of the wrong kind', text: atA('forwards: maybe'), says: 'value-invalid net.yaml:4:41', marked: 'maybe' },
  { name: 'a network that is not there', text: spoilt('lan: 10.0.0.2', 'lna: 10.0.0.2'), says: 'name-unknown net.yaml:5:14', marked: 'lna', hint: /'lan'/ },
  { name: 'a host twice', text: `${GOOD}  a: { on: { lan: 10.0.0.3 } }\n`, says: 'name-duplicate net.yaml:6:3', marked: 'a', hint: /keep one/ },
  { name: 'a host called as a network', text: `${GOOD}  lan: { on: { lan: 10.0.0.3 } }\n`, says: 'name-duplicate net.yaml:6:3', marked: 'lan' },
  { name: 'host bits', text: spoilt('10.0.0.0/24', '10.0.0.7/24'), says: 'prefix-host-bits net.yaml:2:8', marked: '10.0.0.7/24', hint: /10\.0\.0\.0\/24/ },
  { name: 'an octal look', text: spoilt('10.0.0.1', '10.0.0.010'), says: 'address-octal net.yaml:4:19', marked: '10.0.0.010', hint: /zero/ },
  { name: 'a short address', text: spoilt('10.0.0.1', '10.0.1'), says: 'address-short net.yaml:4:19', marked: '10.0.1', hint: /four/ },
  { name: 'a number too large', text: spoilt('10.0.0.1', '10.0.0.256'), says: 'address-invalid net.yaml:4:19', marked: '10.0.0.256' },
  { name: 'a prefix too long', text: spoilt('10.0.0.0/24', '10.0.0.0/33'), says: 'prefix-invalid net.yaml:2:8', marked: '10.0.0.0/33', hint: /0 to 32/ },
  { name: 'a route that is none', text: atA('routes: [defualt via 10.0.0.2]'), says: 'address-invalid net.yaml:4:40', marked: 'defualt', hint: /destination/ },
  { name: 'an expectation of nobody', text: `${GOOD}expect: [a reaches bb by ping]\n`, says: 'name-unknown net.yaml:6:20', marked: 'bb', hint: /'b'/ },
  { name: 'an expectation that is none', text: `${GOOD}expect: [a flies to b]\n`, says: 'expectation-invalid net.yaml:6:10' },
  { name: 'a file that is not there', text: atA('facts: a.fact'), files: { 'a.facts': 'x' }, says: 'file-missing net.yaml:4:38', marked: 'a.fact', hint: /folder/ },
  { name: 'facts that are none', text: atA('facts: x'), files: { x: png.toString() }, says: 'input-unrecognised net.yaml:4:38', marked: 'x', hint: /waymark collect/ },
  { name: 'a filter that is none', text: atA('iptables: x'), files: { x: png.toString() }, says: 'input-unrecognised net.yaml:4:41', marked: 'x', hint: /iptables-save/ },
  { name: 'sets that are none', text: atA('ipset: x'), files: { x: png.toString() }, says: 'input-unrecognised net.yaml:4:38', marked: 'x', hint: /ipset save/ },
  { name: 'chains in a circle, iptables', text: atA('iptables: x'), files: { x: rules }, says: 'chain-cycle x:7:1', marked: '-A TWO -j ONE', hint: /kernel/ },
  { name: 'chains in a circle, nft', text: atA('nft-json: x'), files: { x: JSON.stringify(nft) }, says: 'chain-cycle x:1:1', hint: /whole/ },
  { name: 'control characters', text: spoilt('lan: 10.0.0.2', '"\\e[31ml\\a": 10.0.0.2'), says: 'value-invalid net.yaml:5:15' },
]; // prettier-ignore

// a person who hands over the wrong thing hears what is wrong, where, and what to do; never a stack trace, and nothing
// is written
describe('bad input: network files', () => {
  it.each(cases)('$name', async ({ text, files = {}, says, marked, hint }) => {
    const all = { ...files, 'net.yaml': typeof text === 'string' ? text : text.toString('utf8') };
    const machine = fakeMachine({ files: all });
    const before = machine.render();
    const { stdout, stderr, code } = await runOn(machine, ['fix', 'a', 'b', '-n', 'net.yaml', '--write', 'out']);
    const [first, ...others] = stderr.split('\n');
    const [, name, place] = /^error\[([a-z-]+)\] ([^ ]+): ./.exec(first!) ?? [];
    expect({ code, stdout, says: `${name} ${place}` }).toEqual({ code: 2, stdout: '', says });
    if (marked !== undefined) expect(pieceAbove(others)).toBe(marked);
    if (hint) expect(others.join('\n')).toMatch(hint);
    expect(stderr).not.toMatch(/\n {4}at |fault of waymark/);
    expect(stderr, 'control characters').not.toMatch(/[^\P{Cc}\n]/u);
    expect(machine.render()).toBe(before);
  });

  it('tells all faults of a file at once', async () => {
    const text = GOOD.replace('10.0.0.1', '10.0.0.010').replace('lan: 10.0.0.2', 'lna: 10.0.0.2') + 'hots: {}\n';
    const { stderr } = await runOn(fakeMachine({ files: { 'net.yaml': text } }), ['check', '-n', 'net.yaml']);
    expect([...stderr.matchAll(/^error\[(.*?)\]/gm)].map((m) => m[1]).sort()).toEqual([
      'address-octal',
      'key-unknown',
      'name-unknown',
    ]);
  });

  it.each(['\r\n', '\n'])('reads every line end, with a byte order mark and without', async (end) => {
    for (const mark of ['', '\ufeff']) {
      const files = { 'net.yaml': mark + GOOD.replaceAll('\n', end) };
      expect((await runOn(fakeMachine({ files }), ['explain', 'a', 'b', '-n', 'net.yaml'])).code).toBe(0);
      const machine = fakeMachine({ stdin: files['net.yaml'] });
      expect((await runOn(machine, ['explain', 'a', 'b', '-n', '-'])).code).toBe(0);
    }
  });
});

/** The piece of the shown line that the carets stand below. */
function pieceAbove(lines: readonly string[]): string | undefined {
  const [line, carets] = lines;
  const at = carets?.indexOf('^') ?? -1;
  return at < 0 ? undefined : line!.slice(at, carets!.length);
}
