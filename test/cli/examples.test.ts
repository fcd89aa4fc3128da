import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { wordsOf } from './script.ts';
import { exampleFiles, exampleNames, root, runIn } from './world.ts';

/** The waymark commands in a document that read a file of the examples. */
const linesIn = (text: string): string[] =>
  [...text.matchAll(/^(?:\$ | {2,})?(waymark [a-z]+ .*-n examples\/.*)$/gm)].map((m) => m[1]!.replace(/ {2,}#.*$/, ''));

/** What an example is there to show. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  ipvs: ['warning[keepalived-ignores]', 'warning[keepalived-ignores]'],
};

const faultsIn = (stderr: string): string[] => [...stderr.matchAll(/^\w+\[[^\]]+\]/gm)].map((m) => m[0]);

// an example that no longer works is worse than none
describe('examples', () => {
  it.each(exampleNames())('%s: every question of its network file can be asked in every way', async (name) => {
    const files = exampleFiles(name);
    const network = `examples/${name}/network.yaml`;
    const checked = await runIn({ files }, ['check', '--json', '-n', network]);
    expect(faultsIn(checked.stderr)).toEqual(EXPECTED[name] ?? []);
    const { holds, expectations } = JSON.parse(checked.stdout) as {
      holds: boolean;
      expectations: { asked: { from: string; to: string }[] }[];
    };
    expect(checked.code).toBe(holds ? 0 : 1);
    const { from, to } = expectations[0]!.asked[0]!;
    for (const command of ['explain', 'fix', 'draw']) {
      const asked = await runIn({ files }, [command, from, to, '-n', `examples/${name}`]);
      expect(faultsIn(asked.stderr)).toEqual(EXPECTED[name] ?? []);
      expect([0, 1]).toContain(asked.code);
      expect(asked.stdout.length).toBeGreaterThan(40);
    }
  });

  it.each(exampleNames())('%s: the commands in its README run', async (name) => {
    const readme = readFileSync(join(root, 'examples', name, 'README.md'), 'utf8');
    const files = exampleFiles(name);
    for (const line of linesIn(readme)) {
      const { code, stderr } = await runIn({ files }, wordsOf(line).slice(1));
      expect([0, 1], `${line}\n${stderr}`).toContain(code);
    }
  });

  it("the README's translations are what is printed", async () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8');
    const blocks = [...text.matchAll(/^```\n(\$ waymark route translate [\s\S]*?)^```$/gm)].map((m) => m[1]!);
    const shown = blocks.flatMap((block) => block.split(/^\$ /m)).filter((part) => part !== '');
    expect(shown.length).toBeGreaterThan(2);
    for (const part of shown) {
      const [line = '', ...printed] = part.trimEnd().split('\n');
      const { stdout, code } = await runIn({}, wordsOf(line).slice(1));
      expect([0, 1], line).toContain(code);
      expect(stdout.trimEnd()).toBe(printed.join('\n'));
    }
  });
});
