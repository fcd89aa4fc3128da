import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { difference, parseScript } from './script.ts';
import { root } from './world.ts';

const folder = join(import.meta.dirname, 'process');
const work = mkdtempSync(join(tmpdir(), 'waymark-cli-'));

// a build of its own, so that nobody's build in between disturbs
beforeAll(() => {
  cpSync(join(root, 'bin'), join(work, 'bin'), { recursive: true });
  const built = spawnSync(join(root, 'node_modules/.bin/tsx'), [join(root, 'scripts/build.ts'), work], {
    encoding: 'utf8',
  });
  expect(built.stderr + String(built.status)).toBe('0');
});

afterAll(() => {
  rmSync(work, { recursive: true });
});

describe('the command line as a process', () => {
  it.each(readdirSync(folder))('%s', (name) => {
    const script = parseScript(readFileSync(join(folder, name), 'utf8'));
    const here = mkdtempSync(join(work, 'here-'));
    for (const example of script.examples)
      cpSync(join(root, 'examples', example), join(here, 'examples', example), { recursive: true });
    for (const [path, text] of Object.entries(script.files)) {
      mkdirSync(dirname(join(here, path)), { recursive: true });
      writeFileSync(join(here, path), text);
    }
    // what the machine has is replaced by what the script says
    mkdirSync(join(here, '.bin'));
    for (const [program, text] of Object.entries(script.commands)) {
      writeFileSync(join(here, '.bin', program), text);
      chmodSync(join(here, '.bin', program), 0o755);
    }
    const path = [join(here, '.bin'), join(work, 'bin'), process.env.PATH].join(delimiter);
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NO_COLOR'));
    const wrong: string[] = [];
    for (const run of script.runs) {
      const done = spawnSync('sh', ['-c', run.command], {
        cwd: here,
        input: script.stdin,
        encoding: 'utf8',
        env: { ...env, PATH: path, LC_ALL: 'C.UTF-8' },
        timeout: 60_000,
      });
      const faults = [
        difference('stdout', run.stdout, done.stdout),
        difference('stderr', run.stderr, done.stderr),
        done.status === run.code ? null : `exit code is ${done.status}, not ${run.code}`,
        ...run.there.map((p) => (existsSync(join(here, p)) ? null : `${p} is not there`)),
        ...run.absent.map((p) => (existsSync(join(here, p)) ? `${p} is there` : null)),
      ].filter((fault) => fault !== null);
      if (faults.length > 0) wrong.push(`${name}:${run.line}: ${run.command}\n${faults.join('\n')}`);
    }
    expect(wrong.join('\n\n')).toBe('');
  });
});
