import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { application } from '../../src/app/cli/application.ts';
import { allCommands, describeCommands } from '../../src/app/cli/describe/command-doc.ts';
import { manual } from '../../src/app/cli/describe/manual.ts';
import { isInstalled } from '../support/installed.ts';
import { root, runIn } from './world.ts';

const SHELLS = [
  { shell: 'bash', plain: [] },
  { shell: 'zsh', plain: ['-f'] },
  { shell: 'fish', plain: ['--no-config'] },
] as const;

const tree = await describeCommands(application);
const namesBelow = (...path: string[]): readonly string[] =>
  allCommands(tree)
    .find((c) => c.path.join(' ') === path.join(' '))!
    .commands.map((c) => c.path.at(-1)!);

/** What stands before the end of a line, and what is offered there: all of it. */
const OFFERED: Readonly<Record<string, readonly string[]>> = {
  'waymark ': namesBelow(),
  'waymark ro': ['route'],
  'waymark route ': namesBelow('route'),
  'waymark guard u': ['uninstall'],
  'waymark completion ': ['bash', 'zsh', 'fish'],
  'waymark explain --pr': ['--proto'],
  'waymark route list --': ['--all', '--help', '--json'],
  'waymark guard --set': ['--settings'],
  'waymark explain a b --proto ': ['icmp', 'tcp', 'udp'],
  'waymark draw --format=p': ['png'],
  'waymark guard test --format s': ['sshd', 'syslog'],
  'waymark route add 10.0.0.0/8 v': ['via'],
  'waymark route translate --to mac': ['mac', 'macos'],
  'waymark route translate --to linux,wireg': ['wireguard'],
  'waymark check -n m': ['my folder', 'my net.yaml'],
  'waymark check --network=my\\ n': ['my net.yaml'],
  'waymark guard test my\\ f': ['my folder'],
  'waymark fix --write ': ['my folder', 'office'],
  'waymark block --for ': [],
  'waymark explain -n office/network.yaml l': ['laptop', 'linux-server'],
  'waymark explain --network=office/network.yaml laptop ro': ['router'],
  'waymark route why 10.5.5.20 -n office/network.yaml --host v': ['vpn-server'],
  'waymark explain -n nowhere.yaml l': [],
  'waymark explain l': [],
};

/** A word as it stands in the end: without the flag and the words of a list before it, marks of folders, and quoting. */
const bare = (word: string): string =>
  word
    .replace(/^--[a-z]+=|^.*,/, '')
    .replace(/\/$/, '')
    .replaceAll('\\', '');

const work = mkdtempSync(join(tmpdir(), 'waymark-completion-'));

beforeAll(() => {
  const here = join(work, 'here');
  mkdirSync(join(here, 'my folder'), { recursive: true });
  writeFileSync(join(here, 'my net.yaml'), '');
  cpSync(join(root, 'examples/office'), join(here, 'office'), { recursive: true });
  mkdirSync(join(work, 'bin'));
  const program = join(work, 'bin/waymark');
  writeFileSync(program, `#!/bin/sh\nexec '${root}/node_modules/.bin/tsx' '${root}/src/app/cli/bin.ts' "$@"\n`);
  chmodSync(program, 0o755);
});

afterAll(() => {
  rmSync(work, { recursive: true });
});

/** What a real shell that loaded the script offers at the end of each line. */
async function ask(shell: string, plain: readonly string[]): Promise<Record<string, readonly string[]>> {
  const script = join(work, `script.${shell}`);
  writeFileSync(script, (await runIn({}, ['completion', shell])).stdout);
  const asking = join(import.meta.dirname, 'completion', `ask.${shell}`);
  const { stdout, stderr } = spawnSync(shell, [...plain, asking, script, ...Object.keys(OFFERED)], {
    cwd: join(work, 'here'),
    env: { ...process.env, PATH: `${join(work, 'bin')}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toBe('');
  const answers = stdout.split(/^> /m).slice(1);
  return Object.fromEntries(
    answers.map((answer) => {
      const [line = '', ...words] = answer.replace(/\n$/, '').split('\n');
      return [line, [...new Set(words.map(bare))].sort()];
    }),
  );
}

describe('completion', () => {
  for (const { shell, plain } of SHELLS)
    it.skipIf(!isInstalled(shell))(`of ${shell} offers what fits`, { timeout: 90_000 }, async () => {
      const expected = Object.entries(OFFERED).map(([line, words]) => [line, [...words].sort()]);
      expect(await ask(shell, plain)).toEqual(Object.fromEntries(expected));
    });

  it('knows every flag that help shows', async () => {
    for (const { path, flags } of allCommands(tree).filter((c) => c.commands.length === 0)) {
      const { stdout } = await runIn({}, [...path, '--help']);
      const shown = [...stdout.matchAll(/^ {2}(?:-\w|  ) +\[?(--[a-z-]+)\]? /gm)].map((m) => m[1]);
      expect(flags.map((f) => f.names.at(-1)).sort(), path.join(' ')).toEqual(shown.sort());
    }
  });
});

describe('the manual page', () => {
  const file = join(root, 'docs/waymark.1');

  it("is the one of these commands; 'npm run manual' writes it", async () => {
    expect(readFileSync(file, 'utf8')).toBe(await manual());
  });

  it.skipIf(!isInstalled('mandoc'))('is flawless to mandoc, and shows every flag', () => {
    expect(spawnSync('mandoc', ['-Tlint', '-Wall', file], { encoding: 'utf8' })).toMatchObject({
      stdout: '',
      status: 0,
    });
    const page = spawnSync('mandoc', ['-Tascii', '-Owidth=200', file], { encoding: 'utf8' }).stdout.replaceAll(
      /.\x08/g,
      '',
    );
    for (const { path, flags } of allCommands(tree).slice(1)) {
      expect(page).toContain(`\n   ${path.join(' ')}\n`);
      for (const flag of flags) expect(page).toContain(flag.names.join(', '));
    }
    expect(page).toContain("waymark route translate 'sudo route -n add -net 10.67.0.0/16 192.168.120.254'");
  });
});
