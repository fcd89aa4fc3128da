import { run } from '@stricli/core';
import { linuxMachine } from '../../host/index.ts';
import { application } from './application.ts';
import { EXIT, type Cli } from './context.ts';

/** Runs one command line in the given world and gives its exit code. Usage errors are 2, whatever the library says. */
export async function runCli(cli: Cli, words: readonly string[]): Promise<number> {
  await run(application, words, cli);
  const code = Number(cli.process.exitCode ?? 0);
  return code < 0 || code > 4 ? EXIT.badInput : code;
}

/** The command line of this process. */
export async function main(): Promise<void> {
  const { stdout, stderr, env } = process;
  // a reader that goes away early (head) is no fault
  stdout.on('error', () => process.exit(EXIT.ok));
  const noColour = env.NO_COLOR !== undefined && env.NO_COLOR !== '';
  const world = { stdout, stderr, env, exitCode: null as number | string | null };
  const cli: Cli = {
    process: world,
    machine: linuxMachine(),
    width: stdout.isTTY ? Math.max(40, stdout.columns) : 80,
    colour: stdout.isTTY && !noColour && env.TERM !== 'dumb',
  };
  process.exitCode = await runCli(cli, process.argv.slice(2));
}
