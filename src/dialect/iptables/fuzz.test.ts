import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIptablesSave } from './index.ts';

const golden = readFileSync(new URL('golden/all-nft.save', import.meta.url), 'utf8');
const golden6 = readFileSync(new URL('golden/all6-nft.save', import.meta.url), 'utf8');
const words = [...new Set(`${golden} ${golden6} ! " ' \\ , : / - -- -m -j -g -A -I -p --to [ ]`.split(/\s+/))];

/** Milliseconds of processor time, which other work on the machine does not stretch. */
const took = (run: () => unknown): number => {
  const start = process.cpuUsage();
  run();
  return process.cpuUsage(start).user / 1000;
};

describe('parseIptablesSave with bad input', () => {
  it('never throws on lines of its own words', () => {
    const line = fc.array(fc.constantFrom(...words), { maxLength: 14 }).map((w) => w.join(' '));
    const text = fc.array(line, { maxLength: 12 }).map((lines) => `*nat\n${lines.join('\n')}`);
    const rules = line.map((l) => `*mangle\n:a - [0:0]\n-A a ${l}\n`);
    fc.assert(
      fc.property(fc.oneof(text, rules), fc.constantFrom(4 as const, 6 as const), (t, family) => {
        const { diagnostics } = parseIptablesSave(t, 'x', family);
        expect(diagnostics.length).toBeLessThanOrEqual(51);
      }),
      { numRuns: 3000 },
    );
  });

  it('never throws on a ruleset with a hole or with noise in it', () => {
    fc.assert(
      fc.property(fc.nat(golden.length), fc.nat(60), fc.string({ unit: 'binary', maxLength: 20 }), (at, cut, noise) => {
        parseIptablesSave(golden.slice(0, at) + noise + golden.slice(at + cut), 'x', 4);
      }),
      { numRuns: 300 },
    );
  });

  it('names prototype properties like any other unknown word', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const text = `*${name}\n*filter\n:${name} - [0:0]\n-A INPUT -p ${name} -m ${name} --${name} x -m tcp --${name} -j ${name}`;
      expect(parseIptablesSave(text, 'x', 4).value[0]!.chains.get('INPUT')!.rules).toHaveLength(1);
    }
  });

  it.each([
    ['lines of noise', 'x"y -A \\ z\n'.repeat(1_000_000)],
    ['one line', '-A INPUT '.repeat(1_200_000)],
    ['rules of noise', '-A INPUT -m nosuch --x "\\ -s 1.2.3 -j nosuch\n'.repeat(100_000)],
    [
      'chains one behind the other',
      Array.from({ length: 100_000 }, (_, i) => `:c${i} - [0:0]\n-A c${i} -j c${i + 1}\n`)
        .join('')
        .replace(/^/, '*filter\n'),
    ],
    ['rules put in front', '-I INPUT -j ACCEPT\n'.repeat(100_000)],
    ['rules put in second place', '-A INPUT\n-I INPUT 2 -j ACCEPT\n'.repeat(60_000)],
    [
      'lists of addresses',
      `-A INPUT -s ${'1.1.1.1,'.repeat(900)}1.1.1.1 -d ${'1.1.1.1,'.repeat(900)}1.1.1.1 -j ACCEPT\n`.repeat(40),
    ],
  ])('ends soon on %s', (_name, text) => {
    let diagnostics = -1;
    expect(took(() => (diagnostics = parseIptablesSave(text, 'x', 4).diagnostics.length))).toBeLessThan(5000);
    expect(diagnostics).toBeLessThanOrEqual(51);
  });

  it('sums up what it leaves out, as heavy as the heaviest', () => {
    const text = `${'noise\n'.repeat(60)}-A INPUT -s 1.2.3 -j DROP\n`;
    const { diagnostics } = parseIptablesSave(text, 'x', 4);
    expect(diagnostics).toHaveLength(51);
    expect(diagnostics.at(-1)).toMatchObject({
      severity: 'error',
      message: '11 more lines of x have faults like these',
    });
  });
});

describe('speed', () => {
  it('reads 5,000 rules well within 100 ms once warm', () => {
    const lines = golden.split('\n').filter((l) => l.startsWith('-A FORWARD'));
    const text = `*filter\n:second - [0:0]\n:first - [0:0]\n${Array.from({ length: 5000 }, (_, i) => lines[i % lines.length]).join('\n')}\nCOMMIT\n`;
    const times = Array.from({ length: 12 }, () => took(() => parseIptablesSave(text, 'x', 4)));
    expect(Math.min(...times)).toBeLessThan(100);
  });
});
