import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { runCli } from '../../src/app/cli/main.ts';
import { fakeMachine, type FakeSetup, type Machine } from '../../src/host/index.ts';

/** The root of the checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** What a command line left. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs a command line in this process on the machine. Rejects only when the program throws. */
export async function runOn(
  machine: Machine,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  self: readonly string[] = [],
): Promise<Outcome> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') => ({
    write: (text: string, taken?: () => void): void => {
      said[name] += text;
      taken?.();
    },
  });
  const world = { stdout: stream('stdout'), stderr: stream('stderr'), env, exitCode: null };
  const cli = { process: world, machine, self, width: 80, colour: false, errorColour: false };
  const code = await runCli(cli, words);
  return { ...said, code };
}

/** The same on a fake machine that starts like this. */
export const runIn = (setup: FakeSetup, words: readonly string[]): Promise<Outcome> => runOn(fakeMachine(setup), words);

/** The files of an example, by paths as from the root of the checkout. */
export function exampleFiles(name: string): Record<string, string> {
  const folder = join(root, 'examples', name);
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), readFileSync(path, 'utf8')];
    }),
  );
}

/** Names of the examples that have a network file. */
export const exampleNames = (): readonly string[] =>
  readdirSync(join(root, 'examples')).filter((name) =>
    readdirSync(join(root, 'examples', name)).includes('network.yaml'),
  );
