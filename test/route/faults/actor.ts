import { runCli } from '../../../src/app/cli/main.ts';
import { linuxMachine, type Machine } from '../../../src/host/index.ts';

/**
 * Waymark with a fault: `actor WORDS…`. FAULT says which: `kill-before N`, `kill-after N` (SIGKILL at the Nth call that
 * leaves this process), `jump-forward N`, `jump-back N` (the clock, ten years), `none`. The watchdog that it starts has none.
 */
const [kind = 'none', at = '0'] = (process.env.FAULT ?? 'none 0').split(' ');
delete process.env.FAULT;
const YEARS_MS = 10 * 365 * 86_400_000;
const real = linuxMachine();
let calls = 0;
let clockMs = 0;

const die = (): void => void process.kill(process.pid, 'SIGKILL');

/** Calls that act on something outside; waiting for the watchdog's word is none, which takes as many as it takes. */
const COUNTED: ReadonlySet<string> = new Set([
  'run',
  'readFile',
  'readBytes',
  'createFile',
  'replaceFile',
  'remove',
  'list',
  'exists',
  'startApart',
]);
const isWaiting = (name: string, [path]: readonly unknown[]): boolean =>
  name === 'exists' && String(path).endsWith('.armed');

const machine = new Proxy(real, {
  get(target, name: keyof Machine) {
    if (name === 'now') return () => new Date(target.now().getTime() + clockMs);
    const value: unknown = Reflect.get(target, name);
    if (typeof value !== 'function' || !COUNTED.has(name)) return value;
    return async (...args: readonly unknown[]): Promise<unknown> => {
      const isIt = !isWaiting(name, args) && ++calls === Number(at);
      if (isIt && kind === 'kill-before') die();
      if (isIt && kind === 'jump-forward') clockMs = YEARS_MS;
      if (isIt && kind === 'jump-back') clockMs = -YEARS_MS;
      const result: unknown = await (value as (...all: readonly unknown[]) => unknown).apply(target, [...args]);
      if (isIt && kind === 'kill-after') die();
      return result;
    };
  },
});
const streams = { stdout: process.stdout, stderr: process.stderr, env: process.env, exitCode: null };
const self = [process.execPath, process.argv[1]!];
const cli = { process: streams, machine, self, width: 80, colour: false, errorColour: false };
process.exitCode = await runCli(cli, process.argv.slice(2));
process.stderr.write(`calls ${calls}\n`);
