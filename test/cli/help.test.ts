import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { application } from '../../src/app/cli/application.ts';
import { allCommands, describeCommands } from '../../src/app/cli/describe/command-doc.ts';
import { fakeMachine } from '../../src/host/index.ts';
import { wordsOf } from './script.ts';
import { exampleFiles, root, runIn, runOn } from './world.ts';

const commands = allCommands(await describeCommands(application))
  .map((c) => c.path.join(' '))
  .filter((path) => path !== '');

/** The command lines that a help text shows as examples. */
const examplesOf = (help: string): string[] =>
  [...help.matchAll(/^Examples?:\n((?: {2}.*\n)+)/gm)].flatMap((m) =>
    m[1]!
      .trim()
      .split('\n')
      .map((l) => l.trim()),
  );

const bundle = '# waymark facts 1\n=== uname -n\nbox\n=== end\n';

// help is what a tired person reads: it fits the terminal, and what it shows works
describe('help', () => {
  it('is printed by waymark alone, by help and by -h', async () => {
    const [alone, ...others] = await Promise.all([[], ['help'], ['-h'], ['--help']].map((w) => runIn({}, w)));
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    expect(alone!.stdout).toContain('waymark explain FROM TO');
    for (const other of others) expect(other).toEqual(alone);
    expect(await runIn({}, ['help', 'lab', 'up'])).toEqual(await runIn({}, ['lab', 'up', '--help']));
  });

  it.each(['', ...commands])('fits 80 columns and has an example: %s', async (command) => {
    const { stdout, stderr, code } = await runIn({}, [...wordsOf(command), '--help']);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout.split('\n').filter((l) => l.length > 80)).toEqual([]);
    expect(examplesOf(stdout).length, stdout).toBeGreaterThan(0);
    for (const line of examplesOf(stdout)) {
      expect(line.startsWith(`waymark ${command}`)).toBe(true);
      for (const file of wordsOf(line).filter((w) => w.startsWith('examples/')))
        expect(existsSync(join(root, file)), file).toBe(true);
    }
  });

  it.each(['', ...commands.filter((c) => !/^(lab|guard|completion|block|unblock|appeals|route [^wt]|undo)/.test(c))])(
    'shows an example that works: %s',
    async (command) => {
      const { stdout } = await runIn({}, [...wordsOf(command), '--help']);
      for (const line of examplesOf(stdout)) {
        const [, ...words] = wordsOf(line);
        const folders = words.flatMap((w) => /^examples\/([^/]+)\//.exec(w)?.[1] ?? []);
        const files: Record<string, string> = Object.assign({}, ...folders.map(exampleFiles));
        const outcome = await runOn(fakeMachine({ files, commands: { 'sh -s': bundle } }), words);
        expect([0, 1], `${line}\n${outcome.stderr}`).toContain(outcome.code);
        expect(outcome.stderr).not.toContain('error');
      }
    },
  );
});
