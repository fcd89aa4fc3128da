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
/** Commands below others. */
const DEEPER: Readonly<Record<string, readonly string[]>> = {
  lab: ['up', 'exec', 'test', 'down'],
  route: [
    'why',
    'translate',
    'add',
    'replace',
    'del',
    'reject',
    'unreachable',
    'prohibit',
    'blackhole',
    'list',
    'confirm',
  ],
  guard: ['run', 'page', 'check', 'test', 'install', 'uninstall', 'status', 'metrics', 'clear'],
};

function helpFor([command, sub]: readonly string[]): string {
  const commands = [
    'explain',
    'fix',
    'check',
    'draw',
    'collect',
    'lab',
    'route',
    'undo',
    'block',
    'unblock',
    'blocked',
    'appeals',
    'guard',
  ];
  if (command === undefined || !commands.includes(command)) return 'waymark --help';
  const deeper = DEEPER[command]?.find((word) => word === sub);
  return `waymark ${command} ${deeper === undefined ? '' : `${deeper} `}--help`;
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
