import { run } from '@stricli/core';
import { linuxMachine } from '../../host/index.ts';
import { application } from './application.ts';
import { EXIT, note, type Cli } from './context.ts';

/** Runs one command line in the given world and gives its exit code. Usage errors are 2, whatever the library says. */
export async function runCli(cli: Cli, words: readonly string[]): Promise<number> {
  const inputs = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
  await run(application, inputs, cli);
  const code = Number(cli.process.exitCode ?? EXIT.ok);
  // the library's own codes are negative
  if (code >= EXIT.ok && code <= EXIT.rolledBack) return code;
  note(cli, `  hint: ${helpFor(inputs)} says what there is`);
  return EXIT.badInput;
}

/** The help that is nearest to what was typed. */
function helpFor(words: readonly string[]): string {
  const path = ['waymark'];
  let target = application.root;
  for (const word of words) {
    const next = 'getRoutingTargetForInput' in target ? target.getRoutingTargetForInput(word) : undefined;
    if (!next) break;
    path.push(word);
    target = next;
  }
  return [...path, '--help'].join(' ');
}

/** The command line of this process. */
export async function main(): Promise<void> {
  const { stdout, stderr, env } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // a reader that goes away early (head) is no fault
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    stderr.write(`error: standard output cannot be written: ${error.message}\n`);
    process.exit(EXIT.badInput);
  });
  stderr.on('error', () => undefined);
  const mayColour = (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const world = { stdout, stderr, env, exitCode: null as number | string | null };
  const cli: Cli = {
    process: world,
    machine: linuxMachine(),
    self: [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)],
    width: stdout.isTTY ? Math.max(40, stdout.columns) : 80,
    colour: stdout.isTTY && mayColour,
    errorColour: stderr.isTTY && mayColour,
  };
  process.exitCode = await runCli(cli, process.argv.slice(2));
}
