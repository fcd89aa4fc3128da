import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../../src/host/index.ts';
import { exampleFiles, runOn } from '../cli/world.ts';

const office = exampleFiles('office');
const networkText = office['examples/office/network.yaml']!;
const factsText = office['examples/office/vpn-server.facts']!;
const folder = 'examples/office';

const bytes = fc.uint8Array({ maxLength: 400 }).map((b) => Buffer.from(b).toString('utf8'));

/** Texts with the words of the formats in them, so that random ones get past the first check. */
const WORDS = [
  'networks:', 'hosts:', 'expect:', ' on: ', '{', '}', '[', ']', ': ', '\n', '\n  ', '\n    ', '- ', '"', "'", '&a', '*a', '<<: ', '? ', '|\n', '!!set ',
  'a', 'lan', '10.0.0.0/24', '10.0.0.1', '::/0', 'fe80::1', 'internet', 'facts: x', 'iptables: x', 'routes: ', 'default via ', 'a reaches b by ping',
  '# waymark facts 1\n', '=== uname -n\n', '=== ip -j -d addr show\n', '=== end\n', '=== ? 1\n', '*filter\n', ':FORWARD DROP [0:0]\n', '-A FORWARD -j ',
  'COMMIT\n', '{"nftables": [', '__proto__', 'constructor', '\0', '\ufeff', '\ud800', '99999999999999999999', '-1', 'null', 'true', '~',
] as const; // prettier-ignore
const wordy = fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join(''));

/** A good text with a piece taken out, put in, doubled or moved. */
const spoilt = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(60), fc.oneof(bytes, wordy, fc.constant('')), fc.nat(text.length))
    .map(([at, length, piece, other]) =>
      other % 2 === 0
        ? text.slice(0, at) + piece + text.slice(at + length)
        : text.slice(0, at) + text.slice(other, other + length) + text.slice(at),
    );

const anything = fc.oneof(bytes, wordy, spoilt(networkText), spoilt(factsText));
const command = fc.constantFrom(
  ['explain', 'laptop', 'linux-server'],
  ['explain', 'laptop', 'linux-server', '--port', '22', '--json'],
  ['fix', 'laptop', 'linux-server', '--write', 'out'],
  ['check', '--json'],
  ['draw', 'laptop', 'linux-server'],
  ['draw', '--format', 'svg'],
);

async function endsWell(setup: Parameters<typeof fakeMachine>[0], words: readonly string[]): Promise<void> {
  const machine = fakeMachine(setup);
  const before = machine.render();
  const { stdout, stderr, code } = await runOn(machine, words);
  expect([0, 1, 2, 3]).toContain(code);
  expect(stderr).not.toContain('fault of waymark');
  if (code < 2) return;
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^(error|warning)\[[a-z-]+\] ./);
  expect(machine.render().startsWith(before)).toBe(true);
  expect(await machine.exists('out')).toBe(false);
}

// no input may make the program throw, hang, or leave without a word
describe('the whole command line', () => {
  it('takes anything as a network', async () => {
    await fc.assert(
      fc.asyncProperty(anything, command, (text, words) =>
        endsWell({ files: { 'net.yaml': text } }, [...words, '-n', 'net.yaml']),
      ),
      { numRuns: 200 },
    );
  });

  it('takes anything on standard input', async () => {
    await fc.assert(
      fc.asyncProperty(anything, command, (text, words) => endsWell({ stdin: text }, [...words, '-n', '-'])),
      { numRuns: 150 },
    );
  });

  it('takes a good network with one spoilt file', async () => {
    const names = Object.keys(office).filter((name) => /\.(facts|yaml)$/.test(name));
    const one = fc.constantFrom(...names).chain((name) => fc.tuple(fc.constant(name), spoilt(office[name]!)));
    await fc.assert(
      fc.asyncProperty(one, command, ([name, text], words) =>
        endsWell({ files: { ...office, [name]: text } }, [...words, '-n', folder]),
      ),
      { numRuns: 80 },
    );
  });

  it('takes anything that this machine may say of itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(wordy, spoilt(factsText)), command, (text, words) =>
        endsWell({ commands: { 'sh -s': text } }, words),
      ),
      { numRuns: 100 },
    );
  });

  it('takes any words', async () => {
    const word = fc.oneof(
      fc.constantFrom('explain', 'fix', 'check', 'draw', 'collect', 'help', '-n', '-', '--', '--json', '--port', '--proto', '-o', 'x.svg', '-v', '-h', 'laptop', '10.5.5.20', folder, '--network=', '-nx'),
      fc.string({ maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ); // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 7 }), async (words) => {
        const { stdout, stderr, code } = await runOn(fakeMachine({ files: office }), words);
        expect([0, 1, 2, 3]).toContain(code);
        expect(stderr).not.toContain('fault of waymark');
        if (code >= 2) expect(stdout).toBe('');
      }),
      { numRuns: 300 },
    );
  });
});
