import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeMachine } from '../../src/host/index.ts';
import { difference, parseScript, wordsOf } from './script.ts';
import { exampleFiles, runOn } from './world.ts';

const folder = join(import.meta.dirname, 'memory');

describe('the command line in memory', () => {
  it.each(readdirSync(folder))('%s', async (name) => {
    const script = parseScript(readFileSync(join(folder, name), 'utf8'));
    const examples: Record<string, string> = Object.assign({}, ...script.examples.map(exampleFiles));
    const machine = fakeMachine({
      files: { ...examples, ...script.files },
      commands: script.commands,
      stdin: script.stdin,
    });
    const wrong: string[] = [];
    for (const run of script.runs) {
      const [program, ...words] = wordsOf(run.command);
      expect(program).toBe('waymark');
      const outcome = await runOn(machine, words);
      const there = await Promise.all(run.there.map((path) => machine.exists(path)));
      const absent = await Promise.all(run.absent.map((path) => machine.exists(path)));
      const faults = [
        difference('stdout', run.stdout, outcome.stdout),
        difference('stderr', run.stderr, outcome.stderr),
        outcome.code === run.code ? null : `exit code is ${outcome.code}, not ${run.code}`,
        ...run.there.map((path, i) => (there[i] ? null : `${path} is not there`)),
        ...run.absent.map((path, i) => (absent[i] ? `${path} is there` : null)),
      ].filter((fault) => fault !== null);
      if (faults.length > 0) wrong.push(`${name}:${run.line}: ${run.command}\n${faults.join('\n')}`);
    }
    expect(wrong.join('\n\n')).toBe('');
  });
});
